"""A grid trained as one matrix ends where its points end that are trained one after the other."""
import sys
import warnings
from copy import deepcopy
from functools import partial
from itertools import chain, product
from subprocess import run

import joblib
import numpy as np
import pytest

from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.engine import matrix, search
from cs231n_lite.engine.grid import Kin, kinship
from cs231n_lite.optim import mirrored, momentum_sgd
from cs231n_lite.tune import search as searched

RATES, REGS = [0.003, 0.01, 0.1], [0.0, 0.1, 1.0]


def blobs(dtype=np.float64):
    """Rows of three overlapping classes that are called by names."""
    rng = np.random.default_rng(3)
    y = rng.integers(3, size=300)
    X = 40 * (np.eye(3)[y] + rng.normal(size=(300, 3))) + 120
    return X.clip(0, 255).astype(dtype), np.array(["cat", "deer", "frog"])[y]


def models(kind=Softmax, **settings):
    settings = {"learning_rate": 1e-5, "num_iters": 60, "batch_size": 20} | settings
    if settings["learning_rate"] is None:
        return [kind(**settings | {"reg": reg}) for reg in (1e-3, 1e-2, 1e-1, 1.0)]
    unit = settings["learning_rate"]
    return [kind(**settings | {"learning_rate": unit * rate, "reg": reg})
            for rate, reg in product(RATES, REGS)]


def fit_together(models, X, y):
    """Train models of one kinship as a search does; which of them converged."""
    kin = Kin(models, X, y, X, y)
    learned, rng = matrix.trained(kin.plan, kin.points, *kin.data[:2])
    for place, one in enumerate(learned):
        if one.W is not None:
            assert kin.classifier([place], matrix.Best(0, one, deepcopy(rng))) is models[place]
    if any(one.W is None for one in learned):
        kin.refuse_infinite()
    return [one.W is not None for one in learned]


def mine(scores, y):
    """A student's cross-entropy."""
    P = losses.softmax(scores)
    loss = -np.log(P[np.arange(len(y)), y]).mean()
    P[np.arange(len(y)), y] -= 1
    return loss, P / len(y)


LOSSES = [None, losses.svm_loss_vectorized, losses.squared_hinge_loss, losses.structured_loss,
          partial(losses.regularized, mine)]
SETTINGS = [dict(kind=kind, loss=loss) for kind in (LinearSVM, Softmax) for loss in LOSSES] + [
    dict(kind=kind, learning_rate=None) for kind in (LinearSVM, Softmax)] + [
    dict(optimizer=momentum_sgd), dict(fit_intercept=False), dict(batch_size=1),
    dict(num_iters=0), dict(random_state=np.int64(7)), dict(class_weight="balanced"),
    dict(class_weight={"cat": 5, "frog": 0.1}, learning_rate=None)]


@pytest.mark.parametrize("dtype, precision", [(np.float64, 1e-10), (np.float32, 1e-4),
                                              (np.uint8, 1e-4)])
@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_models_fitted_together_learn_what_each_would_by_itself(settings, dtype, precision):
    X, y = blobs(dtype)
    together = models(**settings)
    assert len({kinship(model) for model in together}) == 1 and kinship(together[0])
    assert all(fit_together(together, X, y))
    alone = [model.fit(X, y) for model in models(**settings)]
    assert_learned(together, alone, precision)
    assert {model._rng.integers(10**6) for model in together + alone} == {
        models(**settings)[0].fit(X, y)._rng.integers(10**6)}


def assert_learned(together, alone, precision):
    """The same weights, curves and labels."""
    X, y = blobs()
    for model, other in zip(together, alone, strict=True):
        assert vars(model).keys() == vars(other).keys()
        assert model.W_.dtype == other.W_.dtype and type(model.loss_curve_) is list
        largest = np.abs(other.W_).max()
        np.testing.assert_allclose(model.W_, other.W_, rtol=0, atol=precision * largest)
        np.testing.assert_allclose(model.loss_curve_, other.loss_curve_, rtol=precision)
        assert np.mean(model.predict(X) == other.predict(X)) > 0.99
    weights = [model.W_ for model in together]
    assert matrix.accuracies(weights, X, y, together[0].classes_) == [
        model.score(X, y) for model in together]


def test_more_models_than_one_product_takes_are_trained_all_the_same(monkeypatch):
    monkeypatch.setattr(matrix, "COLUMNS", 7)  # two classifiers of three classes, and a rest
    X, y = blobs()
    together = models()
    assert all(fit_together(together, X, y))
    assert_learned(together, [model.fit(X, y) for model in models()], 1e-10)


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
@pytest.mark.parametrize("loss", [None, partial(losses.regularized, mine)])
def test_points_that_diverge_leave_the_others_unharmed(kind, loss):
    X, y = blobs()
    together, alone = (
        [kind(loss, learning_rate=rate, reg=1.0, num_iters=300)
         for rate in (1e-6, 20.0, 1e-5, 1e200, 1e-7)] for _ in range(2))
    with warnings.catch_warnings(action="ignore"):  # a student's loss overflows with a word
        assert fit_together(together, X, y) == [True, False, True, False, True]
    assert not any(hasattr(together[point], "W_") for point in (1, 3))
    well = [0, 2, 4]
    assert_learned([together[point] for point in well], [alone[point].fit(X, y) for point in well],
                   1e-10)


def test_the_search_trains_what_it_can_in_one_matrix_and_the_rest_one_by_one(monkeypatch):
    X, y = blobs()
    sizes = []
    monkeypatch.setattr(search, "Kin", lambda those, *data: (
        sizes.append(len(those)), Kin(those, *data))[1])

    def make(rate, reg):
        kind = Softmax if reg else LinearSVM
        return kind(learning_rate=1e-5 * rate, reg=reg, num_iters=20)

    results, best_val, best = searched(make, X, y, X, y, RATES, REGS)
    assert sizes == [3, 6] and list(results) == list(product(RATES, REGS))
    assert best.score(X, y) == best_val == max(val for _, val in results.values())
    alone = {point: make(*point).fit(X, y).score(X, y) for point in results}
    assert results == {point: (score, score) for point, score in alone.items()}


def mirror(W, X, y, reg):
    return losses.softmax_loss_vectorized(W, X, y, reg)


class Own(Softmax):
    """Fits in its own way."""

    def fit(self, X, y):
        return super().fit(X, y)


@pytest.mark.parametrize("model", [
    Softmax(early_stopping=True), Softmax(random_state=None), Own(), Softmax(mirror), object(),
    Softmax(random_state=np.random.RandomState(1)), Softmax(losses.softmax_loss_naive),
    Softmax(mirrored(losses.softmax_loss_vectorized)),
    Softmax(optimizer=partial(momentum_sgd)),
], ids=range(9))
def test_what_draws_its_own_minibatches_or_descends_in_its_own_way_is_no_kin(model):
    assert kinship(model) is None


@pytest.mark.parametrize("change", [dict(num_iters=61), dict(batch_size=21), dict(random_state=1),
                                    dict(fit_intercept=False), dict(learning_rate=None),
                                    dict(optimizer=momentum_sgd),
                                    dict(loss=losses.svm_loss_vectorized),
                                    dict(class_weight={0: 2})], ids=list)
def test_kin_draw_the_same_minibatches_and_have_the_same_loss(change):
    common = dict(learning_rate=0.1, num_iters=60, batch_size=20)
    assert kinship(Softmax(**common)) == kinship(Softmax(**common | dict(learning_rate=3.0, reg=9)))
    assert kinship(Softmax(**common)) != kinship(Softmax(**common | change))
    assert kinship(Softmax(**common)) != kinship(LinearSVM(**common))


def test_settings_that_do_not_fit_are_refused_as_by_fit():
    with pytest.raises(ValueError, match="reg is -1; the regularization strength"):
        kinship(Softmax(reg=-1))


@pytest.mark.parametrize("where", ["first", "last"])
def test_a_row_that_is_not_finite_is_blamed_and_not_the_rates(where):
    X, y = blobs()
    X[0 if where == "first" else -1] = np.nan
    with pytest.raises(ValueError, match="X holds nan|contains NaN"):
        fit_together(models(num_iters=200, fit_intercept=False), X, y)


@pytest.mark.parametrize("workers, sizes", [(1, [9]), (2, [5, 4]), (4, [3, 2, 2, 2]),
                                            (20, 9 * [1])])
def test_a_grid_is_cut_into_as_many_matrices_as_there_are_workers(workers, sizes):
    X, y = blobs()
    jobs = [job.points for job in search.shared_out(models(), (X, y, X, y), workers)]
    assert [len(points) for points in jobs] == sizes
    assert sorted(chain(*jobs)) == list(range(9))


def test_a_worker_of_a_search_imports_numpy_alone():
    run([sys.executable, "-c", "import sys, cs231n_lite.engine.matrix as _; "
         "assert not {'sklearn', 'scipy'} & {*sys.modules}"], check=True)


def test_a_bar_shows_how_far_a_grid_is(monkeypatch, capsys):
    monkeypatch.setattr("cs231n_lite.engine.monitor.someone_looks", lambda: True)
    monkeypatch.setattr("cs231n_lite.engine.monitor.PATIENCE", 0)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    fit_together(models(), *blobs())
    assert "training 9 classifiers" in capsys.readouterr().err


def test_two_threads_of_python_can_train_grids_at_once():
    X, y = blobs()

    def make(rate, reg):
        return Softmax(learning_rate=1e-5 * rate, reg=reg, num_iters=50)

    alone = searched(make, X, y, X, y, RATES, REGS)[0]
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert searched(make, X, y, X, y, RATES, REGS)[0] == alone
