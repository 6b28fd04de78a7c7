"""A function that never ends, floods the screen or leaves the program harms nobody's check."""
import io
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout

import matplotlib.pyplot as plt
import numpy as np
import pytest
from notebook_runs import ROOT, clean_environment

from cs231n_lite.exercises import check, use
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.judges.problems import FIXED
from cs231n_lite.exercises.judges.search import StandIn, grid_of
from cs231n_lite.exercises.judges.sgd import Spy
from cs231n_lite.exercises.limits import SIGNAL, Beginning, Endless, output_limit, time_limit
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict

SHORT = 0.2
SOFTMAX = EXERCISES["softmax"]


def endless(scores):
    while True:
        scores = scores + 1


def swallowing_exceptions(scores):
    while True:
        try:  # noqa: SIM105  as a student writes it
            scores = scores + 1
        except Exception:
            pass


def swallowing_everything(scores):
    while True:
        try:  # noqa: SIM105  as a student writes it
            scores = scores + 1
        except:  # noqa: E722  as a student writes it
            pass


class EndlessObject:
    __call__ = staticmethod(endless)


@pytest.mark.parametrize("function", [endless, swallowing_exceptions, swallowing_everything])
def test_an_endless_loop_ends_with_a_verdict_that_shows_its_line(function):
    verdict = judge(function, SOFTMAX, seconds=SHORT)
    assert (verdict.status, verdict.faults) == ("wrong", ("endless",))
    assert "stopped after 0.2 seconds" in verdict.message
    assert "`while True:`" in verdict.message or "`scores = scores + 1`" in verdict.message


def test_an_endless_training_loop_ends_too_wherever_it_spends_its_time():
    def sgd(loss, W, X, y, *settings):
        while True:
            loss(W, X, y, 0.0)

    assert judge(sgd, EXERCISES["sgd"], seconds=SHORT).faults == ("endless",)


def test_an_object_of_which_no_line_is_known_gets_its_verdict_too():
    assert judge(EndlessObject(), SOFTMAX, seconds=SHORT).faults == ("endless",)


def test_waiting_uses_up_nothing():
    with time_limit(SHORT):
        time.sleep(2 * SHORT)


def test_but_a_function_that_waits_for_ever_is_stopped_at_last(monkeypatch):
    entered, clock = threading.Event(), time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 1000 * entered.is_set())

    def waiting(scores):
        entered.set()
        while True:
            time.sleep(0.01)

    verdict = judge(waiting, SOFTMAX)
    assert verdict.faults == ("endless",) and "stopped after 600 seconds (at `" in verdict.message


@pytest.fixture
def handler() -> Iterator[Callable]:
    """What somebody else does at the signal that stops a function."""

    def handler(*_: object) -> None:
        raise AssertionError("the signal reached somebody else")

    before = signal.signal(SIGNAL, handler)
    yield handler
    signal.signal(SIGNAL, before)


@pytest.mark.slow
def test_once_it_is_over_the_limit_interrupts_nothing_and_the_signal_is_as_it_was(handler):
    with pytest.raises(Endless), time_limit(SHORT):
        endless(np.zeros(3))
    end = time.process_time() + 2 * SHORT
    while time.process_time() < end:
        pass
    assert signal.getsignal(SIGNAL) is handler
    assert not [thread for thread in threading.enumerate() if "interrupt_after" in thread.name]


def test_interrupting_a_check_stops_it_as_it_stops_anything_else(handler):
    def interrupted(scores):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(interrupted, exercise="softmax")
    assert signal.getsignal(SIGNAL) is handler


def test_in_another_thread_a_check_works_without_a_limit():
    verdicts: list[Verdict] = []
    thread = threading.Thread(target=lambda: verdicts.append(judge(SOFTMAX.answer, SOFTMAX)))
    thread.start()
    thread.join()
    assert verdicts[0].status == "correct"


def test_a_function_that_leaves_the_program_gets_a_verdict():
    def leaving(scores):
        sys.exit(1)

    verdict = judge(leaving, SOFTMAX)
    assert verdict.faults == ("exit",) and "`sys.exit(1)`" in verdict.message


# ---- output


def talking(scores):
    for i in range(1000):
        print("sample", i)
    return SOFTMAX.answer(scores)


def test_of_a_flood_of_output_only_the_beginning_is_shown_before_the_verdict(capsys):
    assert check(talking, exercise="softmax").status == "correct"
    screen = capsys.readouterr().out
    assert screen.startswith("sample 0\nsample 1\n") and len(screen) < 2000
    assert screen.count("More was printed") == 1
    assert screen.index("More was printed") < screen.index("✓ softmax: correct.")


def test_a_few_words_are_shown_as_they_are(capsys):
    def reticent(scores):
        print(len(scores), file=sys.stderr)
        return SOFTMAX.answer(scores)

    assert check(reticent, exercise="softmax").status == "correct"
    screen = capsys.readouterr()
    assert screen.err.splitlines()[0].isdigit() and "More" not in screen.out + screen.err


def test_use_shows_nothing_of_it(capsys):
    use(talking, exercise="softmax")
    assert capsys.readouterr().out == "softmax: yours\n"


def test_figures_that_a_function_opens_are_closed_and_others_stay():
    before = [*plt.get_fignums(), plt.figure().number]
    with output_limit():
        plt.figure()
        plt.plot([1, 2])
    assert plt.get_fignums() == before
    plt.close(before[-1])


UNDER_IPYTHON = """
from IPython.display import display
from cs231n_lite.exercises import check
def predict(W, X):
    display("a picture")
    return (X @ W).argmax(axis=1)
display("before"); verdict = check(predict); display(verdict.status)
"""


def test_under_ipython_nothing_is_displayed_from_inside_a_check(tmp_path):
    command = [sys.executable, "-m", "IPython", "--no-banner", "-c", UNDER_IPYTHON]
    environment = clean_environment(tmp_path, PYTHONPATH=str(ROOT))
    run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert run.stdout.split() == ["'before'", "'correct'"], run.stderr


def test_a_screen_that_cannot_show_a_tick_is_no_reason_to_fail():
    screen = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    with redirect_stdout(screen):
        check(SOFTMAX.answer)
    screen.flush()
    assert screen.buffer.getvalue().startswith(b"? softmax: correct.")


def test_the_beginning_counts_characters_over_all_writes():
    screen = io.StringIO()
    beginning = Beginning(screen, 3)
    assert [beginning.write(text) for text in ("ab", "", "cd", "ef")] == [2, 0, 2, 2]
    assert screen.getvalue().startswith("abc\n(More") and screen.getvalue().count("More") == 1


def test_the_stand_ins_of_a_judge_take_no_more_than_an_answer_could_want():
    grid, spy, big = grid_of(FIXED), Spy(), np.ones((70_000, 1), np.uint8)
    model = StandIn(grid, grid.best)
    model.is_trained = True
    with pytest.raises(ValueError, match="expected rows"):
        model.predict(big)
    with pytest.raises(ValueError, match=r"y has shape \(3, 1\) for 3 samples"):
        model.score(np.ones((3, 1)), np.ones((3, 1)))  # as many comparisons as the square of these
    for arguments in ((big, spy.X, spy.y), (spy.W, big, spy.y), (spy.W, spy.X, big)):
        with pytest.raises(ValueError, match="far more than there is"):
            spy(*arguments, 0.1)
    assert spy.calls == []
