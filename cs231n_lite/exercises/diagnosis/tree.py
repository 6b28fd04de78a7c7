"""A syntax tree and its places: what every kind of change is made of.

A place is a (holder, key): `holder[key]` is the part that is changed.  Nothing is copied; a change
is made and undone in the tree itself.
"""
import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

Holder = Any
Change = tuple[Holder, Any, Any]
Kinds = Iterator[tuple[str, Any]]


class Edit(NamedTuple):
    """A change of the tree, by its kind, the line that it is on, and what to put where."""

    kind: str
    line: int
    changes: tuple[Change, ...]


class Around(NamedTuple):
    """What an edit may draw on: names by their roles (X, W, y, reg, scores), and by their use."""

    roles: dict[str, str]
    family: str
    variables: tuple[str, ...]
    rows: str | None
    classes: str | None
    unused: frozenset[str] = frozenset()

    @property
    def locals(self) -> list[str]:
        """The variables that are computed."""
        return [name for name in self.variables
                if name not in (*self.roles.values(), self.rows, self.classes)]

    @property
    def N(self) -> str:
        """How many samples there are, as an expression."""
        return f"{self.roles.get('X') or self.roles.get('scores') or '_none_'}.shape[0]"

    @property
    def own_label(self) -> str | None:
        """The label of the row of a loop, as an expression."""
        return f"{self.roles['y']}[{self.rows}]" if "y" in self.roles and self.rows else None


def parsed(text: str) -> ast.expr:
    """The expression that a text is."""
    return ast.parse(text, mode="eval").body


def filled(text: str, **parts: ast.expr) -> ast.expr:
    """The expression in which these parts stand for their names."""
    return Filling(parts).visit(parsed(text))


class Filling(ast.NodeTransformer):
    """Puts parts in the place of names."""

    def __init__(self, parts: dict[str, ast.expr]) -> None:
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The part of that name."""
        return self.parts.get(node.id, node)


def root(part: ast.expr) -> str | None:
    """The name at the start of `a.b[c]`."""
    while isinstance(part, (ast.Attribute, ast.Subscript)):
        part = part.value
    return part.id if isinstance(part, ast.Name) else None


def places(node: ast.AST) -> Iterator[tuple[Holder, Any, Any]]:
    """(holder, key, part) of all expressions and operators below a node, inner statements aside.

    What `out=` names is left aside, too: it is no value, but where one is written.
    """
    for field, value in ast.iter_fields(node):
        inner = enumerate(value) if isinstance(value, list) else [(field, value)]
        for key, part in inner:
            if isinstance(part, ast.AST) and getattr(part, "arg", "") != "out" and not isinstance(
                    part, (ast.stmt, ast.expr_context, ast.excepthandler)):
                yield (value if isinstance(value, list) else vars(node)), key, part
                yield from places(part)
