"""Small products run on one thread, and whoever calls keeps the setting that was there before."""
import threading
from textwrap import dedent

import nbformat
import numpy as np
import pytest
from notebook_runs import clean_environment, execute
from threadpoolctl import threadpool_info, threadpool_limits

from cs231n_lite.classifiers import Softmax
from cs231n_lite.engine.threads import VARIABLES, calm_notebook, one_thread
from cs231n_lite.losses import softmax_loss_vectorized


def threads():
    """How many threads each BLAS library may use."""
    return {library["num_threads"] for library in threadpool_info()
            if library["user_api"] == "blas"}


def set_elsewhere(number):
    """In a thread of its own, since the thread that has set it keeps all others from doing so."""
    thread = threading.Thread(target=threadpool_limits, args=[number, "blas"])
    thread.start()
    thread.join()


@pytest.fixture(autouse=True)
def _two_threads():
    before = max(threads())
    set_elsewhere(2)
    yield
    set_elsewhere(before)


def test_a_training_has_one_thread_and_gives_the_caller_s_setting_back():
    seen = set()

    def loss(W, X, y, reg):
        seen.update(threads())
        return softmax_loss_vectorized(W, X, y, reg)

    X, y = np.random.default_rng(1).normal(size=(50, 4)), np.arange(50) % 3
    Softmax(loss, num_iters=3).fit(X, y).predict(X)
    assert seen == {1} and threads() == {2}


def test_the_setting_comes_back_after_an_error():
    with pytest.raises(KeyboardInterrupt), one_thread():
        raise KeyboardInterrupt
    assert threads() == {2}


def test_trainings_that_overlap_give_back_what_the_first_of_them_found():
    entered, leave = threading.Event(), threading.Event()

    def first():
        with one_thread():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    with one_thread():
        assert threads() == {1}
        leave.set()
        thread.join()
        assert threads() == {2}
    assert threads() == {2}


def test_outside_a_notebook_s_kernel_nothing_is_changed():
    calm_notebook()
    assert threads() == {2}


LOOK = dedent("""\
    import numpy
    {before}
    import cs231n_lite.exercises
    {after}
    from threadpoolctl import threadpool_info
    [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"][0]
""")
NOBODY_SET = dict.fromkeys(VARIABLES, "")
LIMIT = "from threadpoolctl import threadpool_limits; threadpool_limits({}, user_api='blas')"


def in_kernel(tmp_path, before="", after="", **settings):
    cell = nbformat.v4.new_code_cell(LOOK.format(before=before, after=after))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execute(notebook, tmp_path, clean_environment(tmp_path, **NOBODY_SET | settings))
    return int(cell.outputs[0].data["text/plain"])


def test_a_notebook_s_kernel_has_one_thread_once_the_classroom_is_imported(tmp_path):
    assert in_kernel(tmp_path) == 1


@pytest.mark.slow
@pytest.mark.parametrize("variable", VARIABLES[:2])
def test_a_variable_that_the_user_has_set_wins(tmp_path, variable):
    assert in_kernel(tmp_path, **{variable: "2"}) == 2


@pytest.mark.slow
def test_a_limit_that_the_user_sets_wins(tmp_path):
    assert in_kernel(tmp_path, after=LIMIT.format(2)) == 2
    assert in_kernel(tmp_path, before="import os; os.sched_getaffinity = lambda _: range(8)\n"
                                      + LIMIT.format(2)) == 2
