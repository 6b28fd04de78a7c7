"""A grid of classifiers trained as one matrix: their weights side by side.

Classifiers that draw the same minibatches, and differ in learning rate and regularization strength
alone, share both products: one gives the scores of all, the other all gradients.  What comes out
is what training them one after the other gives, to rounding.
Source: CS231n notes, "Linear classification": one product evaluates ten classifiers at once.
"""
from collections.abc import Callable
from copy import copy, deepcopy
from inspect import signature
from math import inf
from typing import Any

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator
from sklearn.utils import assert_all_finite

from cs231n_lite.checks import NotFinite, ScoresLoss, check_drawn, is_whole
from cs231n_lite.engine.estimator import LinearEstimator
from cs231n_lite.engine.monitor import progress
from cs231n_lite.engine.standardize import Rows
from cs231n_lite.engine.threads import one_thread
from cs231n_lite.losses import cross_entropy, hinge
from cs231n_lite.optim import momentum_sgd

COLUMNS = 240  # of one product: BLAS is no faster with more, and the weights outgrow its caches
MOMENTUM = signature(momentum_sgd).parameters["momentum"].default


def kinship(model: Any) -> tuple | None:
    """What classifiers have in common that can be fitted together; None for one that cannot be.

    Raises ValueError, as `fit` does, for settings that it cannot be trained with.
    """
    if getattr(type(model), "fit", None) is not LinearEstimator.fit:
        return None
    model._check_settings()
    if not model.is_plain or model._scores_loss is None or model.early_stopping:
        return None
    if not is_whole(model.random_state):  # else each draws minibatches of its own
        return None
    return (type(model), id(model._scores_loss), model._optimizer, model.num_iters,
            model.batch_size, model.random_state, bool(model.fit_intercept),
            model.learning_rate is None)


def fit_together(models: list[LinearEstimator], X: Array, y: Array) -> list[bool]:
    """Fit classifiers of one `kinship`, as `fit` would each of them; which of them converged."""
    lead = models[0]
    X, labels, standard, norm = lead._prepared(X, y)
    learned = lead._learned()
    for model in models:
        model._forget()
        model.__dict__.update(deepcopy(learned), loss_curve_=[])
    rows = standard.rows(X)
    W = lead._first_weights(rows)
    most = max(1, COLUMNS // W.shape[1])
    stacks = [Stack(models[start:start + most], W, norm) for start in range(0, len(models), most)]

    def hand_over() -> None:
        for stack in stacks:
            stack.hand_over(lead._rng, standard.fold)

    try:
        descend(lead, stacks, rows, labels)
    except KeyboardInterrupt:  # leaves the weights so far
        hand_over()
        raise
    hand_over()
    converged = [hasattr(model, "W_") for model in models]
    if not all(converged):
        assert_all_finite(X, input_name="X")
    return converged


def predict_together(models: list[LinearEstimator], X: Array) -> Array:
    """What `predict` gives for each of the models fitted together: labels (P, N)."""
    wide = copy(models[0])
    wide.W_ = np.hstack([model.W_ for model in models])
    best = [scores.reshape(len(scores), len(models), -1).argmax(axis=2)
            for scores in wide._scores(X)]
    return wide.classes_[np.concatenate(best).T]


def descend(lead: LinearEstimator, stacks: list["Stack"], X: Array | Rows, y: Array) -> None:
    """All steps of all stacks, as `sgd` and `momentum_sgd` take them; each batch is drawn once."""
    falling = lead._optimizer is momentum_sgd
    many = sum(len(stack.models) for stack in stacks)
    with (one_thread(), np.errstate(over="ignore", invalid="ignore"),
          progress(f"training {many} classifiers", lead.num_iters) as tick):
        for iteration in range(lead.num_iters):
            drawn = lead._rng.integers(len(X), size=lead.batch_size)
            X_batch, y_batch = X[drawn], y[drawn]
            share = 1 - iteration / lead.num_iters if falling else 1.0
            for stack in stacks:
                stack.step(X_batch, y_batch, share, MOMENTUM if falling else 0.0)
            tick()


class Stack:
    """The weights V (C, P, D) of P classifiers, which all start from the same W (D, C).

    A classifier whose loss is no longer finite leaves; it gets no weights.
    """

    def __init__(self, models: list[LinearEstimator], W: Array, norm: float) -> None:
        on: Any = models[0]._scores_loss  # there is one, see `kinship`
        self.models, self.loss = models, stacked(on)
        self.points = np.arange(len(models))
        self.rates = np.array([[model._rate(norm)] for model in models], W.dtype)
        self.regs = np.array([[model.reg] for model in models], W.dtype)
        self.V = np.repeat(W.T[:, None], len(models), axis=1)
        self.velocity, self.spare = np.zeros_like(self.V), np.empty_like(self.V)

    def step(self, X: Array, y: Array, share: float, momentum: float) -> None:
        """One step for each, at this share of its learning rate."""
        (C, P, D), N = self.V.shape, len(X)
        S = (self.V.reshape(C * P, D) @ X.T).reshape(C, P, N)
        losses, G = self.loss(S, y)
        losses = losses + self.regs[:, 0] * np.vecdot(self.V, self.V).sum(axis=0)
        for point, value in zip(self.points, losses.tolist()):
            self.models[point].loss_curve_.append(value)
        if not np.isfinite(losses).all():
            check_drawn(X)
            G = self.keep(np.isfinite(losses), G)
        G *= -share * self.rates
        V = (G.reshape(-1, N) @ X).reshape(self.V.shape)
        V -= np.multiply(2 * share * self.rates * self.regs, self.V, out=self.spare)
        if momentum:
            self.velocity *= momentum
            V += self.velocity
            self.velocity[:] = V
        V += self.V
        self.V = V  # complete whenever an interrupt comes

    def keep(self, well: Array, G: Array) -> Array:
        """Go on with these points alone; their part of the gradients G."""
        self.points, self.rates, self.regs = self.points[well], self.rates[well], self.regs[well]
        self.V, self.velocity, self.spare = (
            array[:, well] for array in (self.V, self.velocity, self.spare))
        return G[:, well]

    def hand_over(self, rng: Generator, fold: Callable) -> None:
        """Give each classifier its weights, and have it draw on from here."""
        for model in self.models:
            model._rng = deepcopy(rng)
        for point, V in zip(self.points, self.V.swapaxes(0, 1)):
            if np.isfinite(V).all():
                self.models[point].W_ = fold(V.T)


# --------------------------------------------------------------- losses on scores (C, P, N)


def stacked(on: ScoresLoss) -> Callable[[Array, Array], tuple[Array, Array]]:
    """The loss of the scores S (C, P, N) of P classifiers: P losses, and the gradient (C, P, N)."""
    if on is hinge:
        return hinges
    if on is cross_entropy:
        return cross_entropies
    return lambda S, y: one_by_one(on, S, y)


def hinges(S: Array, y: Array) -> tuple[Array, Array]:
    """`losses.hinge` of each classifier's scores."""
    rows = np.arange(len(y))
    M = np.maximum(S - S[y, :, rows].T + 1, 0)
    M[y, :, rows] = 0
    G = (M > 0).astype(S.dtype)
    G[y, :, rows] = -G.sum(axis=0).T
    return M.sum(axis=(0, 2)) / len(y), G / len(y)


def cross_entropies(S: Array, y: Array) -> tuple[Array, Array]:
    """`losses.cross_entropy` of each classifier's scores; overwrites S."""
    rows = np.arange(len(y))
    S -= S.max(axis=0)
    P = np.exp(S)
    sums = P.sum(axis=0)
    P /= sums
    P[y, :, rows] -= 1
    return (np.log(sums) - S[y, :, rows].T).mean(axis=1), P / len(y)


def one_by_one(on: ScoresLoss, S: Array, y: Array) -> tuple[Array, Array]:
    """Any other loss on scores (N, C), a student's say, of each classifier's; inf if it is none."""
    losses, G = np.full(S.shape[1], inf, S.dtype), np.zeros_like(S)
    for point in range(S.shape[1]):
        try:
            losses[point], dscores = on(S[:, point].T.copy(), y)
        except NotFinite:
            continue
        G[:, point] = dscores.T
    return losses, G
