"""What a function's own text says of how it computes: by a Python loop, or by the naive one.

It is read and never run, with that of the functions beside it which it calls.
"""
import ast
from collections.abc import Iterator
from inspect import getsource
from textwrap import dedent
from types import FunctionType
from typing import Any, NamedTuple

LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPING = {"map", "vectorize", "apply_along_axis"}
TEXT = 80


class Way(NamedTuple):
    """A way to compute, "loop" or "naive", with the line or the name that shows it."""

    id: str
    shown: str


def ways_of(function: Any) -> list[Way]:
    """The first loop in a function or in what it calls, or the naive one, if it calls that.

    Of what has no text that can be read there is nothing to say.
    """
    return list(ways(function, set()))[:1] if isinstance(function, FunctionType) else []


def ways(function: FunctionType, seen: set[FunctionType]) -> Iterator[Way]:
    """All of them, those of the functions that it calls last."""
    lines, tree = text_of(function)
    seen.add(function)
    helpers = []
    for node in ast.walk(tree):
        name = getattr(node, "id", getattr(node, "attr", ""))
        found = function.__globals__.get(name) if isinstance(node, ast.Name) else None
        known = found.__name__ if isinstance(found, FunctionType) else name
        if known.endswith("_naive"):
            yield Way("naive", name[:TEXT])
        elif isinstance(node, LOOPS) or (isinstance(node, ast.expr) and name in LOOPING):
            yield Way("loop", lines[node.lineno - 1].strip()[:TEXT])
        elif (isinstance(found, FunctionType) and found not in seen
              and found.__module__ == function.__module__):
            helpers.append(found)
    for helper in helpers:
        yield from ways(helper, seen)


def text_of(function: FunctionType) -> tuple[list[str], ast.AST]:
    """The lines of a function and its syntax tree, without decorators; empty without a text."""
    try:
        text = dedent(getsource(function))
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError, TypeError):
        return [], ast.Module([], [])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
    return text.splitlines(), tree
