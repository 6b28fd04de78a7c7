"""What looks on while a classifier is trained: the losses so far, a progress bar, early stopping.

Most of it is a loss that wraps the loss: an optimizer calls it in every iteration,
with the weights of that iteration, and need not know.
"""
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import Loss, NotFinite
from cs231n_lite.checks_gradients import pair_of
from cs231n_lite.engine.standardize import Rows, blocks
from cs231n_lite.engine.threads import in_kernel

REPORT_EVERY, VALIDATE_EVERY = 100, 50  # iterations
PATIENCE = 5  # seconds


class Enough(Exception):
    """Raised through the optimizer when more training no longer helps."""


class Validation:
    """The accuracy on rows held out, every 50 iterations or more, and the weights that did best.

    Raises Enough when `n_iter_no_change` accuracies in a row were no better than the best by `tol`.
    """

    def __init__(self, rows: Rows, labels: Array, weights: Array | None, batch_size: int,
                 n_iter_no_change: float, tol: float) -> None:
        self.rows, self.labels, self.weights = rows, labels, weights
        self.n_iter_no_change, self.tol = n_iter_no_change, tol
        # So that it costs no more than the training does.
        self.every = max(VALIDATE_EVERY, len(rows) // batch_size)
        self.scores: list[float] = []
        self.best, self.waited = -inf, 0
        self.best_W: Array

    def look(self, W: Array) -> None:
        """Take the accuracy of W, and remember W if it is the best so far."""
        right = [(self.rows[block] @ W).argmax(axis=1) == self.labels[block]
                 for block in blocks(len(self.rows))]
        score = float(np.average(np.concatenate(right), weights=self.weights))
        self.scores.append(score)
        self.waited = 0 if score >= self.best + self.tol else self.waited + 1
        if score > self.best:
            self.best, self.best_W = score, W.copy()
        if self.waited >= self.n_iter_no_change:
            raise Enough


class Monitor:
    """`loss` itself, which also remembers every loss and the last complete weights.

    With `verbose` it prints every hundredth loss, and calls `tick` after every one.
    """

    def __init__(self, loss: Loss, W: Array, num_iters: int, verbose: bool,
                 validation: Validation | None) -> None:
        self.loss, self.W, self.num_iters = loss, W, num_iters
        self.verbose, self.validation = verbose, validation
        self.losses: list[float] = []
        self.tick: Callable[[], object]

    def __call__(self, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        """The loss at W and its gradient, noted, shown, and now and then validated."""
        # Complete whenever an interrupt comes: a step in place is one operation of NumPy.
        self.W = W
        iteration = len(self.losses)
        if self.validation and iteration and iteration % self.validation.every == 0:
            self.validation.look(W)
        try:
            value, dW = pair_of(self.loss(W, X, y, reg), W)
        except NotFinite:
            self.losses.append(inf)  # so that the curve shows where it diverged
            raise
        self.losses.append(value)
        if self.verbose and iteration % REPORT_EVERY == 0:
            print(f"iteration {iteration} / {self.num_iters}: loss {value:.4f}")
        self.tick()
        return value, dW


@contextmanager
def progress(what: str, num_iters: int, hidden: bool = False) -> Iterator[Callable[[], object]]:
    """What is to be called after every iteration, so that a bar shows how far the training is.

    It shows whatever takes longer than five seconds, to whoever looks: in a terminal or a notebook,
    not in a worker, and not where TQDM_DISABLE is set.
    """
    if hidden or not someone_looks():
        yield lambda: None
        return
    from tqdm.auto import tqdm  # takes a while to import, and only people need it
    with tqdm(total=num_iters, desc=what, unit="iteration", delay=PATIENCE, leave=False) as bar:
        yield bar.update


def someone_looks() -> bool:
    """True in the main thread of a main process that has a terminal or a notebook.

    False wherever TQDM_DISABLE is set.
    """
    wanted = not os.environ.get("TQDM_DISABLE")  # the bars of notebooks do not heed it themselves
    in_main_process = multiprocessing.current_process().name == "MainProcess"
    in_main_thread = threading.current_thread() is threading.main_thread()
    return (wanted and in_main_process and in_main_thread
            and (sys.stderr.isatty() or in_kernel()))
