"""Crashes over calls: what a function was given, or what is called and is no function."""
import ast
import builtins
import math
import re
from types import BuiltinFunctionType, ModuleType

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.scene import Scene

LARGEST = {"np.max": "maximum", "np.amax": "maximum", "np.min": "minimum", "np.amin": "minimum"}
MAKERS = ("np.zeros", "np.ones", "np.empty")
JOINERS = ("concatenate", "vstack", "hstack", "stack", "column_stack")
NUMBERS = (int, float, np.number)
MODULES = {"numpy": "np.", "math": "math.", "numpy.random": "np.random."}


def called(scene: Scene) -> str:
    """The call that failed, as 'np.max', 'math.log' or 'max'; '' where it is another."""
    node = scene.node
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        owner = scene.value(node.func.value)
        module = vars(owner).get("__name__") if type(owner) is ModuleType else ""
        return MODULES[module] + node.func.attr if module in MODULES else ""
    function = scene.value(node.func)
    if type(function) in (type, BuiltinFunctionType) and isinstance(node.func, ast.Name):
        module = "math." if function is vars(math).get(node.func.id) else ""
        return module + function.__name__
    return ""


def misused(scene: Scene) -> str:
    """On a well-known function that was given what it does not take."""
    name, node = called(scene), scene.node
    if not name:
        return ""
    short, args = name.removeprefix("np."), [scene.value(arg) for arg in node.args]
    if name in LARGEST and len(args) > 1:
        word = LARGEST[name]
        return (f"`{name}` looks for the {word} of one array, and its second argument is the axis. "
                f"To compare two entry by entry there is `np.{word}`.")
    if name in MAKERS and len(args) > 1:
        return (f"The second argument of `{name}` is a type. A shape is one argument: "
                "a tuple, with brackets of its own.")
    if name in MAKERS and args and type(args[0]) is Array:
        return f"`{name}` takes a shape, and {scene.code(node.args[0])} is an array."
    if name == "np.arange" and (arrays := [arg for arg, value in zip(node.args, args)
                                           if type(value) is Array and value.ndim]):
        return f"`np.arange` takes single numbers, and {scene.code(arrays[0])} is an array."
    if short in JOINERS and len(args) > 1:
        return f"`{name}` takes the arrays as one argument: a list or tuple of them."
    if re.search("0-dimensional|length-1", scene.said) and (
            name.startswith("math.") or name in ("float", "int")):
        same = f"; there is `np.{name[5:]}` for arrays" if hasattr(np, name[5:] or " ") else ""
        return f"`{name}` takes a single number, and got a whole array{same}."
    return ""


def not_counted(scene: Scene) -> str:
    """On a range, or a size, of something that is no integer."""
    node = scene.node
    if not isinstance(node, ast.Call):
        return ""
    name = called(scene)
    for arg in node.args:
        value, source = scene.value(arg), scene.definition(arg)
        text = scene.code(arg) or "It"
        parts = source.elts if isinstance(source, ast.Tuple) else [source]
        if any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) for part in parts):
            return f"{text} is a float: `/` makes one even where it divides evenly; `//` does not."
        if name != "range":
            continue
        if isinstance(value, (float, np.floating)):
            return f"{text} is a float, and `range` counts in integers."
        if type(value) is Array and value.ndim:
            return (f"{text} is an array of shape {value.shape}, and `range` takes a number: "
                    "how many there are of what is counted.")
        if type(value) is tuple and isinstance(arg, ast.Attribute) and arg.attr == "shape":
            return f"{text} holds several sizes, and `range` takes one: which is meant?"
        if type(value) is list:
            return (f"{text} is a list, and `range` takes a number: "
                    "a loop can run over the list itself.")
    return ""


def not_callable(scene: Scene, kind: str) -> str:
    """On something that is called and is no function."""
    node = scene.node
    if not isinstance(node, ast.Call) or not (text := scene.code(node.func)):
        return ""
    function, value = node.func, scene.value(node.func)
    if isinstance(function, ast.Attribute) and function.attr in ("T", "size", "ndim"):
        return f"{text} is no function: it is written without brackets."
    kinds = {Array: "an array", tuple: "a tuple", list: "a list", dict: "a dictionary"}
    if type(value) in kinds:
        return f"{text} is {kinds[type(value)]}: its entries are taken with square brackets."
    if type(value) is ModuleType:
        return f"{text} is a module, not a function: which of its functions is meant?"
    if isinstance(value, NUMBERS) and isinstance(function, ast.Name) and hidden(scene, function.id):
        return (f"`{function.id}` was a function, until this line or one above gave its name "
                "to a number: choose another name for the number.")
    return f"{text} is a number: is a `*` missing behind it?" if isinstance(value, NUMBERS) else ""


def hidden(scene: Scene, name: str) -> bool:
    """True when the function gives a value to a name that was a function's."""
    return bool(scene.bindings(name)) and name in {*scene.arguments, *vars(builtins),
                                                   *scene.globals}


def with_square_brackets(scene: Scene) -> str:
    """On a function with square brackets behind it."""
    node = scene.node
    text = scene.code(node.value) if isinstance(node, ast.Subscript) else ""
    return f"{text} is a function: it is called with round brackets." if text else ""


def not_iterable(scene: Scene) -> str:
    """On a loop over a number, or a list that is to grow by one."""
    if isinstance(scene.node, ast.AugAssign) and type(scene.value(scene.node.target)) is list:
        return f"{scene.code(scene.node.target)} is a list: to add one entry there is append."
    loop = scene.node if isinstance(scene.node, ast.For) else scene.parents.get(scene.node)
    if not isinstance(loop, (ast.For, ast.comprehension)) or scene.node not in (loop, loop.iter):
        return ""
    return (f"{scene.code(loop.iter) or 'This'} is a number, and a loop runs over several things: "
            "`range` makes them of a number.")


def itself(scene: Scene) -> str:
    """On a function that calls itself."""
    code = scene.frame.f_code
    again = sum(frame.f_code is code for frame, _, _ in scene.frames)
    return f"`{code.co_name}` calls itself, again and again." if again > 9 else ""


def too_large(scene: Scene) -> str:
    """On an exponential beyond what a float can hold."""
    return ("The exponential of a number above 709 is more than a float can hold. "
            "Shift the scores first, so that none is large." if called(scene) == "math.exp" else "")


def no_logarithm(scene: Scene) -> str:
    """On the logarithm of zero, or of a negative number."""
    return ("Only a positive number has a logarithm; a probability can round to 0."
            if called(scene).startswith("math.log") else "")


def draws(scene: Scene) -> str:
    """On a choice from rows instead of row numbers."""
    return ("This draws from a list of numbers. Draw row numbers, "
            "and take the images and the labels with them.")


def all_different(scene: Scene) -> str:
    """On a draw without replacement of more than there is."""
    return ("Without replacement no more can be drawn than there is, "
            "and a batch may be larger than the data: what does `replace` say?")
