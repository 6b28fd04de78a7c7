"""Right answers broken mechanically, one place at a time.

Operators turned, numbers changed, axes swapped, statements dropped, indices
exchanged, functions replaced by their likes: what slips of the pen look like.
"""
import ast
from collections.abc import Callable, Iterator
from inspect import getsource
from textwrap import dedent
from types import FunctionType
from typing import NamedTuple

from answers.right import RIGHT
from answers.wrong import compiled

OPPOSITE = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.USub: ast.UAdd,
}
LIKES = {"sum": "mean", "mean": "sum", "max": "min", "amax": "amin", "maximum": "minimum",
         "argmax": "argmin", "exp": "square", "log": "exp",
         "zeros": "ones", "zeros_like": "ones_like",
         "X_train": "X_val", "y_train": "y_val", "X_val": "X_train",
         "train_acc": "val_acc", "val_acc": "train_acc"}
INDICES = {"i": "j", "j": "i"}


class Mutant(NamedTuple):
    """A broken answer: what was broken, its source, and the names that it finds around it."""

    exercise: str
    name: str
    source: str
    around: dict[str, object]

    def function(self) -> Callable:
        """The broken function."""
        return compiled(self.source, self.name.partition(":")[0], dict(self.around))


def mutants() -> Iterator[Mutant]:
    """All mutants of all right answers that are plain functions; each serves one exercise."""
    seen = set()
    for exercise, answers in RIGHT.items():
        if exercise.startswith("break_"):  # there other numbers are as right
            continue
        for name, function in answers.items():
            plain = isinstance(function, FunctionType) and name == function.__name__
            if plain and function not in seen:
                seen.add(function)
                yield from mutants_of(exercise, function)


def mutants_of(exercise: str, function: FunctionType) -> Iterator[Mutant]:
    """The function with one place changed, for each place."""
    tree = ast.parse(dedent(getsource(function))).body[0]
    tree.decorator_list = []
    sound = ast.unparse(tree)
    found = {}
    for _ in changes(tree):
        broken = ast.unparse(tree)
        if broken != sound:
            found[f"{function.__name__}: {difference(sound, broken)}"] = broken
    for name, source in found.items():
        yield Mutant(exercise, name, source, function.__globals__)


def changes(tree: ast.FunctionDef) -> Iterator[None]:
    """Change one place of the tree at each step, and put it right before the next."""
    for node in [node for node in ast.walk(tree) if not isinstance(node, ast.arguments)]:
        for holder, key, part in list(parts(node)):
            for other in others(part):
                holder[key] = other
                yield
                holder[key] = part


def parts(node: ast.AST) -> Iterator[tuple[dict | list, str | int, object]]:
    """(holder, key, part) for everything that a node is made of: holder[key] is the part."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            yield from ((value, i, part) for i, part in enumerate(value))
        elif field == "attr" or not isinstance(value, (str, ast.expr_context)):
            yield vars(node), field, value


def others(part: object) -> Iterator[object]:
    """What is put in the place of a part."""
    if isinstance(part, ast.stmt):
        yield ast.Pass()
    elif isinstance(part, ast.Constant) and type(part.value) in (int, float):
        yield ast.Constant(1 - part.value)
        yield ast.Constant(part.value + 1)
    elif isinstance(part, ast.Constant) and part.value is True:
        yield ast.Constant(False)
    elif type(part) in OPPOSITE:
        yield OPPOSITE[type(part)]()
    elif isinstance(part, ast.UnaryOp):
        yield part.operand
    elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
        yield from (ast.Name(table[part.id], ast.Load())
                    for table in (INDICES, LIKES) if part.id in table)
    elif isinstance(part, str) and part in LIKES:
        yield LIKES[part]


def difference(sound: str, broken: str) -> str:
    """The first line that differs, before and after."""
    pairs = zip(sound.splitlines(), broken.splitlines())
    return next(f"{old.strip()} -> {new.strip()}" for old, new in pairs if old != new)
