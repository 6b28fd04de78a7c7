"""What the text of a wrong answer tells that its numbers do not."""
import ast
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.source import definition

SUBCLASSES = {"matrix": "np.matrix", "asmatrix": "np.asmatrix", "mat": "np.mat",
              "bmat": "np.bmat"}


def remarks(function: Any) -> list[str]:
    """A sentence each on a return in a loop, on matrices, on arrays of the notebook."""
    if type(function) is not FunctionType or (tree := definition(function)) is None:
        return []
    return [*returns_in_loops(tree), *matrices(tree), *borrowed(tree, function)]


def returns_in_loops(tree: ast.FunctionDef) -> Iterator[str]:
    """On a return that every first round of a loop comes to."""
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and isinstance(loop.body[-1], ast.Return):
            yield (f"It returns inside the loop over `{ast.unparse(loop.iter)}`, at the end of the "
                   "first round: look at how far the return is indented. The rest of this "
                   "may come from that.")
            return


def matrices(tree: ast.FunctionDef) -> Iterator[str]:
    """On np.matrix and what makes one."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Attribute) and part.attr in SUBCLASSES:
            yield (f"{SUBCLASSES[part.attr]} makes a matrix, for which `*` is the matrix product, "
                   "a row keeps two axes, and keepdims is unknown. Leave it out, and write `@` "
                   "for the product of two arrays.")
            return


def borrowed(tree: ast.FunctionDef, function: FunctionType) -> Iterator[str]:
    """On arrays that are found in the notebook, though the arguments are meant, if any are."""
    if not tree.args.args:
        return
    own = {part.arg for part in ast.walk(tree) if isinstance(part, ast.arg)} | {
        part.id for part in ast.walk(tree)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    used = dict.fromkeys(part.id for part in ast.walk(tree)
                         if isinstance(part, ast.Name) and part.id not in own)
    for name in used:
        if type(function.__globals__.get(name)) is Array:
            yield (f"`{name}` comes from the notebook and is no argument of this function, "
                   "which must also work on other data: use its arguments, and their shapes.")
