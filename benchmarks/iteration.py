"""One iteration of minibatch gradient descent, its sampling included, beside three other ways."""
from collections.abc import Callable
from itertools import count
from types import ModuleType

import numpy as np
from numpy import ndarray as Array

from benchmarks.losses import LOSSES, problem, two_products
from benchmarks.measure import Pairs, medians, ratios, timed
from benchmarks.report import Figure
from cs231n_lite.checks import Loss
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.optim import sgd

BATCH, RATE, REG = 200, 1e-6, 1e-3
WHAT = "one SGD iteration, batch 200, {}"


def ours(loss: Loss, W: Array, X: Array, y: Array, num_iters: int) -> Callable:
    """Iterations of optim.sgd."""
    rng = np.random.default_rng(1)
    return lambda: sgd(loss, W, X, y, RATE, REG, num_iters, BATCH, rng)


def products_of_batches(W: Array, X: Array, num_iters: int) -> Callable:
    """The two products on as many batches, each of rows long unseen, which no cache holds."""
    G = np.random.default_rng(1).standard_normal((BATCH, W.shape[1]), dtype=np.float32)
    starts = (37 * BATCH * k % (len(X) - BATCH + 1) for k in count())

    def products() -> None:
        for _ in range(num_iters):
            start = next(starts)
            two_products(W, X[start:start + BATCH], G)

    return products


def as_the_course(loss: Loss, W: Array, X: Array, y: Array, num_iters: int) -> Callable:
    """The course's loop: float64 rows, drawn by np.random.choice."""
    # np.random.choice, without the global state.
    W, random = W.astype(np.float64), np.random.RandomState(1)

    def train() -> None:
        losses = []
        for _ in range(num_iters):
            indices = random.choice(len(X), BATCH)
            value, dW = loss(W, X[indices], y[indices], REG)
            losses.append(value)
            W[:] -= RATE * dW

    return train


def course_svm(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """The multiclass SVM loss as solutions of the course's assignment write it."""
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N + reg * np.sum(W * W)
    mask = np.zeros(margins.shape)
    mask[margins > 0] = 1
    mask[np.arange(N), y] = -np.sum(mask, axis=1)
    return loss, X.T.dot(mask) / N + 2 * reg * W


def course_softmax(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """The softmax loss as solutions of the course's assignment write it."""
    N = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p /= np.sum(p, axis=1, keepdims=True)
    loss = np.sum(-np.log(p[np.arange(N), y])) / N + reg * np.sum(W * W)
    p[np.arange(N), y] -= 1
    return loss, X.T.dot(p) / N + 2 * reg * W


COURSE = {svm_loss: course_svm, softmax_loss: course_softmax}


def in_torch(torch: ModuleType, W: Array, X: Array, y: Array, num_iters: int) -> Callable:
    """nn.Linear and SGD on batches drawn as ours are; the ones of X are its bias."""
    torch.set_num_threads(1)
    rng, X, y = np.random.default_rng(1), torch.from_numpy(X), torch.from_numpy(y)
    linear = torch.nn.Linear(*W.shape, bias=False)
    optimizer = torch.optim.SGD(linear.parameters(), lr=RATE, weight_decay=2 * REG)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def train() -> None:
        losses = []
        for _ in range(num_iters):
            rows = torch.from_numpy(rng.integers(len(X), size=BATCH))
            optimizer.zero_grad()
            loss = cross_entropy(linear(X[rows]), y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    return train


def figure(title: str, beside: str, pairs: Pairs, num_iters: int, bound: float,
           faster: bool = False) -> Figure:
    """The row of one comparison; `faster` turns the ratio round."""
    mine, theirs = (1e6 * time / num_iters for time in medians(pairs))
    measured = [1 / ratio for ratio in ratios(pairs)] if faster else ratios(pairs)
    return Figure(WHAT.format(title), beside, measured, bound, at_least=faster,
                  note=f"{mine:,.0f} µs beside {theirs:,.0f} µs")


def figures(quick: bool) -> list[Figure]:
    """Each loss beside the products and the course; softmax beside PyTorch, if installed."""
    (W, X, y), num_iters, repeats = problem(2_000 if quick else 49_000), 5, 3 if quick else 150
    X64, found = X.astype(np.float64), []
    for loss, title in zip(LOSSES, ("SVM", "softmax")):
        mine = ours(loss, W, X, y, num_iters)
        pairs = timed(mine, products_of_batches(W, X, num_iters), repeats)
        found.append(figure(title, "the two products on a batch that is not in the cache", pairs,
                            num_iters, 1.05))
        pairs = timed(mine, as_the_course(COURSE[loss], W, X64, y, num_iters), repeats)
        found.append(figure(title, "the course's way, in float64: how many times as fast", pairs,
                            num_iters, 2.4, True))
    return [*found, beside_torch(mine, W, X, y, num_iters, repeats)]


def beside_torch(mine: Callable, W: Array, X: Array, y: Array, num_iters: int,
                 repeats: int) -> Figure:
    """The row of PyTorch, measured or not."""
    beside = "PyTorch on the CPU, `nn.Linear` and `SGD`"
    try:
        import torch
    except ModuleNotFoundError:
        return Figure(WHAT.format("softmax"), beside, [], 1, note="PyTorch is not installed")
    pairs = timed(mine, in_torch(torch, W, X, y, num_iters), repeats)
    return figure("softmax", f"{beside} {torch.__version__}", pairs, num_iters, 1)
