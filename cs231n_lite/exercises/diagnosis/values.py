"""Crashes over values: what something is instead of what an operation needs."""
import ast
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType

import numpy as np

from cs231n_lite.exercises.diagnosis.calls import NUMBERS, called, misused
from cs231n_lite.exercises.diagnosis.scene import UNKNOWN, Scene, dimensions

IN_PLACE = {"sort", "shuffle", "append", "extend", "fill", "update", "insert", "reverse", "remove",
            "put", "partition"}


def truth(scene: Scene) -> str:
    """On an array where one True or False is needed."""
    node, name = scene.node, called(scene)
    parent = scene.parents.get(node)
    if advice := misused(scene):
        return advice
    if name in ("max", "min"):
        return (f"Python's own `{name}` compares whole things. NumPy has `np.{name}` for one "
                f"array, and `np.{name}imum` for two, entry by entry.")
    if isinstance(both := node if isinstance(node, ast.BoolOp) else parent, ast.BoolOp):
        word, sign = ("and", "&") if isinstance(both.op, ast.And) else ("or", "|")
        return (f"`{word}` needs one True or False on each side. Entry by entry it is `{sign}`, "
                "with each comparison in brackets of its own.")
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
            array = scene.array(side)
            if (array is not None and array.ndim == 1 and isinstance(side, ast.Name)
                    and isinstance(scene.value(other), NUMBERS)):
                return (f"`{side.id}` is all {len(array)} entries at once, compared with a single "
                        "number: which entry is meant here?")
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)) and parent.test is node:
        word = "while" if isinstance(parent, ast.While) else "if"
        return (f"`{word}` needs one True or False, and {scene.code(node) or 'this'} has one for "
                "each entry: pick one entry by its index, or use the whole as a mask.")
    return ""


def operation(scene: Scene) -> str:
    """On an operator that the types do not know."""
    node = scene.node
    op = node.op if isinstance(node, (ast.BinOp, ast.AugAssign, ast.UnaryOp)) else None
    if isinstance(op, ast.BitXor):
        return "In Python `^` is no power; `**` is."
    if isinstance(op, ast.BitAnd | ast.BitOr):
        sign = "&" if isinstance(op, ast.BitAnd) else "|"
        return (f"`{sign}` binds more tightly than a comparison: "
                "each comparison beside it needs brackets of its own.")
    if "numpy boolean" in scene.said:
        return ("These are arrays of True and False, which have no minus; "
                "turn them into numbers first.")
    return next(unfit(scene, sides(node)), "")


def sides(node: ast.AST | None) -> list[ast.AST]:
    """The expressions that an operator stands between."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.target, node.value]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []


def unfit(scene: Scene, parts: list[ast.AST]) -> Iterator[str]:
    """On each part that is no number and no array."""
    for part in parts:
        value, text = scene.value(part), scene.code(part)
        if not text or "NoneType" in scene.said:
            continue
        if type(value) in (FunctionType, BuiltinFunctionType, np.ufunc, type(np.sum)):
            yield f"{text} is the function itself, not its result: call it, with round brackets."
        elif type(value) is list:
            grow = "; to add one entry there is append" if "concatenate" in scene.said else ""
            yield (f"{text} is a list, which does not calculate entry by entry; "
                   f"np.array makes an array of it{grow}.")
        elif type(value) is tuple:
            yield f"{text} is a tuple of several things: take out the one that is meant."


def nothing(scene: Scene) -> str:
    """On None: the name, or call, that it came from."""
    for part in [scene.node, *ast.iter_child_nodes(scene.node)] if scene.node else []:
        if isinstance(part, (ast.Name, ast.Attribute)) and scene.value(part) is None:
            return of_none(scene, part)
        if isinstance(part, ast.Attribute) and scene.value(part.value) is None:
            return of_none(scene, part.value)
    node = scene.node
    statement = scene.statement(node) if node else None
    if isinstance(node, ast.Tuple) and isinstance(statement, ast.Assign):
        return returned(scene, statement.value)
    return returned(scene, node.value) if isinstance(node, (ast.Subscript, ast.Attribute)) else ""


def of_none(scene: Scene, name: ast.AST) -> str:
    """On a name whose value is None."""
    bindings = scene.bindings(name.id) if isinstance(name, ast.Name) else []
    values = [b.value for b in bindings if isinstance(b, ast.Assign)]
    for value in values[-1:]:
        if advice := returned(scene, value):
            return advice
        if isinstance(value, ast.Constant):
            return f"{scene.code(name)} still has its first value, None: nothing has replaced it."
    return f"{scene.code(name)} is None here." if scene.code(name) else ""


def returned(scene: Scene, call: ast.AST | None) -> str:
    """On a call that has returned None."""
    if not isinstance(call, ast.Call):
        return ""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if type(scene.value(call.func)) is FunctionType:
        return (f"`{name}` has returned None, as a function does that ends without `return`. "
                "Does each of its ways end in one?")
    if name == "print":
        return "`print` shows something and returns None."
    if name in IN_PLACE:
        return f"`{name}` changes the thing itself, in place, and returns None."
    return ""


def unpacked(scene: Scene) -> str:
    """On more or fewer names than there are values."""
    statement = scene.statement(scene.node)
    if isinstance(statement, ast.For) and isinstance(statement.iter, ast.Tuple):
        return ("A loop over several things separated by commas takes one after the other: "
                "`zip` goes through them side by side, a loop in a loop meets every pair.")
    if isinstance(statement, ast.For) and scene.array(statement.iter) is not None:
        return (f"Each turn gets one row of {scene.code(statement.iter)}; "
                "`enumerate` gives its number, too.")
    value = getattr(statement, "value", None)
    sizes = scene.value(value)
    if not isinstance(value, ast.Attribute) or value.attr != "shape" or type(sizes) is not tuple:
        return ""
    return f"{scene.code(value.value) or 'It'} has {dimensions(len(sizes))}, shape {sizes}."


def casting(scene: Scene, kind: str) -> str:
    """On an array that cannot take floats in place."""
    base = getattr(scene.node, "target", None)
    while isinstance(base, ast.Subscript):
        base = base.value
    text, source = scene.code(base), scene.definition(base)
    made = scene.code(source) if source is not base else ""
    holds = "True and False" if kind == "bool" else f"integers ({kind})"
    return (f"{text} holds {holds}{made and f', as {made} makes it'}, and takes no fractions in "
            "place: it must hold floats from the start.") if text else ""


def read_only(scene: Scene) -> str:
    """On a view that may not be written to."""
    return ("It is a view of other data, which may only be read, "
            "as np.broadcast_to and np.diagonal make them; a copy may be written to.")


def zero(scene: Scene) -> str:
    """On a division by zero."""
    divisor = getattr(scene.node, "right", getattr(scene.node, "value", None))
    text = scene.code(divisor)
    if not text or scene.value(divisor) not in (0, UNKNOWN):
        return ""
    rounds = any(isinstance(n, ast.FloorDiv) for n in scene.behind(divisor))
    return f"{text} is 0 here{': `//` rounds down' if rounds else ''}."


def file(scene: Scene) -> str:
    """On a file."""
    return "An answer needs no file: all that it works with comes in its arguments."


def shown(scene: Scene) -> str:
    """On a format for a number that meets an array."""
    return "A format such as `.3f` shows a single number, and here is a whole array."


def key(scene: Scene, kind: str) -> str:
    """On a list or an array as a key."""
    what = {"numpy.ndarray": "an array", "list": "a list", "dict": "a dictionary"}.get(kind)
    return (f"The key of a dictionary cannot be {what}, which may change; a tuple can."
            if what else "")
