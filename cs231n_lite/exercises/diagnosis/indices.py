"""Crashes over indices: what was indexed, by what, and where that index comes from."""
import ast

import numpy as np

from cs231n_lite.exercises.diagnosis.scene import UNKNOWN, Scene
from cs231n_lite.exercises.diagnosis.scene import dimensions as words
from cs231n_lite.exercises.diagnosis.shapes import outside, shape_of


def parts_of(node: ast.AST | None) -> list[ast.AST]:
    """The indices in the brackets."""
    if not isinstance(node, ast.Subscript):
        return []
    return [*node.slice.elts] if isinstance(node.slice, ast.Tuple) else [node.slice]


def too_many(scene: Scene, has: str, given: str) -> str:
    """On more indices than dimensions."""
    if not isinstance(scene.node, ast.Subscript):
        return ""
    array, name = scene.array(scene.node.value), scene.code(scene.node.value) or "The array"
    shape = f", shape {array.shape}" if array is not None else ""
    return (f"{name} has {words(int(has))}{shape}, "
            f"and gets {given} {'indices' if given != '1' else 'index'}.")


def no_axis(scene: Scene, axis: str, dimensions: str) -> str:
    """On a sum or the like along an axis that is not there."""
    if dimensions == "0":
        return "This is a single number, and has no axis."
    if dimensions == "1":
        return ("This array has one dimension, a single row of numbers, "
                "so that its only axis is axis 0.")
    return f"Axes are numbered from 0, and the last axis of this array is {int(dimensions) - 1}."


def out_of_bounds(scene: Scene, index: str, axis: str, size: str) -> str:
    """On an index beyond the end: how far the numbers go, and where this one comes from."""
    parts = parts_of(scene.node)
    if not parts or not isinstance(scene.node, ast.Subscript) or int(axis) >= len(parts):
        return ""
    part, name = parts[int(axis)], scene.code(scene.node.value) or "the array"
    array = scene.array(part)
    if array is not None and array.ndim:
        if advice := outside(scene, len(array)):
            return advice
        owner = scene.array(scene.node.value)
        if owner is not None and owner.ndim == 2 and axis == "0" and len(parts) == 1 and (
                isinstance(part, ast.Name) and part.id.startswith(("y", "label"))):
            return (f"`{part.id}` holds labels, which are numbers of classes; the first axis of "
                    f"{name}, which they are used on here, has the images.")
        return f"Axis {axis} of {name} is numbered 0 to {int(size) - 1}."
    if int(size) == 0:
        return f"{name[:1].upper()}{name[1:]} is empty: nothing has been put in."
    return (f"Axis {axis} of {name} is numbered 0 to {int(size) - 1}, "
            f"and {scene.code(part) or 'the index'} is {index}{from_loop(scene, part)}.")


def from_loop(scene: Scene, part: ast.AST) -> str:
    """', from the loop over `range(10)`', for the loop that an index comes from."""
    for node in ast.walk(part):
        source = scene.definition(node)
        if isinstance(node, ast.Name) and isinstance(source, ast.Call) and (
                scene.value(source.func) is range) and scene.code(source):
            return f"; `{node.id}` runs over {scene.code(source)}"
    return ""


def no_entry(scene: Scene, kind: str) -> str:
    """On a list, or the sizes of an array, that have no such entry."""
    node = scene.node
    if not isinstance(node, ast.Subscript):
        return ""
    owner, name = scene.value(node.value), scene.code(node.value)
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and kind == "tuple":
        return (f"{scene.code(node.value.value)} has {words(len(owner))}, shape {owner}."
                if type(owner) is tuple else "")
    if type(owner) is list and not owner and isinstance(node.ctx, ast.Store):
        return f"{name} is empty, and has no place to assign to: a list grows by append."
    if type(owner) is list and not owner:
        return f"{name} is empty here."
    if type(owner) in (list, tuple):
        return (f"{name} has {len(owner)} entries, numbered from 0"
                f"{from_loop(scene, node.slice)}.")
    return ""


def not_integer(scene: Scene) -> str:
    """On an index that is a float."""
    for part in parts_of(scene.node):
        value, source = scene.value(part), scene.definition(part)
        name = scene.code(part) or "An index"
        if isinstance(source, ast.BinOp) and isinstance(source.op, ast.Div):
            return f"{name} is a float: `/` makes one even where it divides evenly; `//` does not."
        if isinstance(value, (float, np.floating)):
            return f"{name} is a float, and an index must be an integer."
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            made = isinstance(source, ast.Call) and source is not part and scene.code(source)
            return (f"{name} holds floats{(made and f', as {made} makes it') or ''}, "
                    "and an index must be an integer.")
        if type(value) is list:
            return ""
    return ""


def mask(scene: Scene, axis: str, size: str, given: str) -> str:
    """On a mask of another shape than the array."""
    part = next(iter(parts_of(scene.node)), None)
    if part is None or not isinstance(scene.node, ast.Subscript):
        return ""
    if advice := outside(scene, int(size), int(given)):
        return advice
    array, name = scene.array(scene.node.value), scene.code(scene.node.value) or "the array"
    of = scene.array(part.left if isinstance(part, ast.Compare) else part)
    have = ((f"shape {array.shape}", of.shape) if array is not None and of is not None
            else (f"{size} along axis {axis}", given))
    return (f"A mask must have the shape of the array that it picks from: {name} has {have[0]}, "
            f"{scene.code(part) or 'the mask'} has {have[1]}.")


def not_paired(scene: Scene, first: str, second: str) -> str:
    """On two index arrays of different lengths."""
    a, b = shape_of(first), shape_of(second)
    if advice := outside(scene, *a, *b):
        return advice
    parts = parts_of(scene.node)
    if len(parts) != 2 or len(a) != 1 or len(b) != 1:
        return ""
    return ("Two lists of indices are taken in pairs, a row and its column: "
            f"{scene.code(parts[0]) or 'the rows'} has {a[0]}, "
            f"{scene.code(parts[1]) or 'the columns'} has {b[0]}.")


def list_index(scene: Scene, kind: str) -> str:
    """On a list that is indexed like a dictionary or an array."""
    node = scene.node
    if not isinstance(node, ast.Subscript):
        return ""
    name = scene.code(node.value) or "This"
    if kind == "tuple" and any(isinstance(part, ast.Slice) for part in parts_of(node)):
        return f"{name} is a list; rows and columns belong to an array, which np.zeros makes."
    if kind == "tuple":
        return (f"{name} is a list: it takes one number in the brackets. "
                "A dictionary takes a pair as its key, an array a row and a column.")
    if kind == "str":
        return f"{name} is a list: it takes a number in the brackets; a dictionary takes a name."
    return not_integer(scene) or (
        f"{name} is a list: it takes one integer in the brackets, and {scene.code(node.slice)} "
        f"is {'an array' if 'ndarray' in kind else 'none'}." if scene.code(node.slice) else "")


def no_key(scene: Scene) -> str:
    """On a key that a dictionary does not hold."""
    node = scene.node
    if not isinstance(node, ast.Subscript) or type(owner := scene.value(node.value)) is not dict:
        return ""
    name, kinds = scene.code(node.value), {type(key) for key in owner}
    if not owner:
        return f"{name} is empty here: nothing has been stored in it yet."
    if kinds == {tuple} and not isinstance(node.slice, ast.Tuple) and (
            type(scene.value(node.slice)) is not tuple
            and scene.value(node.slice) is not UNKNOWN):
        return f"The keys of {name} are pairs, and {scene.code(node.slice)} is none."
    return ""


def scalar(scene: Scene) -> str:
    """On a single number that is indexed, or assigned into."""
    if not isinstance(scene.node, ast.Subscript):
        return ""
    return f"{scene.code(scene.node.value) or 'This'} is a single number, and has no entries."
