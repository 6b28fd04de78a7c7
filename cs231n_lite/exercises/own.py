"""The student's own functions, where a copy without answers lacks the package's.

The logbook keeps what was found to be right, and its text, from which other notebooks, and the
next kernel of this one, have it again.
"""
import linecache
from collections.abc import Callable
from functools import partial
from inspect import isfunction

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.absent import FINDERS, OWN, Absent, present
from cs231n_lite.checks import Loss
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.logbook import noted
from cs231n_lite.exercises.registry import EXERCISES, WITH_ANSWERS
from cs231n_lite.exercises.verdict import CORRECT


def find(name: str) -> Callable | None:
    """The function in the place of the absent one of that name, if there is one."""
    if name in EXERCISES:
        return from_text(name)
    needed, made = RELATIVES.get(name, (None, None))
    try:
        return made(present(needed)) if made and needed else None
    except Absent:
        return None


def from_text(id: str) -> Callable | None:
    """The function whose text was noted, if it is right on its own, with no name but `np`."""
    text, file = noted(id)["text"], f"<your {id}>"
    if not text:
        return None
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict = {"np": np, "__name__": "__main__"}
    try:
        exec(compile(text, file, "exec"), namespace)
    except Exception:  # whatever it was written beside is missing
        return None
    function = [value for value in namespace.values() if isfunction(value)][-1]
    if judge(function, EXERCISES[id]).status != CORRECT:
        return None
    OWN[id] = function
    return function


# --------------------------------------------------------------- what follows from an exercise


def on_scores(loss: Loss, scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """A loss of W as one of scores: these are its weights for samples that are unit vectors."""
    value, dscores = loss(scores / margin, np.eye(len(scores), dtype=scores.dtype), y, 0.0)
    return margin * value, dscores


def of_weights(loss: Loss, on: Callable, W: Array, X: Array, y: Array,
               reg: float) -> tuple[float, Array]:
    """The softmax loss of W in the place of one made from the student's cross-entropy."""
    if on is not OWN.get("cross_entropy"):
        raise Absent("regularized", "")
    return loss(W, X, y, reg)


RELATIVES: dict[str, tuple[str, Callable[[Callable], Callable]]] = {
    "svm_loss": ("svm_loss_vectorized", lambda loss: loss),
    "softmax_loss": ("softmax_loss_vectorized", lambda loss: loss),
    "hinge": ("svm_loss_vectorized", lambda loss: partial(on_scores, loss)),
    "regularized": ("softmax_loss_vectorized", lambda loss: partial(of_weights, loss)),
    "in_blocks": ("softmax_loss_vectorized", lambda loss: partial(of_weights, loss)),
}

if not WITH_ANSWERS:
    FINDERS.append(find)
