"""On which problems a fault can show at all: a list of what was tried names no other."""
import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.anatomy import Family
from cs231n_lite.exercises.judges.calling import is_close
from cs231n_lite.exercises.judges.problems import FAR, Problem, ScoresProblem

UNSTABLE = ("no shift", "one maximum for all", "overflow", "shift too small", "shift not harmless")
# The strengths of regularization at which a fault of it is none.
HIDDEN_AT: dict[str, tuple[float, ...]] = {"reg forgotten": (1.0,), "reg squared": (0.0, 1.0)}
SCALES = ("not divided by N", "divided by N twice", "sign flipped", "divided by C", "scaled",
          "logarithm to another base")
OF_MANY = ("not divided by N", "divided by N twice", "regularization divided by N",
           "regularization times N", "mean and penalty mixed")


def shows(id: str, problem: Problem | ScoresProblem, family: Family) -> bool:
    """True when a fault of that id can make a loss, or a gradient, wrong on a problem."""
    if id in UNSTABLE:
        return problem.name in FAR
    part, _, name = id.partition(": ")
    if isinstance(problem, ScoresProblem):
        return changes(part, name, np.eye(len(problem.scores)), problem.scores, problem.y, family)
    if is_of_penalty(id):
        seen = bool(problem.W.any()) and problem.reg not in HIDDEN_AT.get(name, (0.0,))
        return seen and (len(problem.X) > 1 or name not in OF_MANY)
    return changes(part, name, problem.X, problem.X @ problem.W, problem.y, family)


def is_of_penalty(id: str) -> bool:
    """True for a fault of the regularization."""
    return id == "old convention" or any(word in id for word in ("regularization", "penalty",
                                                                 "reg forgotten", "reg squared"))


def changes(part: str, name: str, X: Array, scores: Array, y: Array, family: Family) -> bool:
    """True when a slip changes the data part of a batch; any other fault, but for one sample."""
    slips = family.losses if part == "loss" else family.gradients
    arguments = (scores, y) if part == "loss" else (X, scores, y)
    with np.errstate(all="ignore"):
        right = slips[()](*arguments)
        if (name,) in slips:
            return not is_close(slips[name,](*arguments), right)
    return not name.startswith(SCALES) or (bool(np.any(right))
                                           and (len(y) > 1 or name not in OF_MANY))
