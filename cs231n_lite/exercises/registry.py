"""The exercises: where each answer lives, which notebook asks for it, who judges it, what helps."""
import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from inspect import getsource
from typing import Any

from cs231n_lite.exercises.judges.exposing import judge_exposing
from cs231n_lite.exercises.judges.lines import BIAS_TRICK, BINARY_C, KL_DIVERGENCE, judge_line
from cs231n_lite.exercises.judges.loss import judge_loss, judge_scores_loss
from cs231n_lite.exercises.judges.numbers import judge_number
from cs231n_lite.exercises.judges.outputs import judge_predict, judge_probabilities
from cs231n_lite.exercises.judges.referee import cross_entropy_of, hinge_of
from cs231n_lite.exercises.judges.search import judge_search
from cs231n_lite.exercises.judges.sgd import judge_sgd
from cs231n_lite.exercises.naming import no_exercise
from cs231n_lite.exercises.suspects import SUSPECTS
from cs231n_lite.exercises.texts import DERIVATIONS, HINTS
from cs231n_lite.exercises.verdict import Trial

# The handout for students says False: then answers say that they are not available, and nobody
# falls back on them.
WITH_ANSWERS = True


@dataclass(frozen=True)
class Exercise:
    """A function to write, or a number to find, known by its name.

    The answer is called `id` in `cs231n_lite.<module>`.
    """

    id: str
    module: str
    notebook: str
    judge: Callable[..., list[Trial]]

    @property
    def hints(self) -> tuple[str, ...]:
        """Two or more, from a nudge to the idea."""
        return HINTS[self.id]

    @property
    def derivation(self) -> str:
        """The mathematics of the answer."""
        return DERIVATIONS[self.id].strip()

    @property
    def answer(self) -> Any:
        """The package's own function or number."""
        return getattr(import_module(f"cs231n_lite.{self.module}"), self.id)

    @property
    def is_number(self) -> bool:
        """True when a number is asked for.

        The judge tells, since importing the answer may take seconds.
        """
        return getattr(self.judge, "func", None) is judge_number

    @property
    def has_gradient(self) -> bool:
        """True when a loss is asked for together with its gradient."""
        return getattr(self.judge, "func", None) in (judge_loss, judge_scores_loss)

    @property
    def check(self) -> str:
        """How a cell has it checked: a number does not know its own name."""
        return f'check({self.id}, exercise="{self.id}")' if self.is_number else f"check({self.id})"

    @property
    def source(self) -> str:
        """The answer as it stands in its module, without decorators and annotations."""
        module = getsource(import_module(f"cs231n_lite.{self.module}"))
        return plain_source(module, self.id)


EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise
    for exercise in (
        *(Exercise(id, "exercises.questions", "linear_classification", judge)
          for id, judge in (("ship_score", partial(judge_number, id="ship_score")),
                            ("bias_trick", partial(judge_line, line=BIAS_TRICK)),
                            ("sample_svm_loss", partial(judge_number, id="sample_svm_loss")),
                            ("binary_C", partial(judge_line, line=BINARY_C)),
                            ("kl_divergence", partial(judge_line, line=KL_DIVERGENCE)))),
        Exercise("svm_loss_naive", "losses", "svm", partial(judge_loss, loss_of=hinge_of)),
        Exercise("break_svm_loss", "exercises.questions", "svm",
                 partial(judge_exposing, suspect=SUSPECTS["break_svm_loss"])),
        Exercise("svm_loss_vectorized", "losses", "svm",
                 partial(judge_loss, loss_of=hinge_of, loops=False)),
        Exercise("sgd", "optim", "svm", judge_sgd),
        Exercise("predict", "classifiers", "svm", judge_predict),
        Exercise("search", "tune", "svm", judge_search),
        Exercise("softmax", "losses", "softmax", judge_probabilities),
        Exercise("cross_entropy", "losses", "softmax",
                 partial(judge_scores_loss, loss_of=cross_entropy_of)),
        Exercise("softmax_loss_naive", "losses", "softmax",
                 partial(judge_loss, loss_of=cross_entropy_of)),
        Exercise("softmax_loss_vectorized", "losses", "softmax",
                 partial(judge_loss, loss_of=cross_entropy_of, loops=False)),
        Exercise("break_softmax_loss", "exercises.questions", "softmax",
                 partial(judge_exposing, suspect=SUSPECTS["break_softmax_loss"])),
    )
}
# The notebooks of the assignment that ask for exercises.
ASKING = tuple(dict.fromkeys(exercise.notebook for exercise in EXERCISES.values()))


def plain_source(module: str, name: str) -> str:
    """The text that gives `name` its value in the source of a module: a line, or a function.

    Of a function the decorators, which refuse bad input, and the annotations are left out; the
    rest is letter for letter as it stands.
    """
    lines, tree = module.splitlines(), ast.parse(module)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            head = f"def {name}({ast.unparse(without_annotations(node.args))}):"
            return "\n".join([head, *lines[node.body[0].lineno - 1:node.end_lineno]]) + "\n"
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return lines[node.lineno - 1] + "\n"
    raise ValueError(f"the module holds no {name!r}; expected a function or a value of that name.")


def without_annotations(arguments: ast.arguments) -> ast.arguments:
    """The arguments by name, with their defaults."""
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return arguments


def exercise_of(function_or_id: Callable | float | str | None, by: str = "check") -> Exercise:
    """The exercise of that id, or of a function of that name.

    Raises ValueError when there is none, said to whoever has called the function `by`.
    """
    id = (function_or_id if isinstance(function_or_id, str)
          else getattr(function_or_id, "__name__", None))
    if id not in EXERCISES:
        raise ValueError(no_exercise(function_or_id, EXERCISES, by))
    return EXERCISES[id]
