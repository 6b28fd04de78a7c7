"""Small changes of whole statements: one too many, missing, out of place, assigned for added."""
import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from cs231n_lite.exercises.diagnosis.tree import Around, Change, Edit, filled, parsed

BLOCKS = ("body", "orelse", "finalbody")  # of a compound statement


class Place(NamedTuple):
    """A statement, where it stands, and the statements around it, outermost first."""

    node: ast.stmt
    body: list[ast.stmt]
    at: int
    outer: tuple["Place", ...]

    @property
    def loops(self) -> list["Place"]:
        """The loops around it, outermost first."""
        return [place for place in self.outer if isinstance(place.node, (ast.For, ast.While))]


def statements(body: list[ast.stmt], outer: tuple[Place, ...] = ()) -> Iterator[Place]:
    """All statements below, each before those inside it."""
    for at, node in enumerate(body):
        place = Place(node, body, at, outer)
        yield place
        for inner in blocks(node):
            yield from statements(inner, (*outer, place))


def blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for name in BLOCKS:
        if getattr(node, name, None):
            yield getattr(node, name)


def replaced(place: Place, *new: ast.stmt) -> Change:
    """The change that puts these statements in the place of one."""
    return place.body, slice(place.at, place.at + 1), list(new) or [ast.Pass()]


def inserted(body: list[ast.stmt], at: int, *new: ast.stmt) -> Change:
    """The change that puts statements before the one at `at`."""
    return body, slice(at, at), list(new)


def statement_edits(place: Place, around: Around) -> Iterator[Edit]:
    """All small changes of one statement."""
    node, line = place.node, place.node.lineno
    for kind, new in other_statements(place, around):
        yield Edit(kind, line, (replaced(place, *new),))
    if not isinstance(node, (ast.Return, ast.FunctionDef, ast.Pass)):
        yield Edit("statement too much", line, (replaced(place),))
    if place.at + 1 < len(place.body):
        after = place.body[place.at + 1]
        if not isinstance(after, ast.Return):
            yield Edit("order", line, ((place.body, slice(place.at, place.at + 2), [after, node]),))
    yield from other_levels(place)


def other_statements(place: Place, around: Around) -> Iterator[tuple[str, Any]]:
    """What may stand in the place of a statement, each with the kind of change."""
    node = place.node
    if isinstance(node, ast.AugAssign):
        yield from instead_of_adding(node)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        yield from instead_of_assigning(node.targets[0], node.value, around)
        if added := as_added(node.targets[0], node.value):
            yield from instead_of_adding(added)
    elif isinstance(node, ast.Expr):
        yield from instead_of_computing(node.value)
    elif isinstance(node, ast.If):
        yield from instead_of_a_condition(node, around)
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        yield from other_targets(node, around)
        yield from (("value", [node, *ast.parse(text).body]) for text in other_sizes(node, around))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
        own = node.value.id
        yield from (("returned", [ast.Return(parsed(pair))]) for other in around.variables
                    for pair in (f"({own}, {other})", f"({other}, {own})"))
    if isinstance(node, (ast.Break, ast.Return)) and place.loops:
        yield "left too early", [ast.Continue()]
        yield "left too early", [ast.Pass()]


def instead_of_adding(node: ast.AugAssign) -> Iterator[tuple[str, Any]]:
    """Another operator, assigned, in a new array, in two steps, each repeated index alone."""
    target, value = node.target, node.value
    yield from (("operator", [ast.AugAssign(target, op(), value)])
                for op in (ast.Add, ast.Sub, ast.Div, ast.Mult) if not isinstance(node.op, op))
    yield "added", [ast.Assign([target], value)]
    yield "added", [ast.Assign([target], ast.UnaryOp(ast.USub(), value))]
    if isinstance(target, ast.Name):
        own = ast.Name(target.id, ast.Load())
        yield "in place", [ast.Assign([target], ast.BinOp(own, node.op, value))]
    if isinstance(value, ast.BinOp):
        yield "brackets", [ast.AugAssign(target, node.op, value.left),
                           ast.AugAssign(target, value.op, value.right)]
    if isinstance(target, ast.Subscript) and isinstance(node.op, (ast.Add, ast.Sub)):
        name = "add" if isinstance(node.op, ast.Add) else "subtract"
        yield "repeated indices", [each_alone(target, name, value)]


def each_alone(target: ast.Subscript, name: str, value: ast.expr) -> ast.Expr:
    """`a[k] += b`, where an index may come more than once."""
    return ast.Expr(ast.Call(parsed(f"_np_.{name}.at"),
                             [target.value, as_value(target.slice), value], []))


def as_added(target: ast.expr, value: ast.expr) -> ast.AugAssign | None:
    """`a = a + b` as `a += b`, where it is that."""
    if (isinstance(value, ast.BinOp) and isinstance(target, (ast.Name, ast.Subscript))
            and ast.unparse(value.left) == ast.unparse(target)):
        return ast.AugAssign(target, value.op, value.right)
    return None


def other_targets(node: ast.Assign | ast.AugAssign, around: Around) -> Iterator[tuple[str, Any]]:
    """Kept by another name."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield from (("target", [ast.AugAssign(ast.Name(name, ast.Store()), node.op, node.value)])
                    for name in around.locals if name != node.target.id)


def other_sizes(node: ast.Assign | ast.AugAssign, around: Around) -> Iterator[str]:
    """Where names get sizes: one of them set to how many samples, or classes, there are."""
    X, W = around.roles.get("X"), around.roles.get("W")
    if X and W and any(getattr(part, "attr", getattr(part, "id", "")) in ("shape", "len")
                       for part in ast.walk(node)):
        yield from (f"{part.id} = {size}" for part in ast.walk(node)
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
                    for size in (f"{X}.shape[0]", f"{W}.shape[1]"))


def as_value(index: ast.expr) -> ast.expr:
    """An index as what a function takes for it."""
    if isinstance(index, ast.Tuple):
        return ast.Tuple([as_value(part) for part in index.elts], ast.Load())
    return parsed("slice(None)") if isinstance(index, ast.Slice) else index


def instead_of_assigning(target: ast.expr, value: ast.expr,
                         around: Around) -> Iterator[tuple[str, Any]]:
    """Added, subtracted, multiplied; begun anew."""
    if isinstance(target, (ast.Name, ast.Subscript)):
        yield "assigned", [ast.AugAssign(target, ast.Add(), value)]
        yield from (("combined", [ast.AugAssign(target, op(), value)])
                    for op in (ast.Sub, ast.Div, ast.Mult))
        if isinstance(value, ast.UnaryOp):
            yield "assigned", [ast.AugAssign(target, ast.Sub(), value.operand)]
    if isinstance(target, ast.Subscript):
        yield "repeated indices", [each_alone(target, "add", value)]
        if isinstance(value, ast.Name) and not around.family:
            yield from (("value", [ast.Assign([target], parsed(f"({a}, {b})"))])
                        for name in around.locals
                        for a, b in ((value.id, name), (name, value.id)))
    if isinstance(target, ast.Name):
        yield from (("value", [ast.Assign([target], ast.Name(name, ast.Load()))])
                    for name in around.locals if name != target.id)
    if isinstance(target, ast.Name):
        if isinstance(value, (ast.Name, ast.Subscript)):
            yield "alias", [ast.Assign([target], filled("it.copy()", it=value))]
        yield from (("start", [ast.Assign([target], parsed(text))])
                    for text in beginnings(around))
    elif around.family == "entropy" and isinstance(target, ast.Subscript):
        yield "assigned", [ast.AugAssign(target, ast.Sub(), ast.Constant(1.0))]


def beginnings(around: Around) -> list[str]:
    """What a loss and a gradient start from."""
    return ["0.0", *(f"_np_.zeros({around.roles[role]}.shape)"
                     for role in ("W", "scores") if role in around.roles)]


def instead_of_computing(value: ast.expr) -> Iterator[tuple[str, Any]]:
    """What is computed and kept nowhere, kept or returned."""
    yield "not returned", [ast.Return(value)]
    left = getattr(value, "left", None)
    if not isinstance(left, (ast.Name, ast.Subscript)):
        return
    target: Any = (ast.Name(left.id, ast.Store()) if isinstance(left, ast.Name)
                   else ast.Subscript(left.value, left.slice, ast.Store()))
    if isinstance(value, ast.BinOp):
        yield "not kept", [ast.AugAssign(target, value.op, value.right)]
    elif isinstance(value, ast.Compare):
        yield "not kept", [ast.Assign([target], value.comparators[0])]


def instead_of_a_condition(node: ast.If, around: Around) -> Iterator[tuple[str, Any]]:
    """Without the condition, with its contrary, with one where there is none."""
    yield "condition too much", node.body
    yield "condition too much", [*node.body, *node.orelse]
    yield "not", [ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
    if isinstance(node.test, (ast.Constant, ast.Compare)):
        tests = [f"{name} > 0" for name in around.variables]
        if around.own_label:
            tests += [f"{around.classes} {op} {around.own_label}" for op in ("==", "!=")]
        if not around.family:
            tests += [f"{a} > {b}" for a in around.locals for b in around.locals if a != b]
        yield from (("condition", [ast.If(parsed(test), node.body, node.orelse)])
                    for test in tests)


def other_levels(place: Place) -> Iterator[Edit]:
    """One level out, behind or before what it stands in; or into the block before it."""
    node, line = place.node, place.node.lineno
    if isinstance(node, (ast.Continue, ast.Break, ast.FunctionDef)):
        return
    if place.outer:
        parent = place.outer[-1]
        for at in (parent.at + 1, parent.at):
            yield Edit("level", line, (replaced(place), inserted(parent.body, at, node)))
        if rest := place.body[place.at + 1:]:  # and all that follows
            cut = place.body, slice(place.at, None), [] if place.at else [ast.Pass()]
            yield Edit("level", line, (cut, inserted(parent.body, parent.at + 1, node, *rest)))
    for after in place.body[place.at + 1:]:
        if isinstance(after, ast.For):
            yield Edit("level in", line, (inserted(after.body, 0, node), replaced(place)))
    if place.at and not isinstance(node, ast.Return):
        yield from into_the_block_above(place)
    if place.loops and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        loop, name = place.loops[0], node.targets[0]  # it starts before the loop, and adds up in it
        start = ast.Assign([name], ast.Constant(0.0))
        yield Edit("assigned", line, (
            replaced(place, ast.AugAssign(name, ast.Add(), node.value)),
            inserted(loop.body, loop.at, start)))


def into_the_block_above(place: Place) -> Iterator[Edit]:
    """A statement, or two or three in a row, at the end of a block above, or in an `else`."""
    above, line = place.body[place.at - 1], place.node.lineno
    for count in range(1, min(3, len(place.body) - place.at) + 1):
        run = place.body[place.at:place.at + count]
        if isinstance(run[-1], ast.Return):
            return
        cut: Change = place.body, slice(place.at, place.at + count), []
        yield from (Edit("level", line, (cut, inserted(block, len(block), *run)))
                    for block in last_blocks(above))
        if isinstance(above, ast.If) and not above.orelse:
            yield Edit("level", line, (cut, inserted(above.orelse, 0, *run)))


def last_blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks that end where a statement does, outermost first."""
    for block in blocks(node):
        yield block
        yield from last_blocks(block[-1])
