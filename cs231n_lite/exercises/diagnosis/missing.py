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
        texts = [*at_the_end(place, around, loss, gradient), *in_a_loop(place, around, gradient)]
        at = place.at + (not isinstance(place.node, ast.Return))
        value_at = place.node.end_lineno or place.node.lineno
        yield from (before(place.body, at, kind, text) for kind, text in texts)
        yield from (before(place.body, next_use(place), kind, text)._replace(line=value_at)
                    for kind, text in after_a_value(place, around, loss))
        yield from (before(place.body, 0, "step missing", text) for text in counting(tree, place))
        yield from (before(place.body, place.at + 1, "step missing", text)
                    for text in keeping(place))
        yield from (before(place.body, place.at + 1, "step missing", text)
                    for text in using(place, around))
        if (around.own_label and isinstance(place.node, ast.For)
                and counts(place.node, around.classes)):
            yield before(place.node.body, 0, "condition missing",
                         f"if {around.classes} == {around.own_label}:\n    continue")


def before(body: list[ast.stmt], at: int, kind: str, text: str) -> Edit:
    """The statement that a text is, put before the one at `at`; its line is the last one above."""
    line = (body[at - 1].end_lineno if at else body[0].lineno - 1) or body[0].lineno
    return Edit(kind, line, (inserted(body, at, *ast.parse(text).body),))


def next_use(place: Place) -> int:
    """Where in its block the name that a statement gives a value is used for the first time."""
    names = {part.id for part in ast.walk(place.node)
             if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    later = range(place.at + 1, len(place.body))
    return next((at for at in later if any(getattr(part, "id", None) in names
                                           for part in ast.walk(place.body[at]))), place.at + 1)


def counting(tree: ast.FunctionDef, place: Place) -> Iterator[str]:
    """At the start of a block in a loop: a step of what starts as a number and never changes."""
    if place.loops and place.at == 0:
        stored = [part.id for part in ast.walk(tree)
                  if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        for part in ast.walk(tree):
            if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant):
                names = [target.id for target in part.targets if isinstance(target, ast.Name)]
                yield from (f"{name} += 1" for name in names if stored.count(name) == 1)


def keeping(place: Place) -> Iterator[str]:
    """Where two names were compared: one kept as the other."""
    test = getattr(place.outer[-1].node, "test", None) if place.outer else None
    if isinstance(test, ast.Compare):
        names = [part.id for part in ast.walk(test) if isinstance(part, ast.Name)]
        yield from (f"{a} = {b}" for a in names for b in names if a != b)


def using(place: Place, around: Around) -> Iterator[str]:
    """Where a name gets a value that nothing reads: the correct class's entries made of it."""
    target = (getattr(place.node, "targets", None) or [None])[0]
    if around.family == "hinge" and isinstance(target, ast.Name) and target.id in around.unused:
        own = own_entries(place, around)
        yield from (f"{other}[{own}] {op} {target.id}"
                    for other in around.locals for op in ("= -", "-="))


def own_entries(place: Place, around: Around) -> str | None:
    """The index of the correct class: of one sample in a loop, of all outside."""
    if place.loops and around.own_label:
        return around.own_label
    return f"_np_.arange({around.N}), {around.roles['y']}" if "y" in around.roles else None


def counts(loop: ast.For, name: str | None) -> bool:
    """True for the loop of that variable."""
    return isinstance(loop.target, ast.Name) and loop.target.id == name


def never_returned(tree: ast.FunctionDef, around: Around) -> Iterator[Edit]:
    """A return at the end, where there is none."""
    if not any(isinstance(part, ast.Return) for part in ast.walk(tree)):
        names = dict.fromkeys(part.id for part in ast.walk(tree) if isinstance(part, ast.Name)
                              and isinstance(part.ctx, ast.Store))
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
    if place.outer or not around.family:
        return
    divides, penalizes = divides_by_a_number(place.node), mentions_reg(place.node, around)
    for name in (loss, gradient):
        if name:
            kind = "mean missing beside" if divides and around.rows else "mean missing"
            yield kind, f"{name} /= {around.N}"
    W, reg = around.roles.get("W"), around.roles.get("reg")
    kind = "penalty missing beside" if penalizes else "penalty missing"
    if reg and loss:
        yield kind, f"{loss} += {reg} * ({W} * {W}).sum()"
    if reg and gradient:
        yield kind, f"{gradient} += 2 * {reg} * {W}"


def divides_by_a_number(node: ast.stmt) -> bool:
    """True for `a /= n` and `a = a / n`, beside which the other mean is taken."""
    value = getattr(node, "value", None)
    return (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div)) or (
        isinstance(node, ast.Assign) and isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Div))


def mentions_reg(node: ast.stmt, around: Around) -> bool:
    """True for what has to do with the regularization."""
    reg = around.roles.get("reg")
    return any(isinstance(part, ast.Name) and part.id == reg for part in ast.walk(node))


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
    name = target.id
    own = own_entries(place, around)
    if not place.outer and around.family:
        kind = "mean missing" if around.rows else "mean missing beside"
        yield kind, f"{name} = {name} / {around.N}"
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
            yield "step missing", f"{name}[{own}] -= 1"
