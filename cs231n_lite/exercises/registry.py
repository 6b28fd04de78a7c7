"""The exercises: where each answer lives, which notebook asks for it, who judges it, and what helps."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cs231n_lite.exercises.judge_loss import judge_loss, judge_scores_loss
from cs231n_lite.exercises.judge_outputs import judge_predict, judge_probabilities
from cs231n_lite.exercises.judge_search import judge_search
from cs231n_lite.exercises.judge_sgd import judge_sgd
from cs231n_lite.exercises.referee import cross_entropy_of, hinge_of
from cs231n_lite.exercises.texts import DERIVATIONS, HINTS
from cs231n_lite.exercises.verdict import Trial


@dataclass(frozen=True)
class Exercise:
    """A function to write, known by its name.

    The answer is the function `id` of `cs231n_lite.<module>`; `helpers` are the
    functions beside it that one has to see to understand it.
    """

    id: str
    module: str
    notebook: str
    judge: Callable[[Callable], list[Trial]]
    helpers: tuple[str, ...] = ()

    @property
    def hints(self) -> tuple[str, ...]:
        """Two or more, from a nudge to the idea."""
        return HINTS[self.id]

    @property
    def derivation(self) -> str:
        """The mathematics of the answer."""
        return DERIVATIONS[self.id].strip()


EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise
    for exercise in (
        Exercise("svm_loss_naive", "losses", "svm", partial(judge_loss, loss_of=hinge_of), helpers=("regularized",)),
        Exercise("svm_loss_vectorized", "losses", "svm",
                 partial(judge_loss, loss_of=hinge_of), helpers=("hinge", "margins", "regularized")),
        Exercise("sgd", "optim", "svm", judge_sgd, helpers=("minibatches", "finite")),
        Exercise("predict", "classifiers", "svm", judge_predict),
        Exercise("search", "tune", "svm", judge_search, helpers=("trained", "accuracy")),
        Exercise("softmax", "losses", "softmax", judge_probabilities),
        Exercise("cross_entropy", "losses", "softmax",
                 partial(judge_scores_loss, loss_of=cross_entropy_of)),
        Exercise("softmax_loss_naive", "losses", "softmax",
                 partial(judge_loss, loss_of=cross_entropy_of), helpers=("regularized",)),
        Exercise("softmax_loss_vectorized", "losses", "softmax",
                 partial(judge_loss, loss_of=cross_entropy_of), helpers=("cross_entropy", "regularized")),
    )
}


def exercise_of(function_or_id: Callable | str) -> Exercise:
    """The exercise of that id, or of a function of that name.  Raises ValueError when there is none."""
    id = function_or_id if isinstance(function_or_id, str) else getattr(function_or_id, "__name__", None)
    if id not in EXERCISES:
        raise ValueError(f"{function_or_id!r} is no exercise; expected one of {', '.join(EXERCISES)}, or a function of "
                         "that name; for another name, say check(f, exercise=...).")
    return EXERCISES[id]
