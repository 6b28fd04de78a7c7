"""Crashes over names and attributes: what is misspelt, not imported, or has no value yet."""
import ast
import builtins
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from types import FunctionType, ModuleType

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.scene import Scene, names_in

USUAL = {"np", "plt", "pd", "numpy", "scipy", "matplotlib", "torch", "tf", "sklearn"}
WORDS = ("axis", "keepdims", "dtype", "out", "where", "initial", "size", "replace", "shuffle",
         "key", "default", "reverse")
OTHERS_WORDS = {"dim": "axis", "keepdim": "keepdims", "axes": "axis"}
# What NumPy's older generators call it, and what a Generator does.
GENERATORS = {"randint": "integers", "rand": "random", "randn": "normal", "random_sample": "random",
              "random_integers": "integers"}
LIKE_LENGTH = {"length", "len", "count"}


def near(name: str, names: Iterable[str]) -> str:
    """The one name that this one is likely to be meant for, or ''."""
    names = [other for other in names if other != name and not other.startswith("__")]
    same = [other for other in names if other.lower() == name.lower()]
    if len(name) < 3:
        return same[0] if len(same) == 1 else ""
    close = same or [other for other in names if len(other) > 1 and one_letter_off(name, other)]
    close = close or get_close_matches(name, names, n=2, cutoff=0.8)
    return close[0] if len({*close}) == 1 else ""


def one_letter_off(a: str, b: str) -> bool:
    """True when one letter is changed, missing, too much, or swapped with the next."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return (a[1:] == b[1:] or a[1:] == b or a == b[1:]
            or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(a) > 1))


def missing(scene: Scene, name: str) -> str:
    """On a name that nothing has given a value."""
    for frame, _, _ in scene.frames[-2::-1][:3]:
        if name in names_in(frame):
            return (f"`{name}` is a variable of `{frame.f_code.co_name}`, and another function "
                    "does not see it: hand it over as an argument.")
    parent = scene.parents.get(scene.node) if scene.node else None
    is_called = isinstance(parent, ast.Call) and parent.func is scene.node
    if is_called and name in np.__all__:
        return f"NumPy has a function of that name: `np.{name}`."
    alias = next((other for other, value in scene.globals.items() if type(value) is ModuleType
                  and vars(value).get("__name__") == name), "")
    if alias:
        return f"That module was imported as `{alias}`."
    if isinstance(parent, ast.Attribute) and (name in sys.stdlib_module_names or name in USUAL):
        return f"`{name}` is a module: a cell above must import it."
    if is_module(scene, parent):
        return f"No cell that has been run imports `{name}`."
    if name in WORDS[:3]:
        return f"`{name}` belongs to a call, as a keyword: one `=` and a value behind it."
    own = {*scene.locals, *scene.arguments, *local_names(scene)}
    if meant := near(name, own) or near(name, scene.globals) or near(
            name, [*vars(builtins), *scene.arguments]):
        return f"Is `{meant}` meant?"
    if is_called:
        return f"No cell that has been run defines or imports `{name}`."
    if not 0 < len(scene.arguments) < 6:
        return ""
    return (f"The function is given {spoken([f'`{a}`' for a in scene.arguments])}: "
            "is it one of these, or must it be calculated from them first?")


def is_module(scene: Scene, parent: ast.AST | None) -> bool:
    """True where a name, with what it is a part of, reads as a module with its function."""
    call = scene.parents.get(parent) if parent else None
    return (isinstance(parent, ast.Attribute) and isinstance(call, ast.Call)
            and call.func is parent and not hasattr(np.ndarray, parent.attr))


def local_names(scene: Scene) -> list[str]:
    """The names that the function binds somewhere above the line."""
    return [node.id for node in ast.walk(scene.function) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store) and node.lineno <= scene.number]


def spoken(words: list[str]) -> str:
    """'a, b and c'."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def no_value_yet(scene: Scene, name: str) -> str:
    """On a variable that is used before it has a value."""
    bindings = scene.bindings(name)
    if not bindings or not scene.node:
        return ""
    if (name in scene.globals or hasattr(builtins, name)) and type(scene.globals.get(
            name, vars(builtins).get(name))) is not Array:
        return (f"The function assigns to `{name}`, so that the name is its own variable "
                "throughout, and what was called so outside is hidden: choose another name.")
    if all(isinstance(binding, ast.AugAssign) for binding in bindings):
        return f"What is added up in `{name}` needs a value to start from."
    here = scene.statement(scene.node)
    if all(binding.lineno > scene.number for binding in bindings
           if not isinstance(binding, ast.AugAssign)):
        return f"`{name}` gets its first value only below this line."
    for binding in bindings:
        while binding in scene.parents and binding is not scene.function:
            binding = scene.parents[binding]
            if isinstance(binding, (ast.If, ast.For, ast.While)) and here not in ast.walk(binding):
                kind = type(binding).__name__.lower()
                article = "an" if kind == "if" else "a"
                return (f"`{name}` gets its value only inside {article} `{kind}`, "
                        f"which {'was not entered' if kind == 'if' else 'did not run once'}; "
                        "give it one before that.")
    return ""


def no_attribute(scene: Scene, name: str) -> str:
    """On an attribute that a plain object does not have."""
    node = scene.node
    if not isinstance(node, ast.Attribute) or node.attr != name:
        return ""
    owner, text = scene.value(node.value), scene.code(node.value) or "This"
    if type(owner) is ModuleType:
        meant = near(name, [other for other in vars(owner) if not other.startswith("_")])
        return f"Is `{meant}` meant?" if meant else ""
    if type(owner) is Array or "'numpy.ndarray'" in scene.said:
        return no_attribute_of_array(name, text)
    if type(owner) is np.random.Generator and name in GENERATORS:
        return f"This generator calls it `{GENERATORS[name]}`."
    if "'builtin_function_or_method'" in scene.said or "'function'" in scene.said:
        return f"{text} is a function itself, not its result: call it, with round brackets."
    kind = next(iter(re.findall(r"^'(?:numpy\.)?(\w+)'", scene.said)), "")
    if kind == "list" and hasattr(np.ndarray, name):
        return f"{text} is a list, and `{name}` belongs to arrays: np.array makes one of it."
    if kind == "tuple" and hasattr(np.ndarray, name):
        return f"{text} is a tuple of several things: take out the one that is meant."
    if re.fullmatch(r"float\d*|int\d*|bool", kind) and (
            hasattr(np.ndarray, name) or hasattr(list, name)):
        return f"{text} is a single number, not an array or a list."
    return ""


def no_attribute_of_array(name: str, text: str) -> str:
    """On an attribute that arrays do not have."""
    if name in LIKE_LENGTH:
        return f"Arrays have no `{name}`: `len` counts the rows, and `shape` holds all sizes."
    if hasattr(list, name):
        return f"{text} is an array, whose length is fixed; `{name}` is for lists."
    if name in np.__all__ and not isinstance(vars(np)[name], type):
        return f"An array has no `{name}` of its own; it is a function: `np.{name}`."
    meant = near(name, [other for other in dir(np.ndarray) if not other.startswith("_")])
    return f"Is `{meant}` meant?" if meant else ""


def keyword(scene: Scene, name: str) -> str:
    """On a keyword that a function of NumPy's does not know."""
    node = scene.node
    if not isinstance(node, ast.Call) or type(scene.value(node.func)) is FunctionType:
        return ""
    meant = OTHERS_WORDS.get(name) or near(name, WORDS)
    return f"Is `{meant}` meant?" if meant else ""


def not_installed(scene: Scene, name: str) -> str:
    """On a module that is not there."""
    if name.startswith("cs231n_lite"):
        return ""
    return f"`{name}` is not installed here; NumPy has all that the exercises need."


