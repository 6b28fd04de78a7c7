"""The line that a wrong answer went wrong in is found, counted as the cell counts, and quoted."""
import difflib
import linecache
import random
import re
from inspect import getsource
from textwrap import dedent

import numpy as np
import pytest
from answers import right
from answers.cells import CELLS, Cell
from answers.crashes import CRASHES
from answers.rare import RARE
from answers.right import svm_in_loops
from answers.wrong import WRONG, Wrong, compiled, spoilt
from IPython.core.interactiveshell import InteractiveShell

from cs231n_lite.exercises import check, hint
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis import locate
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.diagnosis.nudges import NUDGES, WORDS
from cs231n_lite.exercises.diagnosis.ranking import COST
from cs231n_lite.exercises.diagnosis.source import source_of
from cs231n_lite.exercises.limits import memory_limit
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict

# A crash names its line by itself, and what exposes a wrong loss is data, which no line spoils.
IN_CELLS = [w for w in WRONG if getattr(w.answer, "__code__", None) and "crash" not in w.faults
            and not w.exercise.startswith("break_")]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))


def with_line(answer, exercise: str) -> Verdict:
    verdict = judge(answer, EXERCISES[exercise])
    return located(verdict, answer, EXERCISES[exercise].judge)


def sound(wrong: Wrong) -> list[str]:
    """The lines of the right answer that was spoilt."""
    return dedent(getsource(getattr(right, wrong.answer.__name__))).split("\n", 1)[1].splitlines()


def spoilt_lines(wrong: Wrong) -> set[int]:
    """The lines that were spoilt, and those beside a line that was left out or moved."""
    broken = [line.rstrip("\n") for line in linecache.cache[wrong.answer.__code__.co_filename][2]]
    changes = difflib.SequenceMatcher(None, sound(wrong), broken, autojunk=False).get_opcodes()
    return {line for tag, _, _, start, end in changes if tag != "equal"
            for line in range(start, end + 2)}


def is_named(cell: Cell) -> bool:
    return with_line(cell.answer, cell.exercise).line in cell.lines


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.exercise}: {cell.slip}")
def test_a_line_that_a_teacher_would_point_at_is_named(cell):
    assert is_named(cell)


@pytest.mark.parametrize("slip", ["a helper sums over the samples", "the wrong base"])
def test_so_it_is_in_helpers_and_where_two_things_change_at_once(slip):
    assert is_named(next(cell for cell in CELLS if cell.slip == slip))


@pytest.mark.parametrize("kind, step", [
    pytest.param("", 5, marks=pytest.mark.slow),
    pytest.param("", 1, marks=pytest.mark.everything),
    pytest.param("rare", 4, marks=pytest.mark.slow)])
def test_the_line_is_named_for_most_wrong_answers_and_is_the_spoilt_one(
        kind, step, record_property):
    chosen = (RARE if kind == "rare" else [w for w in IN_CELLS if kind in w.exercise])[::step]
    named = {w.name: (verdict.line, spoilt_lines(w)) for w in chosen
             if (verdict := with_line(w.answer, w.exercise)).line}
    missed = {name: found for name, found in named.items() if found[0] not in found[1]}
    record_property("ratio", f"line named for {len(named)} of {len(chosen)}, "
                             f"another one in {len(missed)}")
    assert len(named) > 0.7 * len(chosen) and len(missed) <= 0.05 * len(named), missed


def test_the_card_quotes_the_line_and_says_what_is_wrong_there():
    verdict = check(spoilt(svm_in_loops, ("dW[:, j] += X[i]", "dW[:, j] = X[i]")),
                    exercise="svm_loss_naive")
    assert verdict.line == 14
    assert verdict.message.endswith("\nLine 14, `dW[:, j] = X[i]`: here it is assigned, where it "
                                    "should add up over what is there already.")


@pytest.mark.slow
def test_two_slips_have_a_line_each():
    answer = spoilt(svm_in_loops, ("dW += 2 * reg", "dW += reg"),
                    ("loss += margin", "loss = margin"))
    verdict = with_line(answer, "svm_loss_naive")
    assert re.findall(r"Line (\d+)", verdict.message) == ["13", "19"] and verdict.line == 13


def card(exercise: str, slip: str) -> str:
    return with_line(next(cell for cell in CELLS if (cell.exercise, cell.slip) == (
        exercise, slip)).answer, exercise).message


@pytest.mark.parametrize("exercise, slip, says", [
    ("svm_loss_vectorized", "the count is not negated", "a sign is wrong here"),
    pytest.param("cross_entropy", "two names of one array", "still the array of somebody else",
                 marks=pytest.mark.slow),
    ("cross_entropy", "the logarithm of a probability that rounds to 0", "not finite."),
])
def test_of_changes_that_do_the_same_the_card_says_what_a_teacher_would(exercise, slip, says):
    assert says in card(exercise, slip).splitlines()[-1]


def test_of_a_crash_no_line_is_called_wrong_whose_change_hides_it():
    crash = next(crash for crash in CRASHES if crash.line == "dW += X[i].T.dot(p)")
    verdict = with_line(crash.answer, crash.exercise)
    assert verdict.line == 7 and "\n" not in verdict.message


def test_one_answer_gets_one_card():
    answer = spoilt(svm_in_loops, ("margin > 0", "margin < 0"))
    assert with_line(answer, "svm_loss_naive") == with_line(answer, "svm_loss_naive")


@pytest.mark.parametrize("wrong", IN_CELLS[:200:90], ids=lambda wrong: wrong.name)
def test_neither_card_nor_nudge_gives_the_line_as_it_should_be(wrong):
    verdict = with_line(wrong.answer, wrong.exercise)
    said = f"{verdict.message} {verdict.nudge}".replace(" ", "")
    source = "".join(linecache.cache[wrong.answer.__code__.co_filename][2]).replace(" ", "")
    lost = [line for line in map(str.strip, sound(wrong)) if line.replace(" ", "") not in source]
    assert not [line for line in lost if line.replace(" ", "") in said]


def test_every_kind_of_change_has_its_words_and_its_place_in_the_order():
    assert WORDS.keys() == NUDGES.keys() == COST.keys() | {"only line", "not finite"}


# ---- which functions are varied


def from_source(text: str, **names):
    return compiled(dedent(text), "f", {"np": np} | names)


HELPER = compiled("def helper(x):\n    return np.exp(x)\n", "helper", {"np": np})
WRITES = compiled("def helper(x):\n    np.save('x', x)\n    return x\n", "helper", {"np": np})


@pytest.mark.parametrize("text, names", [
    ("def f(x):\n    return np.sum(x) + len(x)\n", {}),
    ("def f(x):\n    return [abs(v) for v in helper(x)]\n", {"helper": HELPER}),
    ("def f(x, axis=1):\n    def g(v):\n        return v + x\n    return g(1)\n", {}),
    ("def f(x):\n    import math\n    return math.log(x)\n", {}),
])
def test_what_stays_inside_is_varied(text, names):
    assert source_of(from_source(text, **names))


@pytest.mark.parametrize("text, names", [
    ("def f(x):\n    return open(x)\n", {}),
    ("def f(x):\n    return eval(x)\n", {}),
    ("def f(x):\n    return np.load(x)\n", {}),
    ("def f(x):\n    return x.tofile('x')\n", {}),
    ("def f(x):\n    try:\n        return x\n    except:\n        return 0\n", {}),
    ("def f(x):\n    for _ in x:\n        try:\n            return x\n"
     "        finally:\n            continue\n", {}),
    ("def f(x):\n    return x.ctypes.data\n", {}),
    ("def f(x):\n    return np.fromregex(x, 'x', float)\n", {}),
    ("def f(x):\n    return np.sctypeDict.clear()\n", {}),
    ("def f(x):\n    return np.typecodes.clear()\n", {}),
    ("def f(x):\n    return np.ma.masked.fill(x)\n", {}),
    ("def f(x):\n    return np.random.set_bit_generator(x)\n", {}),
    ("def f(x):\n    return np.polynomial.set_default_printstyle(x)\n", {}),
    ("def f(x):\n    return x.__class__\n", {}),
    ("def f(x):\n    import os\n    return os.name\n", {}),
    ("def f(x):\n    global y\n    y = x\n", {}),
    ("def f(x):\n    f.n = 1\n    return x\n", {}),
    ("def f(x):\n    return x + X_dev\n", {"X_dev": np.ones(3)}),
    ("def f(x):\n    kept.append(x)\n    return x\n", {"kept": []}),
    ("def f(x, kept=[]):\n    return x\n", {}),
    ("def f(x):\n    return helper(x)\n", {"helper": WRITES}),
    ("def f(x):\n    return unknown(x)\n", {}),
    ("def f(x):\n    return sum(x)\n", {"sum": random.random}),
    ("def f(x):\n    return np.random.default_rng(x)\n", {"np": random}),
])
def test_what_reaches_outside_is_left_alone(text, names):
    assert source_of(from_source(text, **names)) is None


def test_what_has_no_source_or_another_one_by_now_is_left_alone():
    space: dict = {}
    exec("def f(x):\n    return x\n", space)
    changed = from_source("def f(x):\n    return x + 1\n")
    file = changed.__code__.co_filename
    linecache.cache[file] = (1, None, ["def f(x):\n", "    return x + 2\n"], file)
    for function in (space["f"], changed, np.sum, len, lambda x: x, print.__call__, 3.0):
        assert source_of(function) is None


# ---- what is seen of it


def test_nothing_of_the_search_is_seen_outside(capsys):
    file = "def f(W, X, y, reg):\n    print('hello')\n    s = np.random.rand()\n" \
           "    return s + np.sum(W), 0 * W\n"
    answer, seen = from_source(file), np.random.get_state()[1].copy()  # noqa: NPY002
    verdict = judge(answer, EXERCISES["svm_loss_naive"])
    capsys.readouterr()
    before, names = np.random.get_state()[1].copy(), dict(answer.__globals__)  # noqa: NPY002
    located(verdict, answer, EXERCISES["svm_loss_naive"].judge)
    assert capsys.readouterr() == ("", "") and answer.__globals__ == names
    assert np.array_equal(np.random.get_state()[1], before) and seen is not before  # noqa: NPY002


def test_a_while_loop_that_a_change_makes_endless_is_left():
    answer = from_source("""
        def f(W, X):
            labels, i = np.zeros(len(X)), 0
            while i < len(X):
                labels[i] = np.argmin(X[i] @ W)
                i += 1
            return labels
        """)
    assert with_line(answer, "predict").line == 5


def test_a_missing_return_is_seen_at_the_last_line():
    answer = from_source("def f(W, X):\n    scores = X @ W\n    best = scores.argmax(axis=1)\n")
    assert with_line(answer, "predict").line == 3


def test_a_list_that_a_change_puts_into_itself_is_not_looked_at_for_ever():
    answer = from_source("""
        def f(W, X):
            labels = []
            for x in X:
                label = 0
                labels.append(label)
            return labels
        """)
    assert with_line(answer, "predict").line is None


def test_a_search_that_takes_too_long_gives_a_card_without_a_line(monkeypatch):
    monkeypatch.setattr(locate, "BRAKE", 0.2)
    answer = from_source("""
        def f(W, X):
            for i in range(10**15):
                pass
            return np.argmin(X @ W, axis=1)
        """)
    wrong = Verdict("predict", "wrong", (), "It is wrong.")
    assert located(wrong, answer, EXERCISES["predict"].judge) == wrong


@pytest.mark.parametrize("line", [
    "x = np.ones(2**38)", "x = [0] * 10**12",
    "return f(W, X)", "X[:] = np.inf", "np.random.shuffle(X)", "print('x' * 10**6)"])
def test_whatever_a_variant_does_ends_and_leaves_no_trace(monkeypatch, capsys, line):
    monkeypatch.setattr(locate, "BRAKE", 0.3)
    answer = from_source(f"def f(W, X):\n    {line}\n    return np.argmin(X @ W, axis=0)\n")
    wrong = Verdict("predict", "wrong", (), "It is wrong.")
    before, names = np.random.get_state()[1].copy(), dict(answer.__globals__)  # noqa: NPY002
    assert located(wrong, answer, EXERCISES["predict"].judge).status == "wrong"
    assert capsys.readouterr() == ("", "") and answer.__globals__ == names
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert judge(right.predict_by_argmax, EXERCISES["predict"]).status == "correct"


def test_memory_is_limited():
    with memory_limit(2**26), pytest.raises(MemoryError):
        np.ones(2**28)
    assert np.ones(2**24).all()


# ---- cells and hints


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("empty", [0, 3])
def test_a_line_has_the_number_that_the_cell_shows(shell, empty):
    cell = "\n" * empty + """# one
def predict(W, X):
    scores = X @ W
    return scores.argmax(axis=0)"""
    shell.run_cell(cell, store_history=True)
    verdict = check(shell.user_ns["predict"])
    assert verdict.line == empty + 4 and f"Line {empty + 4}, `return" in verdict.message
    shell.run_cell(cell.replace("axis=0", "axs=1"), store_history=True)
    verdict = check(shell.user_ns["predict"])
    assert verdict.line == empty + 4 and f"stops at line {empty + 4}, `return" in verdict.message


def test_the_line_of_a_crash_is_the_one_that_failed_beside_the_one_that_it_comes_from():
    verdict = check(spoilt(right.svm_with_masks, ("np.sum(binary, axis=1)",
                                                  "np.sum(binary, axis=0)")),
                    exercise="svm_loss_vectorized")
    assert verdict.line == 11 and "\nLine 10, `row_sum = " in verdict.message


def test_the_first_hint_after_a_wrong_check_is_the_nudge_for_its_line():
    def right_hint() -> str:
        return hint("predict").markdown

    first = right_hint()
    check(spoilt(right.predict_by_argmax, ("axis=1", "axis=0")), exercise="predict")
    assert right_hint().startswith("**A nudge.** Look at line 3, `y_pred = np.argmax(")
    assert first.startswith("**Hint 1 of 2") and right_hint().startswith("**Hint 2 of 2")


def test_a_right_answer_leaves_no_nudge():
    check(spoilt(right.predict_by_argmax, ("axis=1", "axis=0")), exercise="predict")
    check(right.predict_by_argmax, exercise="predict")
    assert hint("predict").markdown.startswith("**Hint 1 of 2")
