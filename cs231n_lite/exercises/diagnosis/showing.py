"""On which problems a fault can show at all: a list of what was tried names no other."""
from collections.abc import Callable, Iterable

import numpy as np

from cs231n_lite.exercises.diagnosis.anatomy import Family
from cs231n_lite.exercises.judges.calling import is_close
from cs231n_lite.exercises.judges.problems import FAR, Problem, ScoresProblem

UNSTABLE = ("no shift", "one maximum for all", "overflow", "shift too small", "shift not harmless",
            "scores clipped")
# The strengths of regularization at which a fault of it is none.
HIDDEN_AT: dict[str, tuple[float, ...]] = {"reg forgotten": (1.0,), "reg squared": (0.0, 1.0)}
SCALES = ("not divided by N", "divided by N twice", "sign flipped", "divided by C", "scaled",
          "logarithm to another base")
OF_MANY = ("not divided by N", "divided by N twice", "regularization divided by N",
           "regularization times N", "mean and penalty mixed")


def shows(id: str, problem: Problem | ScoresProblem, family: Family,
          anyhow: Callable[[Iterable[bool]], bool] = all) -> bool:
    """True when a fault of that id can make a loss, or a gradient, wrong on a problem.

    In all ways to make it, or in `any`.
    """
    if id in UNSTABLE:
        return problem.name in FAR
    part, _, name = id.partition(": ")
    slips = family.losses if part == "loss" else family.gradients
    if isinstance(problem, ScoresProblem):
        scores, y = problem.scores, problem.y
        X, reg, bare = np.eye(len(scores)), 0.0, np.zeros(())
    else:
        W, X, y, reg = problem.W, problem.X, problem.y, problem.reg
        scores, bare = X @ W, np.asarray(np.sum(W**2) if part == "loss" else 2 * W)
    penalty = reg * bare
    arguments = (scores, y) if part == "loss" else (X, scores, y)
    with np.errstate(all="ignore"):
        right = slips[()](*arguments)
        if isinstance(problem, Problem) and is_of_penalty(id):
            # It may be too much by reg or by N, so that a small penalty is a large fault.
            most = bare if name == "reg forgotten" else len(X) * penalty
            return (reg not in HIDDEN_AT.get(name, (0.0,)) and (len(X) > 1
                    or name not in OF_MANY) and not is_close(right + most, right, 1e-6))
        if ways := [slip for names, slip in slips.items() if names and names[0].strip() == name]:
            return anyhow(not is_close(slip(*arguments) + penalty, right + penalty)
                          for slip in ways)
        return not name.startswith(SCALES) or (not is_close(right + penalty, penalty)
                                               and (len(y) > 1 or name not in OF_MANY))


def is_of_penalty(id: str) -> bool:
    """True for a fault of the regularization."""
    return id == "old convention" or any(word in id for word in ("regularization", "penalty",
                                                                 "reg forgotten", "reg squared"))
