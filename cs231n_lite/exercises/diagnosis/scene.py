"""Where a crash happened: the student's own frame, the expression that failed, its values.

Nothing of the student's runs again: values are looked up, never computed by their code, and of
what is found only plain arrays, and objects of Python itself, are looked at.
"""
import ast
import builtins
import linecache
import sysconfig
from collections.abc import Iterator
from dis import get_instructions
from functools import cached_property, lru_cache
from inspect import CO_OPTIMIZED
from itertools import islice
from pathlib import Path
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy import ndarray as Array

PACKAGE = str(Path(__file__).parents[2])
LIBRARIES = tuple({sysconfig.get_paths()[key]
                   for key in ("stdlib", "platstdlib", "purelib", "platlib")}
                  | {str(Path(np.__file__).parents[1]), PACKAGE})
COMPILED = (".pyx", ".pxd")
LONGEST = 60
# Types whose objects run no code of a student's when they are looked at.
PLAIN = {Array, int, float, bool, str, tuple, list, dict, range, type(None), ModuleType, type,
         FunctionType, BuiltinFunctionType, np.ufunc, type(np.sum), np.random.Generator,
         *np.sctypeDict.values()}
UNKNOWN = object()


class Scene:
    """One crash in a student's function, as far as it can be seen."""

    def __init__(self, said: str, frames: list[tuple[FrameType, int, int]], is_ours: bool) -> None:
        self.said, self.frames, self.is_ours = said, frames, is_ours  # raised by this package
        self.frame, self.number, self.step = frames[-1]
        code = self.frame.f_code
        self.line = linecache.getline(code.co_filename, self.number).strip()
        self.source = "".join(linecache.getlines(code.co_filename))
        self.tree, self.parents = syntax(self.source)

    @cached_property
    def node(self) -> Any:
        """The innermost expression, or else statement, that was at work."""
        at = next(islice(self.frame.f_code.co_positions(), self.step // 2, None), None)
        if at is None or None in at:  # Python was told to keep no positions
            return None
        return next((node for node in reversed(list(ast.walk(self.tree)))
                     if at == (getattr(node, "lineno", None), getattr(node, "end_lineno", None),
                               getattr(node, "col_offset", None),
                               getattr(node, "end_col_offset", None))), None)

    @cached_property
    def function(self) -> ast.AST:
        """The definition that the line is in, or the whole cell."""
        around = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
                  and node.lineno <= self.number <= (node.end_lineno or 0)]
        return around[-1] if around else self.tree

    @cached_property
    def arguments(self) -> list[str]:
        """The names of the function's arguments."""
        node = self.function
        return ([a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                if isinstance(node, ast.FunctionDef) else [])

    @cached_property
    def shapes(self) -> set[tuple[int, ...]]:
        """The shapes of the arguments, of the function and of the one that was called first."""
        given = [names_in(frame).get(name) for frame, _, _ in (self.frames[0], self.frames[-1])
                 for name in frame.f_code.co_varnames[:frame.f_code.co_argcount]]
        return {value.shape for value in given if type(value) is Array}

    @cached_property
    def sizes(self) -> set[int]:
        """All sizes that these shapes hold."""
        return {size for shape in self.shapes for size in shape}

    @property
    def locals(self) -> dict[str, Any]:
        """The variables of the function."""
        return names_in(self.frame)

    @property
    def globals(self) -> dict[str, Any]:
        """The names of the notebook."""
        return self.frame.f_globals if type(self.frame.f_globals) is dict else {}

    def named(self, name: str) -> Any:
        """The value of a name, if it is plain."""
        for scope in (self.locals, self.globals, vars(builtins)):
            if name in scope:
                return plain(scope[name])
        return UNKNOWN

    def value(self, node: ast.AST | None) -> Any:
        """The value of an expression that calls nothing, if it is plain."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            if type(owner) is Array:
                return plain(getattr(owner, node.attr, UNKNOWN))
            if type(owner) is ModuleType:
                return plain(vars(owner).get(node.attr, UNKNOWN))
        if isinstance(node, ast.Subscript):
            owner, index = self.value(node.value), self.index(node.slice)
            if type(owner) in (Array, tuple, list) and index is not UNKNOWN:
                try:
                    return plain(owner[index])
                except (IndexError, TypeError, MemoryError):
                    return UNKNOWN
        return UNKNOWN

    def index(self, node: ast.AST) -> Any:
        """The value of an index of integers, None and whole slices."""
        if isinstance(node, ast.Tuple):
            parts = tuple(self.index(part) for part in node.elts)
            return UNKNOWN if UNKNOWN in parts else parts
        if isinstance(node, ast.Slice):
            return UNKNOWN if node.lower or node.upper or node.step else slice(None)
        value = self.value(node)
        return value if value is None or isinstance(value, (int, np.integer)) else UNKNOWN

    def array(self, node: ast.AST | None) -> Array | None:
        """The plain array that an expression is."""
        value = self.value(node)
        return value if type(value) is Array else None

    def bindings(self, name: str) -> list[Any]:
        """The statements of the function that bind a name, in their order."""
        found = [node for node in ast.walk(self.function) if isinstance(node, ast.Name)
                 and node.id == name and isinstance(node.ctx, ast.Store)]
        return [self.statement(node) for node in sorted(found, key=lambda node: node.lineno)]

    def statement(self, node: Any) -> Any:
        """The statement, or loop of a comprehension, that a node stands in."""
        while not isinstance(node, (ast.stmt, ast.comprehension)) and node in self.parents:
            node = self.parents[node]
        return node

    def is_in_a_loop(self, node: ast.AST) -> bool:
        """True where a node stands in a `for` of the function."""
        while node is not self.function and node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.For):
                return True
        return False

    def definition(self, node: ast.AST | None) -> ast.AST | None:
        """What a name was given, where a single assignment or loop gives it; else the node."""
        if not isinstance(node, ast.Name):
            return node
        given = [s for s in self.bindings(node.id) if not isinstance(s, ast.AugAssign)]
        match given:
            case [ast.For(target=ast.Name()) | ast.comprehension(target=ast.Name()) as loop]:
                return loop.iter
            case [ast.Assign(targets=[ast.Name()]) as assignment]:
                return assignment.value
        return node

    def behind(self, node: ast.AST | None) -> Iterator[ast.AST]:
        """The nodes of an expression, and of what its names were given, and so on."""
        waiting, seen = [node], set()
        while waiting:
            for part in ast.walk(waiting.pop() or ast.Pass()):
                if part not in seen:
                    seen.add(part)
                    yield part
                    if isinstance(part, ast.Name) and (source := self.definition(part)) is not part:
                        waiting.append(source)

    def code(self, node: ast.AST | None) -> str:
        """An expression as the student wrote it, in one line, as code; '' when that is long."""
        text = " ".join((ast.get_source_segment(self.source, node) or "").split()) if node else ""
        return f"`{text}`" if 0 < len(text) <= LONGEST else ""


def scene_of(error: BaseException) -> Scene | None:
    """The crash as it can be seen from the student's own line that failed; None without source."""
    frames = [(step.tb_frame, step.tb_lineno, step.tb_lasti) for step in steps(error)]
    own = [step for step in frames if is_own(step[0])]
    if not own or not linecache.getline(own[-1][0].f_code.co_filename, own[-1][1]).strip():
        return None
    if isinstance(error, UnboundLocalError):
        own[-1] = at_the_name(error, *own[-1])
    return Scene(said(error), own, frames[-1][0].f_code.co_filename.startswith(PACKAGE))


def at_the_name(error: UnboundLocalError, frame: FrameType, line: int,
                step: int) -> tuple[FrameType, int, int]:
    """Where the name is read that has no value: one step on, where Python took two at once."""
    following = (i for i in get_instructions(frame.f_code) if i.offset >= step)
    return next(((frame, i.positions.lineno or line, i.offset) for i in islice(following, 2)
                 if i.positions and f"'{i.argval}'" in said(error)), (frame, line, step))


def steps(error: BaseException) -> Iterator[Any]:
    """The entries of the traceback, outermost first."""
    step = error.__traceback__
    while step:
        yield step
        step = step.tb_next


def said(error: BaseException) -> str:
    """The text of an exception of Python's or NumPy's own; nothing of the student's classes."""
    kind = type(error)
    if vars(builtins).get(kind.__name__) is kind:
        return error.args[-1] if error.args and type(error.args[-1]) is str else ""
    return str(error) if kind.__module__.startswith("numpy.") else ""


def is_own(frame: FrameType) -> bool:
    """True unless the code comes from Python, an installed package or this one."""
    name = frame.f_code.co_filename
    return (not name.startswith(LIBRARIES) and not name.startswith("<frozen")
            and not name.startswith("<__array") and not name.endswith(COMPILED))


@lru_cache(maxsize=8)
def syntax(source: str) -> tuple[ast.AST, dict[ast.AST, ast.AST]]:
    """The syntax of a cell, and the parent of each node; empty when it cannot be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Module([], [])
    return tree, {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def names_in(frame: FrameType) -> dict[str, Any]:
    """The variables of a function's frame; none of a class body, whose names may be anything."""
    is_plain = frame.f_code.co_flags & CO_OPTIMIZED or type(frame.f_locals) is dict
    return dict(frame.f_locals) if is_plain else {}


def dimensions(number: int) -> str:
    """'one dimension', and so on."""
    return {0: "no dimension", 1: "one dimension"}.get(number, f"{number} dimensions")


def plain(value: Any) -> Any:
    """The value, if its type is one that may be looked at."""
    return value if type(value) in PLAIN else UNKNOWN
