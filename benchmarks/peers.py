"""What one could pick instead: how accurate it is after how many seconds, from the raw pixels.

All get our scaled rows, with a 1 last for the bias, in float32, one thread, and settings found
beforehand.  Each trains in a process of its own, once for each number of iterations, for not all
can be watched; among the numbers is the fewest with which 41 per cent of the test images are right.
The time is that of making the rows and of training, in processor seconds, which other programs
disturb least; a second processor at most halves it.  The objective is the mean loss over the
training images, summed over the classes in one-vs-rest, plus `reg` times the squared weights.
"""
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from statistics import mean
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from benchmarks import cifar10
from benchmarks.measure import fresh_process, seconds
from benchmarks.report import Figure
from benchmarks.to_accuracy import WHAT, Drawn, descend, whole
from cs231n_lite.data import read_CIFAR10
from cs231n_lite.losses import cross_entropy
from cs231n_lite.preprocess import mean_image

GOAL, REG = 41, 0.01
C = 1.02e-3  # REG in the words of scikit-learn: 1 / (2 N REG)


class Peer(NamedTuple):
    """One way: `train(kind, X, y, **settings)`, with each of `steps` as `per`, gives W (D, C)."""

    kind: str
    train: Callable[..., Array]
    per: str
    steps: Sequence[float]
    settings: dict[str, Any]
    loss: str = "softmax"
    reg: float = REG


def fitted(kind: Callable, X: Array, y: Array, **settings: Any) -> Array:
    """An estimator of scikit-learn's form."""
    coef = kind(fit_intercept=False, **settings).fit(X, y).coef_
    return coef if len(coef) == X.shape[1] else coef.T  # cyanure's is (D, C), the others' (C, D)


def fortran_ordered(kind: Callable, X: Array, y: Array, **settings: Any) -> Array:
    """As `fitted`, on columns that lie together in memory."""
    return fitted(kind, np.asfortranarray(X), y, **settings)


def one_vs_rest(kind: Callable, X: Array, y: Array, **settings: Any) -> Array:
    """As `fitted`, class by class."""
    return np.hstack([fitted(kind, X, y == label, **settings) for label in range(10)])


def regressed(kind: Callable, X: Array, y: Array, **settings: Any) -> Array:
    """As `fitted`, towards 1 for the class and -1 for the others."""
    return fitted(kind, X, signs(y).astype(np.float32), **settings)


def torch_lbfgs(kind: Callable, X: Array, y: Array, **settings: Any) -> Array:
    """PyTorch's LBFGS on all rows at once."""
    import torch
    rows, labels = torch.from_numpy(X), torch.from_numpy(y)
    W = torch.zeros(X.shape[1], 10, requires_grad=True)
    optimizer = kind([W], **settings)

    def loss() -> Any:
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(rows @ W, labels) + REG * (W * W).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return W.detach().numpy()


def torch_sgd(kind: Callable, X: Array, y: Array, num_iters: int, batch_size: int,
              **settings: Any) -> Array:
    """PyTorch's SGD, with a learning rate that falls linearly to zero, as ours does."""
    import torch
    rows, labels = torch.from_numpy(X), torch.from_numpy(y)
    W, generator = torch.zeros(X.shape[1], 10, requires_grad=True), torch.manual_seed(0)
    optimizer = kind([W], weight_decay=2 * REG, **settings)
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0, num_iters)
    for _ in range(num_iters):
        batch = torch.randint(len(X), (batch_size,), generator=generator)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(rows[batch] @ W, labels[batch]).backward()
        optimizer.step()
        scheduler.step()
    return W.detach().numpy()


def ours(kind: Callable, X: Array, y: Array, num_iters: int) -> Array:
    """What `to_accuracy` measures."""
    return descend(X, y, num_iters)


OURS, AT_GOAL = "ours", [300]
SKLEARN = "sklearn.linear_model.LogisticRegression"
PEERS = {
    OURS: Peer("cs231n_lite.optim.momentum_sgd", ours, "num_iters",
               [25, 50, 100, 200, 300, 600, 1500], {}),
    "scikit-learn's lbfgs, float32": Peer(SKLEARN, fitted, "max_iter", [5, 10, 18, 30], {"C": C}),
    "scikit-learn's lbfgs, float32 in Fortran's order": Peer(
        SKLEARN, fortran_ordered, "max_iter", [5, 10, 18, 30], {"C": C}),
    "scikit-learn's saga": Peer(SKLEARN, fitted, "max_iter", [1, 2, 3],
                                {"solver": "saga", "C": C, "random_state": 0}),
    # For all classes at once its Hessian would have 30,730 rows: 3.8 GB, half an hour of products.
    "scikit-learn's newton-cholesky, one-vs-rest": Peer(
        SKLEARN, one_vs_rest, "max_iter", [1], {"solver": "newton-cholesky", "C": 1.33e-4},
        "one-vs-rest logistic", 0.0767),
    "liblinear's dual SVM": Peer("sklearn.svm.LinearSVC", fitted, "max_iter", [1, 2],
                                 {"dual": True, "C": 1e-5, "random_state": 0},
                                 "one-vs-rest squared hinge", 1.02),
    "scikit-learn-intelex's lbfgs": Peer("sklearnex.linear_model.LogisticRegression", fitted,
                                         "max_iter", [5, 10, 18, 30], {"C": C, "n_jobs": 1}),
    "scikit-learn-intelex's Ridge": Peer("sklearnex.linear_model.Ridge", regressed, "alpha", [3e4],
                                         {"n_jobs": 1}, "one-vs-rest squares", 0.612),
    "cyanure": Peer("cyanure.estimators.LogisticRegression", fitted, "max_iter", [2, 3, 4],
                    {"loss": "multiclass-logistic", "lambda_1": 2 * REG, "n_threads": 1}),
    "PyTorch's LBFGS": Peer("torch.optim.LBFGS", torch_lbfgs, "max_iter", [5, 10, 18, 20, 30],
                            {"history_size": 10}),
    "PyTorch's SGD": Peer("torch.optim.SGD", torch_sgd, "num_iters", [25, 50, 100, 200, 400],
                          {"batch_size": 1000, "lr": 0.01, "momentum": 0.9}),
}


def signs(y: Array) -> Array:
    """1 for the class of each image, -1 for the others, (N, C)."""
    return 2 * np.eye(10)[y] - 1


def summed(of_margin: Callable[[Array], Array], scores: Array, y: Array) -> float:
    """A loss of two classes, for each class against the rest."""
    return float(of_margin(signs(y) * scores).sum(axis=1).mean())


LOSSES: dict[str, Callable[[Array, Array], float]] = {
    "softmax": lambda scores, y: cross_entropy(scores, y)[0],
    "one-vs-rest logistic": partial(summed, lambda margin: np.logaddexp(0, -margin)),
    "one-vs-rest squared hinge": partial(summed, lambda margin: np.maximum(0, 1 - margin)**2),
    "one-vs-rest squares": partial(summed, lambda margin: (1 - margin)**2),
}


def curve(name: str, steps: Sequence[float], N: int) -> dict:
    """Processor seconds, accuracy on test images in per cent, and objective, for all steps."""
    warnings.simplefilter("ignore")  # of iterations that did not converge, nor should
    peer = PEERS[name]
    module, _, kind = peer.kind.rpartition(".")
    try:
        train = partial(peer.train, getattr(import_module(module), kind), **peer.settings)
    except ImportError as error:
        return {"name": name, "missing": f"not installed: {error}"}
    X, y, X_test, y_test = read_CIFAR10(str(cifar10.folder()))
    X, y = X[:N], y[:N].astype(np.int64)
    centre, points, made = mean_image(X), [], []

    def from_pixels(step: float, N: int = N) -> None:
        rows: Any = Drawn(X[:N], mean_image(X[:N]))
        made.append(train(rows if name == OURS else whole(rows), y[:N], **{peer.per: step}))

    from_pixels(steps[0], 500)  # a first call, which does not count
    for step in steps:
        time = seconds(partial(from_pixels, step), clock=process_time)
        W = made.pop()
        right = (whole(Drawn(X_test, centre)) @ W).argmax(axis=1) == y_test
        loss = LOSSES[peer.loss](whole(Drawn(X, centre)) @ W, y)
        points.append((time, 100 * float(np.mean(right)), loss + peer.reg * float(np.sum(W**2))))
    columns = map(list, zip(*points))
    return {"name": name, "steps": steps} | dict(zip(("seconds", "accuracy", "objective"), columns))


def series(quick: bool) -> list[dict]:
    """The curves, ours first; with each of the others, ours at its goal before it and after it."""
    if cifar10.folder() is None:
        return []
    N = 1_000 if quick else 49_000

    def run(name: str, steps: Sequence[float]) -> dict:
        return fresh_process(curve, name, steps[:1 if quick else None], N)

    found, mine = [run(OURS, PEERS[OURS].steps)], [run(OURS, AT_GOAL)]
    for name, peer in PEERS.items():
        if name != OURS:
            theirs = run(name, peer.steps)
            mine.append(run(OURS, AT_GOAL))
            found.append(theirs | {"ours": mine[-2:]})
    return found


def figures(curves: list[dict]) -> list[Figure]:
    """Ours beside each of the others."""
    if not curves:
        return [Figure(WHAT, "what else one can install: how many times as fast", [], 1,
                       at_least=True, note=cifar10.MISSING)]
    return [beside(theirs) for theirs in curves[1:]]


def beside(theirs: dict) -> Figure:
    """The row of one, at the first point where it is as good as asked; else at its last."""
    name, peer = theirs["name"], PEERS[theirs["name"]]
    title = f"{name}, on our scaled rows, on one thread: how many times as fast"
    if "missing" in theirs:
        return Figure(WHAT, title, [], 1, at_least=True, note=theirs["missing"])
    times, accuracies, objectives = (
        [run[what][0] for run in theirs["ours"]] for what in ("seconds", "accuracy", "objective"))
    goal = min(GOAL, accuracies[0])
    at = next((k for k, accuracy in enumerate(theirs["accuracy"]) if accuracy >= goal), -1)
    time, accuracy, objective = (theirs[what][at] for what in ("seconds", "accuracy", "objective"))
    settings = {**peer.settings, peer.per: theirs["steps"][at]}
    note = (f"{mean(times):.3g} s to {accuracies[0]:.1f} per cent beside {time:.3g} s to "
            f"{accuracy:.1f}, at {', '.join(f'{key}={value!r}' for key, value in settings.items())}"
            f"; objective {objectives[0]:.3f} beside {objective:.3f}"
            + ("" if peer.loss == "softmax" else f", which is of {peer.loss}"))
    return Figure(WHAT, title, [time / own for own in times], 1, at_least=True, note=note)
