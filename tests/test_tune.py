"""The search tries every point and chooses on the validation data alone, wherever it runs."""
import os
import pickle
import signal
from pathlib import Path

import distributed
import joblib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.engine.grid import Kin
from cs231n_lite.engine.mapped import Mapped, received, to_send
from cs231n_lite.tune import accuracy, search


class Constant:
    """Predicts one label, whatever it was trained on."""

    def __init__(self, label):
        self.label, self.trained_on = label, None

    def fit(self, X, y):
        self.trained_on = X

    def predict(self, X):
        return np.full(len(X), self.label)


X_train, y_train = np.zeros((4, 1)), np.array([0, 0, 0, 1])
X_val, y_val = np.ones((5, 1)), np.array([1, 1, 1, 0, 2])


def run():
    return search(lambda rate, reg: Constant(int(rate)), X_train, y_train, X_val, y_val, [0, 1],
                  [0.5, 0.7])


def test_results_hold_both_accuracies_of_every_point():
    assert run()[0] == {(0, 0.5): (0.75, 0.2), (0, 0.7): (0.75, 0.2),
                        (1, 0.5): (0.25, 0.6), (1, 0.7): (0.25, 0.6)}


def test_the_best_is_the_best_on_the_validation_data_and_the_first_of_equals():
    _, best_val, best = run()
    assert best_val == 0.6 and best.label == 1
    assert best.trained_on is X_train


@pytest.mark.parametrize("rates, n_jobs", [
    ([0.01, 1e6], 1),
    ([1e6, 0.01], 1),
    pytest.param([0.01, 1e6], 2, marks=pytest.mark.slow),
    pytest.param([1e6, 0.01], 2, marks=pytest.mark.slow),
])
def test_a_point_that_diverges_is_a_warning_and_the_others_are_kept(rates, n_jobs):
    X, y = blobs()
    warns = pytest.warns(RuntimeWarning, match="diverged at learning_rate=1e.06, reg=1;")
    with joblib.parallel_config(n_jobs=n_jobs), warns as told:
        results, best_val, best = search(softmax, X[:200], y[:200], X[200:], y[200:], rates, [1.0])
    assert [one.category for one in told].count(RuntimeWarning) == 1  # joblib has others
    assert results[1e6, 1.0] == (0.0, 0.0) and results[0.01, 1.0][1] == best_val > 0.4
    assert best.learning_rate == 0.01


def test_a_search_that_diverges_everywhere_is_an_error_that_names_the_lowest_rate():
    X, y = blobs()
    error = pytest.raises(FloatingPointError, match="all points, down to learning_rate=1e.06")
    with pytest.warns(RuntimeWarning), error:
        search(softmax, X, y, X, y, [1e9, 1e6], [1.0])


def test_each_classifier_is_made_just_before_it_is_trained():
    one = Constant(0)

    def make(rate, reg):
        one.label = int(rate)
        return one

    assert search(make, X_train, y_train, X_val, y_val, [0, 1], [0.5])[0] == {
        (0, 0.5): (0.75, 0.2), (1, 0.5): (0.25, 0.6)}
    model, (X, y) = Softmax(num_iters=50), blobs()
    results = [search(lambda rate, reg, model=model: model.set_params(learning_rate=rate, reg=reg),
                      X, y, X, y, rates, [1e-3])[0] for rates in ([1e-6], [1e-6, 0.1])]
    assert results[1].items() >= results[0].items()


@pytest.mark.parametrize("loss", [losses.squared_hinge_loss, losses.svm_loss_naive])
def test_a_point_that_diverges_is_a_warning_with_each_loss_of_the_package(loss):
    X, y = blobs()

    def make(rate, reg):
        return LinearSVM(loss, learning_rate=rate, reg=reg, num_iters=20, batch_size=20)

    with pytest.warns(RuntimeWarning, match="diverged at learning_rate=1e.30"):
        results, _, best = search(make, X, y, X, y, [0.01, 1e30], [1.0])
    assert results[1e30, 1.0] == (0.0, 0.0) and best.learning_rate == 0.01


def test_a_loss_of_one_s_own_runs_as_written_and_a_point_that_diverges_raises():
    X, y = blobs()

    def mine(W, X, y, reg):
        return losses.softmax_loss_vectorized(W, X, y, reg)

    def make(rate, reg):
        return Softmax(mine, learning_rate=rate, reg=reg)

    results, best_val, _ = search(make, X, y, X, y, [0.01], [1.0])
    assert best_val == results[0.01, 1.0][1] and type(best_val) is float
    with pytest.raises(FloatingPointError, match="diverged at learning_rate=1e.06"):
        search(make, X, y, X, y, [1e6], [1.0])


@pytest.mark.parametrize("rates, regs", [([], [1.0]), ([0.1], []), ([], [])])
def test_an_empty_grid_is_refused_in_a_sentence(rates, regs):
    with pytest.raises(ValueError, match="the grid is empty; expected at least one"):
        search(softmax, X_train, y_train, X_val, y_val, rates, regs)


ONE_HOT = np.eye(3, dtype=int)[y_val]
SHAPES = [(y_val[:, None], r"y.* has shape \(5, 1\) for 5 samples; expected \(5,\).*\.ravel\(\)"),
          (ONE_HOT, r"y.* has shape \(5, 3\) for 5 .*argmax\(axis=1\)"),
          (y_val[:1], r"y.* has shape \(1,\) for 5 samples"),
          (y_val[:4], r"y.* has shape \(4,\) for 5 samples"),
          (np.array(1), r"y.* has shape \(\) for 5 samples")]


@pytest.mark.parametrize("labels, message", SHAPES)
def test_labels_of_another_shape_are_refused_where_comparing_them_would_broadcast(labels, message):
    with pytest.raises(ValueError, match=message.replace("y.*", "^y")):
        accuracy(Constant(1), X_val, labels)
    for place, name in ((1, "y_train"), (3, "y_val")):
        arguments = [X_val, y_val, X_val, y_val]
        arguments[place] = labels
        with pytest.raises(ValueError, match=message.replace("y.*", f"^{name}")):
            search(lambda rate, reg: Constant(1), *arguments, [1], [1])


def test_an_accuracy_may_be_taken_of_labels_in_a_list():
    assert accuracy(Constant(1), X_val, y_val.tolist()) == 0.6


# --------------------------------------------------------------- on several processes


def blobs():
    """Rows of three overlapping classes, each ending in a 1."""
    rng = np.random.default_rng(3)
    y = rng.integers(3, size=300)
    return np.column_stack([np.eye(3)[y] + rng.normal(size=(300, 3)), np.ones(300)]), y


def searched(make):
    X, y = blobs()
    return search(make, X[:200], y[:200], X[200:], y[200:], [0.01, 0.1], [0.0, 0.1, 1.0])


def softmax(learning_rate, reg):
    return Softmax(learning_rate=learning_rate, reg=reg)


def assert_same(searched, expected):
    """The same accuracies, and the same best classifier, to rounding: matrices differ in width."""
    assert searched[:2] == expected[:2]
    assert_allclose(searched[2].W, expected[2].W, rtol=0, atol=1e-12)


@pytest.mark.slow
def test_two_processes_find_what_one_finds():
    with joblib.parallel_config(n_jobs=2):
        nameless = searched(lambda *point: softmax(*point))  # noqa: PLW0108  # hard to pickle
        assert_same(nameless, searched(softmax))


def mapped(folder, mode="r"):
    """The rows of `blobs` behind a header of a file, and mapped from there."""
    np.save(folder / "X.npy", blobs()[0])
    return np.load(folder / "X.npy", mmap_mode=mode)


@pytest.mark.parametrize("rows", [slice(None), slice(200, None), slice(3, 7)])
def test_rows_of_a_mapped_file_are_sent_as_a_path(tmp_path, rows):
    X = mapped(tmp_path)[rows]
    sent = pickle.dumps(to_send(X))
    assert len(sent) < 500
    assert_array_equal(received(pickle.loads(sent)), X)


@pytest.mark.parametrize("of_file", [
    lambda folder: mapped(folder, mode="c"), lambda folder: mapped(folder, mode="r+"),
    lambda folder: mapped(folder)[::2], lambda folder: mapped(folder).T,
    lambda folder: mapped(folder)[:0], lambda folder: np.array(mapped(folder)),
    lambda folder: [1, 2], lambda folder: unlinked(mapped(folder), folder),
])
def test_what_a_path_does_not_stand_for_is_sent_as_it_is(tmp_path, of_file):
    X = of_file(tmp_path)
    assert to_send(X) is X


def unlinked(X, folder):
    (folder / "X.npy").unlink()
    return X


@pytest.mark.slow
@pytest.mark.parametrize("n_jobs, elsewhere", [(1, Path.unlink), (1, Path.touch), (2, Path.touch)])
def test_a_worker_that_does_not_see_the_file_gets_the_rows(n_jobs, elsewhere, tmp_path,
                                                           monkeypatch):
    y, X = blobs()[1], mapped(tmp_path)

    def changed(array):
        sent = to_send(array)
        if isinstance(sent, Mapped) and sent.path.exists():
            elsewhere(sent.path)
        return sent

    monkeypatch.setattr("cs231n_lite.engine.search.to_send", changed)
    with joblib.parallel_config(n_jobs=n_jobs):
        found = search(softmax, X[:200], y[:200], X[200:], y[200:], [0.01, 0.1], [0.0, 0.1, 1.0])
    assert_same(found, searched(softmax))


def test_a_worker_sends_the_best_of_its_classifiers_alone():
    X, y = blobs()
    models = [softmax(rate, 1.0) for rate in (1e-9, 0.1, 0.1)]
    kin = Kin(models, X, y, X, y)
    pairs, best = kin.trial([0, 1, 2])(*kin.data)
    assert best.place == 1 and len(pairs) == 3 and pairs[0][1] < pairs[1][1] == pairs[2][1]


@pytest.mark.parametrize("n_jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_best_of_equals_is_the_first_on_any_number_of_workers(n_jobs):
    X, y = blobs()
    rates = [0.1 * (1 + 1e-9 * step) for step in range(5)]
    with joblib.parallel_config(n_jobs=n_jobs):
        _, _, best = search(softmax, X, y, X, y, [1e-9, *rates], [1.0])
    assert best.learning_rate == rates[0]


@pytest.mark.slow
def test_a_dask_cluster_finds_the_same_though_a_worker_is_killed(tmp_path):
    mark = tmp_path / "killed"

    class Deadly(Softmax):
        """Takes its worker down at its first training: classifiers are made here, trained there."""

        def fit(self, X, y):
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().fit(X, y)

    def make(learning_rate, reg):
        kind = Deadly if (learning_rate, reg) == (0.01, 1.0) else Softmax
        return kind(learning_rate=learning_rate, reg=reg)

    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                                       dashboard_address=None, local_directory=str(tmp_path))
    with cluster, distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        found = searched(make)
    assert mark.exists()
    assert_same(found, searched(softmax))
