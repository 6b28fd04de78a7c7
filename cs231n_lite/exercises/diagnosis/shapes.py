"""Crashes over shapes and indices: which part has which shape, and what that usually comes from."""
import ast
import re

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.scene import Scene

Shape = tuple[int, ...]
REDUCTIONS = {"sum", "max", "min", "mean", "argmax", "argmin", "amax", "amin", "prod", "any", "all"}


def outside(scene: Scene, *sizes: int) -> str:
    """On an array of the notebook, or a number written down, that brings in one of the sizes."""
    strange = {size for size in sizes if size > 1} - scene.sizes
    if not strange or not scene.sizes:
        return ""
    for node in scene.behind(scene.node):
        if isinstance(node, ast.Name) and node.id not in scene.locals:
            value = scene.named(node.id)
            if (type(value) is Array and strange & {*value.shape}) or (
                    type(value) is int and value in strange):
                return (f"`{node.id}` comes from the notebook and is no argument of this function, "
                        "which must also work on other data: use its arguments, and their shapes.")
        if (isinstance(node, ast.Constant) and type(node.value) is int and node.value in strange
                and not isinstance(scene.parents.get(node), ast.Slice)):
            around = scene.parents.get(node, node)
            while not isinstance(around, (ast.Call, ast.stmt)) and around in scene.parents:
                around = scene.parents[around]
            place = f" in {text}" if isinstance(around, ast.Call) and (
                text := scene.code(around)) else ""
            return (f"The number {node.value} is written down{place}, but here the sizes are "
                    "others: take them from the shapes of the arguments.")
    return ""


def shape_of(text: str) -> Shape:
    """The numbers in '(5,4)'."""
    return tuple(map(int, re.findall(r"\d+", text)))


def operands(scene: Scene) -> tuple[ast.AST, ast.AST] | None:
    """The two expressions that an operation combines."""
    node = scene.node
    if isinstance(node, ast.BinOp):
        return node.left, node.right
    if isinstance(node, ast.AugAssign):
        return node.target, node.value
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return node.left, node.comparators[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        parts = [*node.args] if len(node.args) == 2 else [node.func.value, *node.args]
        return (parts[0], parts[1]) if len(parts) == 2 else None
    if isinstance(parent := scene.parents.get(node) if node else None, ast.Assign):
        return (node, parent.value) if node in parent.targets else None
    return None


def broadcast(scene: Scene, first: str, second: str) -> str:
    """On two shapes that do not fit together entry by entry."""
    a, b = shape_of(first), shape_of(second)
    if advice := outside(scene, *unequal(a, b)):
        return advice
    if not (pair := operands(scene)):
        return ""
    sides = [(pair[0], a, pair[1], b), (pair[1], b, pair[0], a)]
    if len(a) == len(b) == 2 and a == b[::-1]:
        return f"Each has the shape of the other's transpose, {a} and {b}: turn one of the two."
    for rule in (of_labels, all_labels, picked_columns, outer, other_line, other_axis, one_of,
                 all_columns, column):
        for side in sides:
            if advice := rule(scene, *side):
                return advice
    return ""


def unequal(a: Shape, b: Shape) -> set[int]:
    """The sizes that do not fit together, when the last axes meet."""
    return {size for m, n in zip(a[::-1], b[::-1]) if m != n and 1 not in (m, n) for size in (m, n)}


def of_labels(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On labels that are taken for numbers to calculate with, or compared with all classes."""
    labels = scene.array(node)
    if not (isinstance(node, ast.Name) and labels is not None and labels.ndim == 1
            and labels.dtype.kind in "iu" and node.id.startswith(("y", "label", "target"))):
        return ""
    if isinstance(scene.node, ast.Compare) and len(wanted) == 1:
        return ("To compare every label with every class, one of the two must stand as a column: "
                f"`{node.id}` needs a new axis.")
    if isinstance(scene.node, ast.Compare) or len(wanted) != 2:
        return ""
    return (f"`{node.id}` holds labels, which are class numbers and no scores: "
            "they say which entry of each row is meant.")


def all_labels(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On a row of scores indexed by the labels of all images."""
    source = scene.definition(node)
    if (isinstance(source, ast.Subscript) and isinstance(name := source.slice, ast.Name)
            and name.id.startswith(("y", "label")) and scene.array(name) is not None
            and getattr(scene.array(source.value), "ndim", 0) == 1 and shape != wanted):
        return (f"`{name.id}` holds the labels of all images, and {scene.code(source.value)} "
                "belongs to one image: which label is meant?")
    return ""


def picked_columns(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On scores[:, y], where one entry of each row is meant."""
    source = scene.definition(node)
    if (isinstance(source, ast.Subscript) and isinstance(source.slice, ast.Tuple)
            and len(source.slice.elts) == 2 and isinstance(source.slice.elts[0], ast.Slice)
            and (picked := scene.array(source.slice.elts[1])) is not None
            and picked.ndim == 1 and picked.dtype.kind in "iu" and shape[0] == len(picked)
            and wanted[:1] == shape[:1]):
        return (f"{scene.code(source)} takes all these columns of every row, which makes {shape}. "
                "One entry of each row needs two lists of numbers in the brackets: rows, columns.")
    return ""


def outer(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On a product of two arrays of one dimension that should make a matrix, or a .T of one."""
    note = ""
    for part in (node, other):
        if isinstance(part, ast.Attribute) and part.attr == "T" and (
                len(shape if part is node else wanted) == 1):
            note = f"{scene.code(part)} has one dimension, and `.T` changes nothing there. "
    target = getattr(scene.statement(scene.node), "target", None)
    matrix = scene.array(target)
    if (len(shape) == len(wanted) == 1 and matrix is not None and target is not scene.node
            and matrix.shape == (*shape, *wanted) and not isinstance(scene.node, ast.AugAssign)):
        return (f"{note}To multiply every one of {shape[0]} numbers with every one of {wanted[0]}, "
                "the first must stand as a column and the second as a row.")
    if note and len(shape) == 1 and len(wanted) == 2 and shape[0] == wanted[0]:
        return f"{note}One number for each row becomes a column by keepdims, or by a new axis."
    return note if note and len(shape) == len(wanted) == 1 else ""


def other_line(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On a row of an array where a column would fit, or a column where a row would."""
    source = scene.definition(node)
    if (isinstance(scene.node, ast.AugAssign) and node is scene.node.target and len(shape) == 2
            and scene.array(node) is not None and wanted == (shape[0],) != (shape[1],)
            and single(scene, scene.definition(other)) is not None and (name := scene.code(node))):
        return (f"{name} is all of it, {shape}, and the right side has {wanted[0]} entries, "
                "as many as one column: which column is meant?")
    axis, place = single(scene, source), getattr(scene.node, "target", scene.node)
    if axis is None or not isinstance(source, ast.Subscript) or len(shape) != 1:
        return ""
    if single(scene, scene.definition(other)) is None and place is not node:
        return ""
    matrix, name = scene.array(source.value), scene.code(source.value)
    if (matrix is None or matrix.ndim != 2 or len(wanted) != 1 or not name
            or matrix.shape[1 - axis] != shape[0] or matrix.shape[axis] != wanted[0]):
        return ""
    weights = scene.array(ast.Name("W", ast.Load()))
    if weights is not None and name == "`dW`" and matrix.shape != weights.shape:
        return f"`dW` has shape {matrix.shape}, but W, whose gradient it is, {weights.shape}."
    lines = ("row", "column")
    return (f"{scene.code(source) or 'This'} is a {lines[axis]} of {name} and has {shape[0]} "
            f"entries; what it meets has {wanted[0]}, as many as a {lines[1 - axis]} of {name}.")


def single(scene: Scene, node: ast.AST | None) -> int | None:
    """0 for A[i] or A[i, :], a row, 1 for A[:, i], a column; None for all else."""
    if not isinstance(node, ast.Subscript):
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice, ast.Slice()]
    slices = [isinstance(part, ast.Slice) for part in parts]
    if len(parts) != 2 or sum(slices) != 1:
        return None
    index = parts[slices.index(False)]
    return None if scene.array(index) is not None else slices.index(False)


def other_axis(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On a sum or maximum over the wrong axis."""
    source = scene.definition(node)
    if not isinstance(source, ast.Call) or not isinstance(source.func, ast.Attribute):
        return ""
    of = scene.array(source.args[0] if scene.value(source.func.value) is np and source.args
                     else source.func.value)
    axis = next((scene.value(word.value) for word in source.keywords if word.arg == "axis"), None)
    if (source.func.attr not in REDUCTIONS or axis not in (0, 1) or len(shape) != 1
            or of is None or of.ndim != 2 or of.shape[1 - axis] != shape[0]
            or len(wanted) != 1 or of.shape[axis] != wanted[0]):
        return ""
    lines = ("column", "row")
    return (f"With axis={axis} there is one number for each {lines[axis]}, {shape[0]} in all; "
            f"here one for each {lines[1 - axis]} is needed, {wanted[0]}. Look at the axis.")


def one_of(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On a row of an image times all of its probabilities, that goes into one class's column."""
    statement = scene.statement(scene.node)
    target = scene.array(getattr(statement, "target", None))
    if (target is None or statement is scene.node or not isinstance(scene.node, ast.BinOp)
            or not isinstance(scene.node.op, ast.Mult) or len(shape) != 1
            or target.shape != wanted or single(scene, scene.definition(node)) is not None):
        return ""
    return (f"The place takes {wanted[0]} numbers, as many as {scene.code(other) or 'one factor'} "
            f"has. {scene.code(node) or 'The other'} has {shape[0]}: which one of them is meant?")


def all_columns(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On what one class adds to a whole array, in a loop, where its own column is meant."""
    target = getattr(scene.node, "target", None)
    if (not isinstance(scene.node, ast.AugAssign) or other is not target or len(shape) != 1
            or len(wanted) != 2 or shape[0] != wanted[0] or not scene.is_in_a_loop(target)):
        return ""
    return (f"{scene.code(target)} is the whole array, {wanted}, and {scene.code(node) or 'this'} "
            f"has {shape[0]} entries, as many as one of its columns: which column is meant?")


def column(scene: Scene, node: ast.AST, shape: Shape, other: ast.AST, wanted: Shape) -> str:
    """On one number for each row that must be a column."""
    if len(shape) != 1 or len(wanted) != 2 or shape[0] != wanted[0] or wanted[0] == wanted[1]:
        return ""
    if single(scene, scene.definition(node)) is not None:
        return ""
    if wanted not in scene.shapes and wanted[::-1] in scene.shapes:  # turned: what is a row there?
        return ""
    return (f"{scene.code(node) or 'One side'} has one number for each row, and a shape of "
            f"{shape}, which NumPy lays along the columns. To meet its row each must stand in a "
            f"column, ({shape[0]}, 1): think of keepdims, or of a new axis.")


def assigned(scene: Scene, value: str, place: str) -> str:
    """On an array that does not fit into the place that it is assigned to."""
    a, b = shape_of(value), shape_of(place)
    if advice := outside(scene, *unequal(a, b)):
        return advice
    if a == (*b, 1):
        return f"The value is a column, {a}; the place takes plain numbers in a line, {b}."
    if pair := operands(scene):
        return (other_line(scene, pair[0], b, pair[1], a)
                or other_line(scene, pair[1], a, pair[0], b))
    return ""


def one_place(scene: Scene) -> str:
    """On an array that is assigned to a single entry."""
    place = scene.code(scene.node)
    return (f"{place} is one place, for one number, and gets a whole array."
            if place and isinstance(scene.node, ast.Subscript) else "")


def product(scene: Scene, first: str, second: str) -> str:
    """On the factors of a matrix product; of `@` the text gives sizes, the right one's first."""
    left, right = shape_of(first), shape_of(second)
    pair = operands(scene)
    if scene.said.startswith("matmul") and pair:
        shapes = [getattr(scene.array(part), "shape", None) for part in pair]
        right, left = (shapes[1] or right), (shapes[0] or left)
    ends = left[-1], right[-2 if len(right) > 1 else 0]
    if advice := outside(scene, *ends):
        return advice
    if not pair:
        return ""
    if len(left) == len(right) == 1 and not scene.said.startswith("matmul"):
        return outer(scene, pair[0], left, pair[1], right)
    names = scene.code(pair[0]) or "the left factor", scene.code(pair[1]) or "the right factor"
    return (f"A product sums over the last axis of its left factor and the first of its right one. "
            f"These are {ends[0]} in {names[0]} and {ends[1]} in {names[1]}"
            f"{in_common(left, right)}: look at the order, and at the transposes.")


def in_common(left: Shape, right: Shape) -> str:
    """The one size that both shapes hold."""
    both = {*left} & {*right}
    if len(both) != 1 or len(left) + len(right) < 3:
        return ""
    return f"; the size that both have is {both.pop()}"


def joined(scene: Scene, axis: str, first: str, second: str) -> str:
    """On arrays whose lengths differ along another axis than the one at which they meet."""
    lines = {"0": "rows", "1": "columns"}
    if axis not in lines:
        return ""
    return (f"Arrays that are joined here must have equally many {lines[axis]}, "
            f"but they have {first} and {second}. Look at the axis along which they should meet.")


def joined_dimensions(scene: Scene, first: str, second: str) -> str:
    """On a matrix and a plain row that are joined."""
    return (f"Arrays that are joined here must have equally many dimensions, but they have {first} "
            f"and {second}. Should the smaller one be a new row, or a new column? "
            "It must have the shape of that.")
