"""Small changes of a call: another function, none, other arguments, another axis."""
import ast
from collections.abc import Iterator

from cs231n_lite.exercises.diagnosis.brackets import around_a_part
from cs231n_lite.exercises.diagnosis.tree import Around, Kinds, filled, parsed, root

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
        yield from other_reductions(part, name, around)
    if name == "astype" or any(word.arg == "dtype" for word in part.keywords):
        yield "type", of_floats(part)
    yield from (("function too much", value) for value in part.args[:2]
                if not isinstance(value, ast.Starred))
    if len(part.args) == 2:
        yield "exchanged", ast.Call(part.func, part.args[::-1], part.keywords)
    if len(part.args) == 1:
        inner = part.args[0]
        if isinstance(inner, ast.BinOp):
            yield from around_a_part(part, inner)
        if isinstance(inner, ast.Call) and len(inner.args) == 1:
            below = ast.Call(part.func, inner.args, part.keywords)
            yield "exchanged", ast.Call(inner.func, [below], inner.keywords)
    X = around.roles.get("X")
    if X and around.rows and any(getattr(word, "id", "") == X for word in ast.walk(part)):
        yield "index missing", parsed(f"{X}[{around.rows}]")
    if isinstance(part.func, ast.Attribute):
        yield from methods(part, part.func, around)
    if not around.family:
        yield from other_pairs(part, around)
    if name == "clip" and around.family == "hinge":
        array = part.args[0] if len(part.args) == 3 else getattr(part.func, "value", part.func)
        yield "function", filled("_np_.maximum(0, it)", it=array)
    if rest := [word for word in part.keywords if word.arg == "out"]:
        others = [word for word in part.keywords if word not in rest]
        yield "in place", ast.Call(part.func, part.args, others)
    if name == "zip" and len(part.args) == 2:
        yield "function", filled("[(a, b) for a in it for b in its]",
                                 it=part.args[0], its=part.args[1])
    if "y" in around.roles:
        yield from (("of the correct class", new) for new in of_the_correct_class(part, around))


def of_the_correct_class(part: ast.Call, around: Around) -> Iterator[ast.expr]:
    """The correct class's entry of what a call gives, or of what it is given, as a column too."""
    given = [*part.args[:1], *([part.func.value] if isinstance(part.func, ast.Attribute) else [])]
    every = f"_np_.arange({around.N}), {around.roles['y']}"
    for index in (around.own_label, every):
        if index:
            yield from (filled(f"it[{index}]", it=value) for value in (*given, part))
    yield from (filled(f"it[{every}][:, None]", it=value) for value in given)


def called_name(part: ast.Call) -> str:
    """The function's name, without what it is a part of."""
    return getattr(part.func, "attr", getattr(part.func, "id", ""))


def methods(part: ast.Call, method: ast.Attribute, around: Around) -> Kinds:
    """`a.f(b)` as `a`, `b.f(a)`; `a.f(b[k])` as `a[k].f(b)`."""
    if root(method) not in (*around.variables, None):
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


def other_reductions(part: ast.Call, name: str, around: Around) -> Kinds:
    """Another function, over another axis or divided by N: `np.mean(a)` as `np.sum(a, axis=1)`."""
    for other in LIKES.get(name, ()):
        if isinstance(part.func, ast.Attribute) and other in ("sum", "max"):
            function = ast.Attribute(part.func.value, other, ast.Load())
            new = ast.Call(function, part.args, part.keywords)
            yield from (("function", call) for _, call in axes(new))
            yield "function", filled(f"it / {around.N}", it=new)


def of_floats(part: ast.Call) -> ast.Call:
    """The call, with numbers of the usual type."""
    words = [ast.keyword("dtype", parsed("float")) if word.arg == "dtype" else word
             for word in part.keywords]
    return ast.Call(part.func, [parsed("float")] if not words else part.args, words)


def other_pairs(part: ast.Call, around: Around) -> Kinds:
    """Two arguments in a row that stand for two others: `f(X_val, y_val)`."""
    names = around.variables
    for at, (a, b) in enumerate(zip(part.args, part.args[1:])):
        if isinstance(a, ast.Name) and isinstance(b, ast.Name):
            for pair in zip(names, names[1:]):
                new = [ast.Name(name, ast.Load()) for name in pair]
                args = [*part.args[:at], *new, *part.args[at + 2:]]
                yield "name", ast.Call(part.func, args, part.keywords)
