"""Small changes of an expression: what a slip of the pen would have been before."""
import ast
from collections.abc import Iterator

from cs231n_lite.exercises.diagnosis.tree import Around, Edit, Kinds, filled, parsed, places

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
LIKES: dict[str, tuple[str, ...]] = {
    "sum": ("mean", "max", "cumsum"), "mean": ("sum", "max"), "max": ("min", "sum", "argmax"),
    "min": ("max",), "amax": ("amin", "sum", "argmax"), "amin": ("amax",),
    "cumsum": ("sum",), "prod": ("sum",), "maximum": ("minimum",), "minimum": ("maximum",),
    "argmax": ("argmin", "max"), "argmin": ("argmax",), "exp": ("log",), "expm1": ("exp",),
    "exp2": ("exp",), "square": ("exp",), "log": ("exp",), "log2": ("log",), "log10": ("log",),
    "log1p": ("log",), "ones": ("zeros",), "zeros": ("ones",), "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",), "empty": ("zeros",), "empty_like": ("zeros_like",),
    "vstack": ("hstack",), "hstack": ("vstack",), "c_": ("r_",), "r_": ("c_",),
    "outer": ("dot",), "dot": ("outer",), "multiply": ("dot",), "norm": ("sum",),
}
WITH_AXIS = {
    "sum", "mean", "max", "min", "amax", "amin", "argmax", "argmin", "cumsum", "norm", "sort",
    "concatenate", "append", "insert", "stack", "argsort", "reduce",
}
WRAPPINGS = (
    ("sign", "-it"), ("transpose", "it.T"), ("comparison missing", "it > 0"), ("copy", "it.copy()"),
    ("factor", "it * 2"), ("factor", "it / 2"),
    ("shift", "it - it.max(axis=1, keepdims=True)"), ("shift", "it - it.max()"),
    *(("function missing", text) for text in (
        "_np_.exp(it)", "_np_.log(it)", "_np_.sum(it)", "_np_.maximum(0, it)", "_np_.abs(it)",
        "it ** 2", "it.sum(axis=1)", "it.sum(axis=1, keepdims=True)")),
)


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


def root(part: ast.expr) -> str | None:
    """The name at the start of `a.b[c]`."""
    while isinstance(part, (ast.Attribute, ast.Subscript)):
        part = part.value
    return part.id if isinstance(part, ast.Name) else None


def changed(part: ast.AST, around: Around) -> Kinds:
    """What a part may become, each with the kind of change."""
    if isinstance(part, (ast.operator, ast.unaryop)):
        yield from (("operator", other()) for other in OTHER_OPERATORS.get(type(part), ()))
    elif isinstance(part, ast.cmpop):
        yield from (("comparison", other()) for other in OTHER_COMPARISONS.get(type(part), ()))
    elif isinstance(part, ast.Constant):
        yield from numbers(part)
        yield from other_names("", around)
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
    yield from (("name", ast.Name(other, ast.Load()))
                for other in around.variables if other != name)


def values(part: ast.expr, around: Around) -> Kinds:
    """What an expression may become that gives a value; a module's own name at most another one."""
    if isinstance(part, ast.Attribute):
        yield from (("function", ast.Attribute(part.value, other, ast.Load()))
                    for other in LIKES.get(part.attr, ()))
    if isinstance(part, (ast.Name, ast.Attribute)) and root(part) not in around.variables:
        return
    if isinstance(part, ast.Name):
        yield from other_names(part.id, around)
        yield from (("index missing", parsed(f"{part.id}[{index}]"))
                    for index in (around.rows, around.classes) if index)
        yield "axis missing", parsed(f"{part.id}[:, None]")
    elif isinstance(part, ast.Attribute) and part.attr == "T":
        yield "transpose too much", part.value
    elif isinstance(part, ast.BinOp):
        yield from sums_and_products(part)
    elif isinstance(part, ast.UnaryOp):
        yield ("sign too much" if isinstance(part.op, ast.USub) else "not"), part.operand
    elif isinstance(part, ast.Compare):
        yield from comparisons(part)
    elif isinstance(part, ast.Call):
        yield from calls(part, around)
    elif isinstance(part, (ast.Tuple, ast.List)) and len(part.elts) == 2:
        yield "order of two", type(part)(part.elts[::-1], part.ctx)
    elif isinstance(part, ast.IfExp):
        yield from (("condition too much", value) for value in (part.body, part.orelse))
    if isinstance(part, (ast.Name, ast.Call, ast.BinOp, ast.Subscript, ast.Compare,
                         ast.Attribute)):
        yield from wrapped(part, around)


def sums_and_products(part: ast.BinOp) -> Kinds:
    """A term or factor dropped, both exchanged, other brackets."""
    left, op, right = part.left, part.op, part.right
    yield "too much", left
    yield "too much", right
    if isinstance(op, ast.Sub):
        yield "too much", ast.UnaryOp(ast.USub(), right)
    if not isinstance(op, (ast.Add, ast.Mult)):
        yield "difference" if isinstance(op, ast.Sub) else "exchanged", ast.BinOp(right, op, left)
    if isinstance(left, ast.BinOp):
        yield "brackets", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
    if isinstance(right, ast.BinOp):
        yield "brackets", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
        yield "brackets", ast.UnaryOp(ast.USub(), ast.BinOp(left.operand, op, right))
    if isinstance(left, ast.Call) and len(left.args) == 1:
        inner = ast.BinOp(left.args[0], op, right)
        yield "brackets", ast.Call(left.func, [inner], left.keywords)
    if isinstance(right, ast.Call) and len(right.args) == 1:
        inner = ast.BinOp(left, op, right.args[0])
        yield "brackets", ast.Call(right.func, [inner], right.keywords)


def comparisons(part: ast.Compare) -> Kinds:
    """A comparison of a term alone: `1 / a - b == c` as `1 / a - (b == c)`."""
    left, right = part.left, part.comparators[-1]
    if isinstance(left, ast.BinOp):
        alone = ast.Compare(left.right, part.ops, part.comparators)
        yield "brackets", ast.BinOp(left.left, left.op, alone)
    if isinstance(right, ast.BinOp) and len(part.ops) == 1:
        alone = ast.Compare(left, part.ops, [right.left])
        yield "brackets", ast.BinOp(alone, right.op, right.right)


def calls(part: ast.Call, around: Around) -> Kinds:
    """Another function, none, other arguments, another axis; the correct class's entry instead."""
    name = called_name(part)
    if isinstance(part.func, ast.Name):
        yield from (("function", ast.Call(parsed(f"_np_.{other}"), part.args, part.keywords))
                    for other in LIKES.get(name, ()))
    if name == "power" and len(part.args) == 2:
        yield "function", ast.Call(parsed("_np_.exp"), part.args[1:], [])
    if name in WITH_AXIS:
        yield from axes(part)
    yield from (("function too much", value) for value in part.args[:2]
                if not isinstance(value, ast.Starred))
    if len(part.args) == 2:
        yield "exchanged", ast.Call(part.func, part.args[::-1], part.keywords)
    if len(part.args) == 1 and isinstance(inner := part.args[0], ast.BinOp):
        yield from around_a_part(part, inner)
    if isinstance(part.func, ast.Attribute):
        yield from methods(part, part.func, around)
    if part.args and "y" in around.roles:
        yield from (("of the correct class", filled(f"it[{index}]", it=part.args[0]))
                    for index in (around.own_label, f"_np_.arange({around.N}), {around.roles['y']}")
                    if index)


def called_name(part: ast.Call) -> str:
    """The function's name, without what it is a part of."""
    return getattr(part.func, "attr", getattr(part.func, "id", ""))


def around_a_part(part: ast.Call, inner: ast.BinOp) -> Kinds:
    """`f(a + b)` as `f(a) + b`, `a + f(b)`; `f(g(a) + b)` as `g(f(a)) + b`."""
    left = ast.Call(part.func, [inner.left], part.keywords)
    right = ast.Call(part.func, [inner.right], part.keywords)
    yield "brackets", ast.BinOp(left, inner.op, inner.right)
    yield "brackets", ast.BinOp(inner.left, inner.op, right)
    if isinstance(first := inner.left, ast.Call) and len(first.args) == 1:
        swapped = ast.Call(first.func, [ast.Call(part.func, first.args, [])], first.keywords)
        yield "brackets", ast.BinOp(swapped, inner.op, inner.right)


def methods(part: ast.Call, method: ast.Attribute, around: Around) -> Kinds:
    """`a.f(b)` as `a`, `b.f(a)`; `a.f(b[k])` as `a[k].f(b)`."""
    if root(method) not in around.variables:
        return
    yield "function too much", method.value
    if len(part.args) == 1:
        other = part.args[0]
        turned = ast.Attribute(other, method.attr, ast.Load())
        yield "exchanged", ast.Call(turned, [method.value], part.keywords)
        if isinstance(other, ast.Subscript):
            moved = ast.Subscript(method.value, other.slice, ast.Load())
            yield "index", ast.Call(ast.Attribute(moved, method.attr, ast.Load()),
                                    [other.value], part.keywords)


def axes(part: ast.Call) -> Kinds:
    """With another axis, with keepdims or without."""
    words = {word.arg: getattr(word.value, "value", None) for word in part.keywords}
    rest = [word for word in part.keywords if word.arg not in ("axis", "keepdims")]
    old = words.get("axis"), bool(words.get("keepdims"))
    for axis, keeps in ((1, False), (1, True), (0, False), (None, False), (0, True)):
        if (axis, keeps) != old:
            new = [ast.keyword("axis", ast.Constant(axis))] * (axis is not None)
            new += [ast.keyword("keepdims", ast.Constant(True))] * keeps
            yield "keepdims" if axis == old[0] else "axis", ast.Call(part.func, part.args,
                                                                     rest + new)


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
            yield from (ast.Tuple([row, second], ast.Load()) for row in rows)
    elif not isinstance(index, (ast.Slice, ast.Tuple)):
        yield ast.Tuple([ast.Slice(), index], ast.Load())
        yield ast.Tuple([rows[0], index], ast.Load())
        if around.own_label:
            yield parsed(around.own_label)


def wrapped(part: ast.expr, around: Around) -> Kinds:
    """With a function, a factor or a term that is missing."""
    yield from ((kind, filled(text, it=part)) for kind, text in WRAPPINGS)
    yield from (("factor", filled(text, it=part))
                for text in (f"it / {around.N}", f"it * {around.N}"))
    gap = isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub) and around.family == "hinge"
    yield from (("margin missing" if gap else "term missing", filled(text, it=part))
                for text in ("it + 1", "it - 1"))
    if reg := around.roles.get("reg"):
        yield "reg missing", filled(f"{reg} * it", it=part)
    if isinstance(part, (ast.Name, ast.Call, ast.BinOp)):
        yield from with_variable(part, around)


def with_variable(part: ast.expr, around: Around) -> Kinds:
    """With a factor or a term that a variable holds."""
    for name in around.locals if around.family else around.variables:
        texts = [f"it / {name}"]
        if not around.family:
            texts += [f"{name} * it"]
        elif around.family == "hinge" and isinstance(part, ast.Name):
            texts += [f"{name}.sum() * it", f"{name}.sum(axis=1)[:, None] * it"]
        elif around.family == "entropy":
            texts += [f"it - {name}", f"it + _np_.log({name})"]
            texts += [f"it - {name}[{around.own_label}]"] * bool(around.own_label)
        yield from (("variable missing", filled(text, it=part)) for text in texts)
