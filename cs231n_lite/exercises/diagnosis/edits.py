"""Small changes of an expression: what a slip of the pen would have been before."""
import ast
from collections.abc import Iterator

from cs231n_lite.exercises.diagnosis.applied import LIKES, calls
from cs231n_lite.exercises.diagnosis.brackets import comparisons, sums_and_products
from cs231n_lite.exercises.diagnosis.tree import (
    Around,
    Edit,
    Kinds,
    filled,
    parsed,
    places,
    root,
)

OTHER_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add, ast.MatMult), ast.Div: (ast.Mult, ast.Sub),
    ast.FloorDiv: (ast.Div,), ast.Pow: (ast.Mult,), ast.MatMult: (ast.Mult,),
    ast.BitXor: (ast.Pow,), ast.Mod: (ast.Div,),
}
OTHER_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.Lt, ast.NotEq), ast.Lt: (ast.Gt, ast.NotEq), ast.GtE: (ast.Gt, ast.LtE),
    ast.LtE: (ast.Lt, ast.GtE), ast.Eq: (ast.NotEq, ast.Gt), ast.NotEq: (ast.Eq, ast.Gt),
    ast.Is: (ast.Eq,), ast.IsNot: (ast.NotEq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}
WRAPPINGS = (
    ("sign", "-it"), ("transpose", "it.T"), ("copy", "it.copy()"),
    ("factor", "it * 2"), ("factor", "it / 2"),
    ("shift", "it - it.max(axis=1, keepdims=True)"), ("shift", "it - it.max()"),
    *(("function missing", text) for text in (
        "_np_.exp(it)", "_np_.log(it)", "_np_.sum(it)", "_np_.maximum(0, it)", "_np_.abs(it)",
        "it ** 2", "it.sum(axis=1)", "it.sum(axis=1, keepdims=True)")),
)
# What is missing in one family of losses alone.
OF_FAMILY = {
    "hinge": (("comparison missing", "it > 0"),),
    "entropy": (("variable missing", "it / it.sum(axis=-1, keepdims=True)"),),
}


def expression_edits(statement: ast.stmt, around: Around) -> Iterator[Edit]:
    """All small changes of one expression in a statement."""
    stored = {part.id for part in ast.walk(statement)
              if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    line = statement.lineno
    for holder, key, part in places(statement):
        line = getattr(part, "lineno", line)
        for kind, new in changed(part, around):
            if kind == "axis missing" and root(part) in stored:
                continue  # in a loop it would grow and grow
            yield Edit(kind, line, ((holder, key, new),))


def changed(part: ast.AST, around: Around) -> Kinds:
    """What a part may become, each with the kind of change."""
    if isinstance(part, (ast.operator, ast.unaryop)):
        yield from (("operator", other()) for other in OTHER_OPERATORS.get(type(part), ()))
    elif isinstance(part, ast.cmpop):
        yield from (("comparison", other()) for other in OTHER_COMPARISONS.get(type(part), ()))
    elif isinstance(part, ast.Constant):
        yield from numbers(part)
        if around.own_label and "X" in around.roles:
            yield "value", parsed(f"{around.roles['X']}[{around.rows}]")
        if around.family and part.value and not around.rows:
            yield "factor", filled(f"it / {around.N}", it=part)
        yield from other_names("", around)
        if around.family == "hinge" and part.value:
            yield from (("number", parsed(f"{name}.sum({axis})"))
                        for name in around.locals for axis in ("", "axis=1"))
    elif isinstance(part, ast.Subscript):
        yield from subscripts(part, around)
    if isinstance(part, ast.expr) and not isinstance(getattr(part, "ctx", None),
                                                     (ast.Store, ast.Del)):
        yield from values(part, around)


def numbers(part: ast.Constant) -> Kinds:
    """Other numbers."""
    if isinstance(part.value, bool):
        yield "number", ast.Constant(not part.value)
    elif isinstance(part.value, (int, float)):
        near = dict.fromkeys([0, 1, 2, -1, 0.5, part.value + 1, part.value - 1, -part.value])
        yield from (("number", parsed(repr(value))) for value in near if value != part.value)


def other_names(name: str, around: Around) -> Kinds:
    """Other variables."""
    yield from (("name unused" if other in around.unused else "name", ast.Name(other, ast.Load()))
                for other in around.variables if other != name)


def values(part: ast.expr, around: Around) -> Kinds:
    """What an expression may become that gives a value; a module's own name at most another one."""
    if isinstance(part, ast.Attribute):
        yield from (("function", ast.Attribute(part.value, other, ast.Load()))
                    for other in LIKES.get(part.attr, ()))
    if isinstance(part, (ast.Name, ast.Attribute)) and root(part) not in around.variables:
        return
    if getattr(part, "attr", "") == "shape":
        return  # twice a shape is one of twice as many axes, whose array would fill the memory
    if isinstance(part, ast.Name):
        yield from other_names(part.id, around)
        yield from (("index missing", parsed(f"{part.id}[{index}]"))
                    for index in (around.rows, around.classes) if index)
        yield "axis missing", parsed(f"{part.id}[:, None]")
    elif isinstance(part, ast.Attribute) and part.attr == "T":
        yield "transpose too much", part.value
    elif isinstance(part, ast.BinOp):
        yield from sums_and_products(part)
        if around.family == "entropy":
            yield from of_probabilities(part)
    elif isinstance(part, ast.UnaryOp):
        yield ("sign too much" if isinstance(part.op, ast.USub) else "not"), part.operand
    elif isinstance(part, ast.Compare):
        yield from comparisons(part)
        yield "comparison too much", part.left
    elif isinstance(part, ast.Call):
        yield from calls(part, around)
    elif isinstance(part, (ast.Tuple, ast.List)) and len(part.elts) == 2:
        yield "order of two", type(part)(part.elts[::-1], part.ctx)
    elif isinstance(part, ast.IfExp):
        yield from (("condition too much", value) for value in (part.body, part.orelse))
    if isinstance(part, (ast.Call, ast.Subscript)):
        yield from (("name unused", ast.Name(name, ast.Load())) for name in sorted(around.unused))
    if isinstance(part, (ast.BinOp, ast.Call)):
        yield from penalties(part, around)
    if isinstance(part, (ast.Name, ast.Call, ast.BinOp, ast.Subscript, ast.Compare,
                         ast.Attribute)):
        yield from wrapped(part, around)


def of_probabilities(part: ast.BinOp) -> Kinds:
    """`2 ** s` as `exp(s)`; `1 - p` as `-log(p)`; `p - a` as `p - 1`."""
    if isinstance(part.op, ast.Pow):
        yield "function", filled("_np_.exp(it)", it=part.right)
    if isinstance(part.op, ast.Sub):
        yield "value", filled("it - 1", it=part.left)
        if isinstance(part.left, ast.Constant):
            yield "function", filled("-_np_.log(it)", it=part.right)


def subscripts(part: ast.Subscript, around: Around) -> Kinds:
    """Another index, or none."""
    index = part.slice
    if isinstance(part.value, ast.Attribute) and root(part.value) not in around.variables:
        if isinstance(index, ast.Tuple):  # np.c_[a, b]
            stacked = ast.List(index.elts, ast.Load())
            yield "function", ast.Call(parsed("_np_.vstack"), [stacked], [])
        return
    if isinstance(part.ctx, ast.Load):
        yield "index too much", part.value
    yield from (("index", ast.Subscript(part.value, new, part.ctx))
                for new in other_indices(index, around))


def other_indices(index: ast.expr, around: Around) -> Iterator[ast.expr]:
    """What an index may become."""
    rows = [parsed(f"_np_.arange({around.N})"), *([parsed(around.rows)] if around.rows else [])]
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        first, second = index.elts
        yield ast.Tuple([second, first], ast.Load())
        if isinstance(first, ast.Slice):
            yield second
        if not isinstance(first, ast.Name):
            yield from (ast.Tuple([row, second], ast.Load()) for row in rows)
        if "y" in around.roles:
            yield ast.Tuple([rows[0], parsed(around.roles["y"])], ast.Load())
        yield from (ast.Tuple([first, parsed(name)], ast.Load())
                    for name in (around.own_label, around.classes) if name)
    elif isinstance(index, ast.Slice):
        yield from (parsed(name) for name in around.locals if not around.family)
    elif isinstance(index, ast.Name) and not around.family:
        yield from (ast.Tuple([index, parsed(name)], ast.Load()) for name in around.variables)
    elif not isinstance(index, (ast.Slice, ast.Tuple)):
        yield ast.Tuple([ast.Slice(), index], ast.Load())
        yield ast.Tuple([rows[0], index], ast.Load())
        yield from (parsed(name) for name in (around.own_label, around.classes, around.rows)
                    if name)


def penalties(part: ast.expr, around: Around) -> Kinds:
    """The penalties, in the place of what is made of W and reg otherwise."""
    W, reg = around.roles.get("W"), around.roles.get("reg")
    names = {inner.id for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    if reg in names or (reg and W in names and around.roles.get("X") not in names):
        yield from (("penalty", parsed(text))
                    for text in (f"{reg} * ({W} * {W}).sum()", f"2 * {reg} * {W}"))


def wrapped(part: ast.expr, around: Around) -> Kinds:
    """With a function, a factor or a term that is missing."""
    yield from ((kind, filled(text, it=part))
                for kind, text in (*WRAPPINGS, *OF_FAMILY.get(around.family, ())))
    if around.family == "entropy" and "y" in around.roles and not around.rows:
        yield "term missing", filled(
            f"it - (_np_.arange(it.shape[1]) == {around.roles['y']}[:, None])", it=part)
    sums = (isinstance(part, ast.Call) and not part.keywords
            and getattr(part.func, "attr", "") == "sum" and around.family and not around.rows)
    yield "mean missing here" if sums else "factor", filled(f"it / {around.N}", it=part)
    yield "factor", filled(f"it * {around.N}", it=part)
    gap = isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub) and around.family == "hinge"
    yield from (("margin missing" if gap else "term missing", filled(text, it=part))
                for text in ("it + 1", "it - 1"))
    if reg := around.roles.get("reg"):
        yield "reg missing", filled(f"{reg} * it", it=part)
    if isinstance(part, (ast.Name, ast.Call, ast.BinOp)):
        yield from with_variable(part, around)


def with_variable(part: ast.expr, around: Around) -> Kinds:
    """With a factor or a term that a variable holds."""
    for name in around.variables:
        if name in around.locals or not around.family:
            texts = [f"it / {name}", f"{name} * it"]
            if around.family == "hinge" and isinstance(part, ast.Name):
                texts += [f"{name}.sum() * it", f"{name}.sum(axis=1)[:, None] * it"]
            elif around.family == "entropy":
                texts += [f"it - {name}", f"it + _np_.log({name})"]
                texts += [f"it - {name}[{around.own_label}]"] * bool(around.own_label)
            yield from (("variable missing", filled(text, it=part)) for text in texts)
        if name in around.unused:
            yield from (("variable unused", filled(text, it=part)) for text in (
                f"it + {name}", f"it - {name}", f"it * {name}", f"it / {name}"))
