"""Statements that the derivation knows, put where a student may have forgotten them."""
import ast
from collections.abc import Iterator

from cs231n_lite.exercises.diagnosis.statements import (
    Place,
    beginnings,
    inserted,
    replaced,
    statements,
)
from cs231n_lite.exercises.diagnosis.tree import Around, Edit

Texts = Iterator[tuple[str, str]]


def missing_edits(tree: ast.FunctionDef, around: Around) -> Iterator[Edit]:
    """Statements where they may be missing: the later place first, which is the likelier one."""
    loss, gradient = returned_names(tree)
    yield from assigned_everywhere(tree)
    yield from never_returned(tree, around)
    for name, text in zip((loss, gradient), beginnings(around)):
        if name:
            yield before(tree.body, 0, "start missing", f"{name} = {text}")
    for place in reversed(list(statements(tree.body))):
        texts = [*at_the_end(place, around, loss, gradient), *in_a_loop(place, around, gradient),
                 *after_a_value(place, around, loss)]
        at = place.at + (not isinstance(place.node, ast.Return))
        yield from (before(place.body, at, kind, text) for kind, text in texts)
        if (around.own_label and isinstance(place.node, ast.For)
                and counts(place.node, around.classes)):
            yield before(place.node.body, 0, "condition missing",
                         f"if {around.classes} == {around.own_label}:\n    continue")


def before(body: list[ast.stmt], at: int, kind: str, text: str) -> Edit:
    """The statement that a text is, put before the one at `at`; its line is the last one above."""
    line = (body[at - 1].end_lineno if at else body[0].lineno - 1) or body[0].lineno
    return Edit(kind, line, (inserted(body, at, *ast.parse(text).body),))


def counts(loop: ast.For, name: str | None) -> bool:
    """True for the loop of that variable."""
    return isinstance(loop.target, ast.Name) and loop.target.id == name


def never_returned(tree: ast.FunctionDef, around: Around) -> Iterator[Edit]:
    """A return at the end, where there is none."""
    if not any(isinstance(part, ast.Return) for part in ast.walk(tree)):
        names = around.locals
        texts = [*names, *(f"({a}, {b})" for a in names for b in names if a != b)]
        yield from (before(tree.body, len(tree.body), "not returned", f"return {text}")
                    for text in texts)


def assigned_everywhere(tree: ast.FunctionDef) -> Iterator[Edit]:
    """All parts of arrays that are assigned inside loops, added instead."""
    changes = tuple(
        replaced(place, ast.AugAssign(target, ast.Add(), place.node.value))
        for place in statements(tree.body) if place.loops and isinstance(place.node, ast.Assign)
        for target in place.node.targets if isinstance(target, ast.Subscript))
    if len(changes) > 1:
        yield Edit("assigned", changes[0][0][changes[0][1]][0].lineno, changes)


def returned_names(tree: ast.FunctionDef) -> tuple[str | None, str | None]:
    """The names of loss and gradient, where names are returned at the end."""
    value = getattr(tree.body[-1], "value", None)
    if not isinstance(value, (ast.Tuple, ast.List)) or len(value.elts) != 2:
        return None, None
    first, second = (part.id if isinstance(part, ast.Name) else None for part in value.elts)
    return first, second


def at_the_end(place: Place, around: Around, loss: str | None, gradient: str | None) -> Texts:
    """The mean and the penalties, outside of all loops."""
    if place.outer:
        return
    yield from (("mean missing", f"{name} /= {around.N}") for name in (loss, gradient) if name)
    W, reg = around.roles.get("W"), around.roles.get("reg")
    if reg and loss:
        yield "penalty missing", f"{loss} += {reg} * ({W} * {W}).sum()"
    if reg and gradient:
        yield "penalty missing", f"{gradient} += 2 * {reg} * {W}"


def in_a_loop(place: Place, around: Around, gradient: str | None) -> Texts:
    """What one sample adds to the gradient; a step of descent, and its loss."""
    if not place.loops:
        return
    X, W, rate = (around.roles.get(role) for role in ("X", "W", "rate"))
    if gradient and X and around.own_label and around.classes:
        x, column = f"{X}[{around.rows}]", f"{gradient}[:, {around.classes}]"
        yield "statement missing", f"{column} += {x}"
        yield "statement missing", f"{gradient}[:, {around.own_label}] -= {x}"
        if around.family == "entropy":
            yield from (("statement missing", f"{column} += {name}[{around.classes}] * {x}")
                        for name in around.locals)
    if rate:
        yield from (("statement missing", f"{W} = {W} - {rate} * {name}")
                    for name in around.locals)
        yield from (("statement missing", f"{name}.append({other})")
                    for name in around.locals for other in around.locals if other != name)


def after_a_value(place: Place, around: Around, loss: str | None) -> Texts:
    """What is done to an array once it has its value."""
    target = getattr(place.node, "target", None) or (getattr(place.node, "targets", None) or [0])[0]
    if not isinstance(target, ast.Name) or isinstance(place.node, ast.For):
        return
    name, roles = target.id, around.roles
    own = (around.own_label if place.loops and around.own_label
           else f"_np_.arange({around.N}), {roles['y']}" if "y" in roles else None)
    yield "mean missing", f"{name} = {name} / {around.N}"
    yield "copy", f"{name} = {name}.copy()"
    if loss and loss != name and place.loops:
        yield "statement missing", f"{loss} += {name}"
    if around.family == "hinge":
        yield "statement missing", f"{name}[{own}] = 0"
        yield "statement missing", f"{name}[{own}] = -{name}.sum(axis=-1)"
        yield "statement missing", f"{name}[{own}] -= {name}.sum(axis=-1)"
        yield from (("statement missing", f"{name}[{own}] = -{other}") for other in around.locals)
        yield "statement missing", f"{name}[{name} > 0] = 1"
        yield "statement missing", f"{name} = _np_.maximum(0, {name})"
    elif around.family == "entropy":
        yield "shift", f"{name} = {name} - {name}.max(axis=-1, keepdims=True)"
        yield "function missing", f"{name} = _np_.exp({name})"
        yield "statement missing", f"{name} = {name} / {name}.sum(axis=-1, keepdims=True)"
        if own:
            yield "statement missing", f"{name}[{own}] -= 1"
