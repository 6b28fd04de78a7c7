"""The syntax tree of a student's function, where variants of it may be run.

Its names must be arguments, locals, NumPy's, harmless builtins, or functions of the same kind:
then nothing outside of a variant can notice that it ran.
"""
import ast
import builtins
import linecache
import math
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

HARMLESS = {
    "abs", "all", "any", "bool", "complex", "dict", "divmod", "enumerate", "filter", "float",
    "frozenset", "int", "isinstance", "len", "list", "map", "max", "min", "pow", "print", "range",
    "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "zip", "Exception",
    "IndexError", "KeyError", "TypeError", "ValueError", "ZeroDivisionError",
}
# Of NumPy's names those that read or write files or memory, or hold or set what is the same for
# the whole process.
OUTSIDE = {
    "DataSource", "bit_generator", "core", "ctypes", "ctypeslib", "distutils", "dump", "dumps",
    "f2py", "fromfile", "fromregex", "genfromtxt", "lib", "load", "loadtxt", "ma", "memmap",
    "mtrand", "polynomial", "save", "savetxt", "savez", "savez_compressed", "sctypeDict", "seed",
    "set_bit_generator", "set_printoptions", "set_state", "setbufsize", "seterr", "seterrcall",
    "test", "testing", "tofile", "typecodes",
}
REFUSED = (ast.Global, ast.Nonlocal, ast.ClassDef, ast.AsyncFunctionDef, ast.Await, ast.Yield,
           ast.YieldFrom, ast.AsyncFor, ast.AsyncWith)
MODULES = ("numpy", "math")
Trees = tuple[ast.FunctionDef, ...]
VARIANT = "<variant>"  # what the file of one is called
DEPTH = 5  # of functions that call others
TICK, TICKS = "_tick_", 5000  # rounds of all `while` loops in one call


class TooManyRounds(Exception):
    """Raised in a variant whose `while` loops go round too often."""


class Source(NamedTuple):
    """A function that may be varied: its tree, the lines of its file, and the names it finds.

    `helpers` are the trees of those functions that it calls, and of theirs, that stand in its file.
    """

    tree: ast.FunctionDef
    file: str
    names: dict[str, Any]
    helpers: Trees = ()

    @property
    def trees(self) -> Trees:
        """All that may be varied, the function itself last."""
        return *self.helpers, self.tree

    def line(self, number: int) -> str:
        """That line of the file."""
        return linecache.getline(self.file, number).strip()


def source_of(function: Any, depth: int = DEPTH) -> Source | None:
    """The source of a plain function of which all is known; None for any other."""
    if type(function) is not FunctionType or depth == 0 or function.__closure__:
        return None
    tree = definition(function)
    if tree is None or tree.decorator_list or not is_plain(tree):
        return None
    names, file = outer_names(tree, function, depth), function.__code__.co_filename
    if names is None:
        return None
    helpers: dict[str, ast.FunctionDef] = {}
    for value in [*names.values()]:
        beside = type(value) is FunctionType and value.__code__.co_filename == file
        if beside and value is not function and (inner := source_of(value, depth - 1)):
            helpers |= {helper.name: helper for helper in inner.trees}
            names |= inner.names
    return Source(tree, file, names, tuple(helpers.values()))


def definition(function: FunctionType) -> ast.FunctionDef | None:
    """The definition in its file that is what runs; None where there is none."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    try:
        parts = ast.walk(ast.parse("".join(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for part in parts:
        if isinstance(part, ast.FunctionDef) and (part.lineno, part.name) == (
                code.co_firstlineno, code.co_name):
            without_annotations(part)
            return part if same_code(compiled(part, code.co_filename), code) else None
    return None


def without_annotations(tree: ast.FunctionDef) -> None:
    """Leave out what only tells of types."""
    tree.returns = None
    for part in ast.walk(tree.args):
        if isinstance(part, ast.arg):
            part.annotation = None


def compiled(tree: ast.FunctionDef, file: str) -> CodeType:
    """The code of a definition."""
    module = compile(ast.Module([tree], []), file, "exec", dont_inherit=True)
    return next(c for c in module.co_consts if isinstance(c, CodeType) and c.co_name == tree.name)


def same_code(a: CodeType, b: CodeType) -> bool:
    """True when both do the same: else the file was changed since."""
    return a.co_code == b.co_code and a.co_names == b.co_names and [
        repr(c) for c in a.co_consts if not isinstance(c, CodeType)] == [
        repr(c) for c in b.co_consts if not isinstance(c, CodeType)]


def is_plain(tree: ast.FunctionDef) -> bool:
    """True when nothing in it reaches beyond arguments and locals but by a name."""
    return not any(isinstance(part, REFUSED) or reaches_out(part) for part in ast.walk(tree)) and (
        all(isinstance(default, (ast.Constant, ast.UnaryOp, type(None)))
            for default in [*tree.args.defaults, *tree.args.kw_defaults]))


def reaches_out(part: ast.AST) -> bool:
    """True for an attribute that is private, set, or leads outside, and for other imports.

    Also for what would swallow the end that a time limit makes.
    """
    if isinstance(part, ast.Try):
        return bool(part.finalbody) or any(handler.type is None for handler in part.handlers)
    if isinstance(part, ast.Attribute):
        return (not isinstance(part.ctx, ast.Load) or part.attr.startswith("_")
                or part.attr in OUTSIDE)
    if isinstance(part, ast.Import):
        return any(alias.name not in MODULES for alias in part.names)
    if isinstance(part, ast.ImportFrom):
        return part.module not in MODULES or any(
            alias.name in OUTSIDE or alias.name.startswith(("_", "*")) for alias in part.names)
    return isinstance(part, ast.Name) and part.id.startswith("__")


def outer_names(tree: ast.FunctionDef, function: FunctionType, depth: int) -> dict | None:
    """What the names are that it finds around itself; None when one is not harmless."""
    bound, used = set(bound_in(tree)), {part.id for part in ast.walk(tree)
                                        if isinstance(part, ast.Name)}
    found: dict[str, Any] = {}
    for name in used - bound:
        if name in function.__globals__:
            found[name] = function.__globals__[name]
            if not (found[name] is function or is_harmless(found[name], depth)):
                return None
        elif name in HARMLESS:
            found[name] = getattr(builtins, name)
        else:
            return None
    return found


def bound_in(tree: ast.FunctionDef) -> Iterator[str]:
    """The names that are arguments or locals somewhere in it."""
    for part in ast.walk(tree):
        if isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, ast.alias):
            yield (part.asname or part.name).partition(".")[0]
        elif isinstance(part, ast.ExceptHandler):
            yield part.name or ""
        elif isinstance(part, ast.FunctionDef) and part is not tree:
            yield part.name


def is_harmless(value: Any, depth: int) -> bool:
    """True for NumPy and what comes from it, and for a function of which all is known."""
    if isinstance(value, ModuleType):
        return value in (np, math, np.linalg)
    home = str(getattr(value, "__module__", "")).partition(".")[0]
    if isinstance(value, np.ufunc) or (callable(value) and home in MODULES):
        return getattr(value, "__name__", "_") not in OUTSIDE
    return source_of(value, depth - 1) is not None


def with_ticks(trees: Trees) -> Trees:
    """The trees, with a call that counts at the start of each `while` loop's round."""
    for part in (part for tree in trees for part in ast.walk(tree)):
        if isinstance(part, ast.While):
            tick = ast.Expr(ast.Call(ast.Name(TICK, ast.Load()), [], []))
            part.body.insert(0, ast.fix_missing_locations(ast.copy_location(tick, part)))
    return trees


def runnable(trees: Trees, names: dict[str, Any]) -> Callable:
    """The function that the last tree defines, with its helpers, among these names alone.

    It is kept from looping for ever.
    """
    space = {**names, **fresh_ticks(), "_np_": np}
    exec(compile(ast.Module([*trees], []), VARIANT, "exec", dont_inherit=True), space)
    return space[trees[-1].name]


def fresh_ticks() -> dict[str, Callable]:
    """The name that loops call once a round, and what stops them."""
    rounds = 0

    def tick() -> None:
        nonlocal rounds
        rounds += 1
        if rounds > TICKS:
            raise TooManyRounds

    return {TICK: tick}
