"""The cells of the course's own notebooks run on this package under the course's names."""
import random
import sys
from types import ModuleType

import numpy as np
import pytest

from cs231n_lite import classifiers, data, gradcheck, losses

# where the course's notebooks import from -> what this package has under the same names
MODULES = {
    "cs231n": ModuleType("cs231n"),
    "cs231n.data_utils": data,
    "cs231n.gradient_check": gradcheck,
    "cs231n.classifiers": classifiers,
    "cs231n.classifiers.linear_svm": losses,
    "cs231n.classifiers.softmax": losses,
}


@pytest.fixture(autouse=True)
def course(monkeypatch):
    """The names of the course's modules lead here, and nobody's random numbers are touched."""
    for name, module in MODULES.items():
        monkeypatch.setitem(sys.modules, name, module)
    state = np.random.get_state(), random.getstate()  # noqa: NPY002  # the course's cells draw so
    yield
    np.random.set_state(state[0])  # noqa: NPY002
    random.setstate(state[1])


def prepared():
    """Data as the notebooks' first cells leave it: rows less their mean, ending in a 1."""
    rng = np.random.default_rng(0)
    y_train = np.arange(300) % 10
    X_train = 60 * rng.normal(size=(10, 48))[y_train] + 40 * rng.normal(size=(300, 48))
    X_train = X_train.astype(np.float32)
    X_train -= np.mean(X_train, axis=0)
    return np.hstack([X_train, np.ones((X_train.shape[0], 1))]), y_train


def test_the_svm_notebook_runs(capsys):
    X_train, y_train = prepared()
    X_dev, y_dev = X_train[:50], y_train[:50]
    from cs231n.classifiers.linear_svm import svm_loss_naive, svm_loss_vectorized
    W = np.random.randn(49, 10) * 0.0001  # noqa: NPY002  # as the notebook has it
    loss, grad = svm_loss_naive(W, X_dev, y_dev, 0.000005)
    from cs231n.gradient_check import grad_check_sparse
    f = lambda w: svm_loss_naive(w, X_dev, y_dev, 5e1)[0]  # noqa: E731  (as the notebook has it)
    assert grad_check_sparse(f, W, svm_loss_naive(W, X_dev, y_dev, 5e1)[1]).max_error < 1e-4
    loss_vectorized, grad_vectorized = svm_loss_vectorized(W, X_dev, y_dev, 0.000005)
    assert abs(loss - loss_vectorized) < 1e-9
    assert np.linalg.norm(grad - grad_vectorized, ord="fro") < 1e-9

    from cs231n.classifiers import LinearSVM
    svm = LinearSVM()
    loss_hist = svm.train(X_train, y_train, learning_rate=1e-5, reg=2.5e1, num_iters=300,
                          verbose=True)
    assert len(loss_hist) == 300 and loss_hist[-1] < loss_hist[0]
    assert capsys.readouterr().out.startswith("iteration 0 / 300: loss ")
    assert np.mean(y_train == svm.predict(X_train)) > 0.8
    assert svm.W[:-1, :].reshape(4, 4, 3, 10).shape == (4, 4, 3, 10)
    assert svm.loss(X_dev, y_dev, 0.0)[1].shape == svm.W.shape


def test_the_search_of_the_svm_notebook_goes_on_after_a_rate_that_is_too_high():
    X_train, y_train = prepared()
    from cs231n.classifiers import LinearSVM
    results, best_val, best_svm = {}, -1, None
    for lr in [1e-5, 10]:
        for reg in [2.5e1, 5e4]:
            svm = LinearSVM()
            with np.errstate(all="ignore"):
                if 2 * lr * reg > 1:
                    with pytest.warns(RuntimeWarning, match="diverged at learning_rate"):
                        svm.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=100,
                                  verbose=False)
                else:
                    svm.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=100,
                              verbose=False)
            results[(lr, reg)] = (np.mean(y_train == svm.predict(X_train)),
                                  np.mean(y_train == svm.predict(X_train)))
            if results[(lr, reg)][1] > best_val:
                best_val, best_svm = results[(lr, reg)][1], svm
    assert best_val > 0.8 and np.mean(best_svm.predict(X_train) == y_train) == best_val


def test_the_softmax_notebook_runs():
    X_train, y_train = prepared()
    from cs231n.classifiers.softmax import softmax_loss_naive, softmax_loss_vectorized
    W = np.random.randn(49, 10) * 0.0001  # noqa: NPY002  # as the notebook has it
    loss, _ = softmax_loss_naive(W, X_train[:50], y_train[:50], 0.0)
    assert abs(loss + np.log(0.1)) < 0.1
    assert abs(softmax_loss_vectorized(W, X_train[:50], y_train[:50], 0.000005)[0] - loss) < 1e-4

    from cs231n.classifiers import Softmax
    softmax = Softmax()
    loss_hist = softmax.train(X_train, y_train, 1e-4, 1e-1, 300)
    assert loss_hist[-1] < loss_hist[0] and np.mean(softmax.predict(X_train) == y_train) > 0.8
