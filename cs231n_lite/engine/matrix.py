"""Classifiers trained as one matrix, their weights side by side; what a worker of a search runs.

Classifiers that draw the same minibatches, and differ in learning rate and regularization strength
alone, share both products: one gives the scores of all, the other all gradients.  What comes out
is what training them one after the other gives, to rounding.  This is NumPy alone, for a worker
that imports scikit-learn has lost a second before it begins.
Source: CS231n notes, "Linear classification": one product evaluates ten classifiers at once.
"""
from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.checks import check_drawn
from cs231n_lite.checks_gradients import ScoresLoss
from cs231n_lite.engine.losses import stacked
from cs231n_lite.engine.mapped import received
from cs231n_lite.engine.monitor import progress
from cs231n_lite.engine.scores import score_blocks
from cs231n_lite.engine.standardize import Rows, Standard
from cs231n_lite.engine.threads import one_thread
from cs231n_lite.engine.weights import in_proportion

COLUMNS = 240  # of one product: BLAS is no faster with more, and the weights outgrow its caches

Point = tuple[float, float]  # learning rate and regularization strength
Accuracies = tuple[float, float]  # on the training and on the validation data


class Plan(NamedTuple):
    """What the classifiers of a matrix have in common, and where all of them start."""

    loss: ScoresLoss
    classes: Array  # the labels, sorted
    W: Array  # of standardized rows, (D, C)
    standard: Standard
    weights: Array | None  # of the rows
    rng: Generator
    num_iters: int
    batch_size: int
    momentum: float  # where there is any, the rates fall to zero, as in `momentum_sgd`


class Learned(NamedTuple):
    """The weights of plain features of a trained classifier, None if it diverged; its losses."""

    W: Array | None
    losses: list[float]


class Best(NamedTuple):
    """What the best of a matrix learned, its place among the points, and how it would draw on."""

    place: int
    learned: Learned
    rng: Generator


Tried = tuple[list[Accuracies | None], Best | None]


def tried(plan: Plan, points: list[Point], *data: Any) -> Tried:
    """The training and validation accuracy of the classifier of each point, and the best of them.

    `data` are X_train, y_train, X_val and y_val.  Accuracies are None where training diverges, and
    the best is where all do.  It is the first with the highest validation accuracy, as in the
    search, and alone comes back: weights would be nearly all that a worker sends.
    """
    X_train, y_train, X_val, y_val = map(received, data)
    learned, rng = trained(plan, points, X_train, y_train)
    fitted = [(place, one) for place, one in enumerate(learned) if one.W is not None]
    pairs: list[Accuracies | None] = [None] * len(points)
    if not fitted:
        return pairs, None
    weights = [one.W for _, one in fitted]
    both = zip(*(accuracies(weights, X, y, plan.classes)
                 for X, y in ((X_train, y_train), (X_val, y_val))))
    for (place, _), pair in zip(fitted, both):
        pairs[place] = pair
    place, one = max(fitted, key=lambda fit: (pairs[fit[0]] or (0, 0))[1])
    return pairs, Best(place, one, rng)


def trained(plan: Plan, points: list[Point], X: Array, y: Array) -> tuple[list[Learned], Generator]:
    """What each point's classifier learns, and what draws the minibatches, as it is afterwards."""
    rng, most = deepcopy(plan.rng), max(1, COLUMNS // plan.W.shape[1])
    stacks = [Stack(plan, points[start:start + most]) for start in range(0, len(points), most)]
    rows, labels = plan.standard.rows(X), np.searchsorted(plan.classes, y)
    descend(plan, stacks, *in_proportion(rows, labels, plan.weights), rng)
    return [one for stack in stacks for one in stack.learned(plan.standard.fold)], rng


def descend(plan: Plan, stacks: list["Stack"], X: Array | Rows, y: Array, rng: Generator) -> None:
    """All steps of all stacks, as `sgd` and `momentum_sgd` take them; each batch is drawn once."""
    many = sum(len(stack.curves) for stack in stacks)
    with (one_thread(), np.errstate(over="ignore", invalid="ignore"),
          progress(f"training {many} classifiers", plan.num_iters) as tick):
        for iteration in range(plan.num_iters):
            drawn = rng.integers(len(X), size=plan.batch_size)
            X_batch, y_batch = X[drawn], y[drawn]
            share = 1 - iteration / plan.num_iters if plan.momentum else 1.0
            for stack in stacks:
                stack.step(X_batch, y_batch, share, plan.momentum)
            tick()


def accuracies(weights: list, X: Array, y: Array, classes: Array) -> list[float]:
    """The share of rows that each classifier predicts right, from one product."""
    labels = (classes[scores.reshape(len(scores), len(weights), -1).argmax(axis=2)]
              for scores in score_blocks(np.hstack(weights), X))
    return (np.concatenate(list(labels)) == np.reshape(y, (-1, 1))).mean(axis=0).tolist()


class Stack:
    """The weights V (C, P, D) of P classifiers, which all start from the same W (D, C).

    A classifier whose loss is no longer finite leaves; it gets no weights.
    """

    def __init__(self, plan: Plan, points: list[Point]) -> None:
        self.loss, dtype = stacked(plan.loss), plan.W.dtype
        self.points, self.curves = np.arange(len(points)), [list[float]() for _ in points]
        self.rates, self.regs = (np.array(column, dtype)[:, None] for column in zip(*points))
        self.V = np.repeat(plan.W.T[:, None], len(points), axis=1)
        self.velocity, self.steps = np.zeros_like(self.V), np.empty_like(self.V)

    def step(self, X: Array, y: Array, share: float, momentum: float) -> None:
        """One step for each, at this share of its learning rate."""
        (C, P, D), N = self.V.shape, len(X)
        S = (self.V.reshape(C * P, D) @ X.T).reshape(C, P, N)
        losses, G = self.loss(S, y)
        losses = losses + self.regs[:, 0] * np.vecdot(self.V, self.V).sum(axis=0)
        for point, value in zip(self.points, losses.tolist()):
            self.curves[point].append(value)
        if not np.isfinite(losses).all():
            check_drawn(X)
            G = self.keep(np.isfinite(losses), G)
        G *= -share * self.rates
        np.matmul(G.reshape(-1, N), X, out=self.steps.reshape(-1, D))
        decay = 2 * share * self.rates * self.regs
        for V, step, velocity in zip(self.V, self.steps, self.velocity):  # small enough for a cache
            step -= decay * V
            if momentum:
                step += momentum * velocity
                velocity[:] = step
            V += step

    def keep(self, well: Array, G: Array) -> Array:
        """Go on with these points alone; their part of the gradients G."""
        self.points, self.rates, self.regs = self.points[well], self.rates[well], self.regs[well]
        self.V, self.velocity, self.steps, G = (
            array.compress(well, axis=1) for array in (self.V, self.velocity, self.steps, G))
        return G

    def learned(self, fold: Callable) -> list[Learned]:
        """What each classifier has learned."""
        weights = {point: fold(V.T) for point, V in zip(self.points.tolist(), self.V.swapaxes(0, 1))
                   if np.isfinite(V).all()}
        return [Learned(weights.get(point), curve) for point, curve in enumerate(self.curves)]
