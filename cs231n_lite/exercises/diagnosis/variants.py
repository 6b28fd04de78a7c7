"""Variants of a function that run: a change made and undone in its tree, or one of many chosen.

Compiling takes longer than a call.  So all changes of one expression are compiled at once, as
`first if chosen == 0 else second if chosen == 1 else ...`, and then chosen from.
"""
import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cs231n_lite.exercises.diagnosis.source import Trees, fresh_ticks, runnable
from cs231n_lite.exercises.diagnosis.tree import Edit

CHOSEN = "_chosen_"
# What a change that cannot be is refused with.
REFUSALS = (SyntaxError, ValueError, TypeError, RecursionError)


class Variants:
    """The functions that changes of a tree, or of its helpers', make."""

    def __init__(self, trees: Trees, names: dict[str, Any], edits: Sequence[Edit]) -> None:
        self.trees, self.names = trees, names
        self.groups: dict[tuple, list[Edit]] = {}
        self.made: dict[tuple, Callable | None] = {}
        for edit in edits:
            if is_of_an_expression(edit):
                self.groups.setdefault(place_of(edit), []).append(edit)

    def function(self, edit: Edit) -> Callable:
        """The function with that change; it is the same object for others of the same place."""
        place = place_of(edit)
        if is_of_an_expression(edit):
            if place not in self.made:
                self.made[place] = self.together(self.groups[place])
            if f := self.made[place]:
                number = next(n for n, other in enumerate(self.groups[place]) if other is edit)
                f.__globals__.update({CHOSEN: number}, **fresh_ticks())
                return f
        with made(edit):
            return runnable(self.trees, self.names)

    def together(self, edits: list[Edit]) -> Callable | None:
        """The function from which one of the changes is chosen; None where one cannot be."""
        holder, key, _ = edits[0].changes[0]
        news = [edit.changes[0][2] for edit in edits]
        try:
            with made(Edit("", edits[0].line, ((holder, key, choice(news, 0)),))):
                return runnable(self.trees, self.names)
        except REFUSALS:
            return None


def is_of_an_expression(edit: Edit) -> bool:
    """True for the change of a single expression that is read."""
    new = edit.changes[0][2]
    return (len(edit.changes) == 1 and isinstance(new, ast.expr)
            and isinstance(getattr(new, "ctx", ast.Load()), ast.Load))


def place_of(edit: Edit) -> tuple:
    """Which part of the tree is changed."""
    holder, key, _ = edit.changes[0]
    return id(holder), str(key)


def choice(news: list[ast.expr], first: int) -> ast.expr:
    """The expression that is one of these, by its number."""
    if len(news) == 1:
        return news[0]
    half = len(news) // 2
    test = ast.Compare(ast.Name(CHOSEN, ast.Load()), [ast.Lt()], [ast.Constant(first + half)])
    return ast.IfExp(test, choice(news[:half], first), choice(news[half:], first + half))


@contextmanager
def made(edit: Edit) -> Iterator[None]:
    """The change, for as long as the context lasts."""
    before = [(holder, holder.copy()) for holder, *_ in edit.changes]
    try:
        make(edit)
        yield
    finally:
        for holder, old in reversed(before):
            if isinstance(holder, list):
                holder[:] = old
            else:
                holder.update(old)


def make(edit: Edit) -> None:
    """Change the tree."""
    for holder, key, new in edit.changes:
        holder[key] = new
        for node in new if isinstance(new, list) else [new]:
            give_line(node, edit.line)


def give_line(node: Any, line: int) -> None:
    """Give a line to all parts of a node that have none; below one that has, all have."""
    if hasattr(node, "lineno") or not isinstance(node, ast.AST):
        return
    if "lineno" in node._attributes:
        vars(node).update(lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
    for part in ast.iter_child_nodes(node):
        give_line(part, line)
