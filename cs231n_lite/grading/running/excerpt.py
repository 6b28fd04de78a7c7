"""Of a notebook's cells, what one of its names needs: what binds or changes it, or those.

So a function is had without the training, the pictures and the checks around it.
"""
import ast
import builtins
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, partial
from inspect import CO_COROUTINE
from types import CodeType, FunctionType, MappingProxyType
from typing import Any

from cs231n_lite.exercises.cells import MERGING, bound_in_text, merge_in
from cs231n_lite.grading.running.beside import FILE, is_beside, module_of, run_by
from cs231n_lite.grading.running.statements import (
    DEFINITIONS,
    Statement,
    binds_anything,
    can_be_filled,
    future,
    is_import,
    names_of_module,
    statements_of,
)

NAME, DEPTH = "__main__", 10
MAGIC = re.compile(r"^([ \t]*+)(\w[\w., ]*+=)?[ \t]*+([%!?](?:.*\\\n)*.*|[\w.]++\?++[ \t]*+)$",
                   re.MULTILINE)
# A text, a remark, a line that goes on below with what it begins with, a bracket; or anything up to
# one of these.
TOKEN = re.compile(
    r"""("{3}|'{3})(?:\\(?s:.)|[^\\])*?(?:\1|\\?\Z)"""
    r"""|(["'])(?:\\(?s:.)|[^\\\n])*?(?:\2|\\?\Z|$)|#.*"""
    r"""|\\\n[ \t]*[%!?]?|(?P<open>[(\[{])|(?P<close>[)\]}])|[^"'#\\()\[\]{}\n]+|[\\\n]""",
    re.MULTILINE)
PYLAB = ("import numpy; import numpy as np; import matplotlib.pyplot as plt; "
         "from matplotlib.pylab import *; from numpy import *")
TIMING = re.compile(r"^%%(time|timeit|capture|prun)\b.*")


class Excerpts:
    """The statements of a notebook, and the errors of unreadable cells by number from 1.

    `modules` are the student's own, by name.
    """

    def __init__(self, cells: list[str], modules: Mapping[str, str] = MappingProxyType({})) -> None:
        self.cells, self.modules = cells, modules
        self.statements: list[Statement] = []
        self.errors: dict[int, tuple[str, str]] = {}  # each with where in the cell it is
        self.lost: list[str] = []  # files that cells run, and that are not there
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        for number, source in enumerate(cells, start=1):
            try:
                tree = ast.parse(plain(source))
                for path in run_by(source):
                    self.read(modules.get(module_of(path), ""), f"{number}, {path}", flags)
                    self.lost += [path] * (module_of(path) not in modules)
                flags |= future(tree)
                self.read(plain(source), str(number), flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                self.errors[number] = (
                    (MERGING, "") if merge_in(source) else
                    (f"{type(error).__name__}: {getattr(error, 'msg', error)}", line_of(error)))

    def read(self, source: str, place: str, flags: int) -> None:
        """Add the statements of a cell, or of a file that it runs."""
        for node, code in statements_of(source, FILE.format(place), flags):
            named = getattr(node, "module", "") if binds_anything(node) else ""
            text = self.modules.get(named or "", "")
            self.statements.append(Statement(node, code, frozenset(names_of_module(text))))

    @cached_property
    def last(self) -> dict[str, Statement]:
        """The last statement that binds each name."""
        return {name: statement for statement in self.statements for name in statement.binds}

    def last_binding(self, name: str) -> ast.stmt | None:
        """The last statement that binds the name."""
        return self.last[name].node if name in self.last else None

    def is_own(self, name: str) -> bool:
        """True for a name that is neither imported nor Python's."""
        return (not is_import(self.last[name].node) if name in self.last
                else not hasattr(builtins, name))

    def broken_cell(self, name: str) -> str | None:
        """The error of the cell that would have bound the name, had it been possible to read it."""
        return next((f"{error}, in code cell {number}{line}"
                     for number, (error, line) in self.errors.items()
                     if name in bound_in_text(self.cells[number - 1])), None)

    def needed(self, asked: str) -> list[Statement]:
        """All statements that the name needs, in their order."""
        names, chosen = {asked}, {i for i, s in enumerate(self.statements)
                                  if binds_anything(s.node)}
        while True:
            own = {name for name in names if self.is_own(name)}
            data = {name for name in own - {asked} if can_be_filled(self.last_binding(name))}
            more = {i for i, s in enumerate(self.statements)
                    if (s.binds | s.changes) & names or s.asks & own
                    or any(name in data and not (by and self.is_own(by)) for name, by in s.fills)
                    or self.through(s.runs - {asked}) & own}
            if more <= chosen:
                return [self.statements[i] for i in sorted(chosen)]
            chosen |= more
            names.update(*(self.statements[i].uses for i in chosen))

    def through(self, names: frozenset[str]) -> set[str]:
        """The names that definitions of the notebook bind or change when these are called."""
        return {changed for name in names if isinstance(self.last_binding(name), DEFINITIONS)
                for changed in self.last[name].effects}

    def cells_of(self, statements: list[Statement]) -> list[int]:
        """The numbers of the cells that these statements stand in."""
        found = (re.match(r"<cell (\d+)", statement.code.co_filename) for statement in statements)
        return sorted({int(number[1]) for number in found if number})

    def run(self, statements: list[Statement],
            apart: Callable[[], AbstractContextManager] = nullcontext,
            ) -> tuple[dict, dict[str, BaseException]]:
        """The names after each statement ran as far as it goes, and the errors by name.

        Imports run inside of `apart()`.
        """
        errors: dict[str, BaseException] = {}
        namespace = Namespace(errors, self.lost)
        for statement in statements:
            is_set_up = is_import(statement.node) and not self.is_of_a_module(statement.node)
            try:
                with apart() if is_set_up else nullcontext():
                    execute(statement.code, namespace)
            except Exception as error:  # as in a notebook, where the cells below can still be run
                errors |= dict.fromkeys(statement.binds, error)
            else:
                for bound in statement.binds & errors.keys():
                    del errors[bound]
        return namespace, errors

    def is_of_a_module(self, node: ast.stmt | None) -> bool:
        """True for an import from a module of the student's own."""
        names = ([node.module or ""] if isinstance(node, ast.ImportFrom) else
                 [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        return any(is_beside(sys.modules.get(name)) or name in self.modules for name in names)

    def is_foreign(self, value: Any, name: str) -> bool:
        """True for what was imported, and for a function that the notebook did not define itself.

        A module of the student's own counts as the notebook does.
        """
        node = self.last_binding(name)
        return ((is_import(node) and not self.is_of_a_module(node))
                or (callable(value) and not own(value)))


def line_of(error: Exception) -> str:
    """The line of a cell that an error of its syntax names, behind the number of the cell."""
    named = isinstance(error, SyntaxError) and error.filename == "<unknown>" and error.lineno
    return f", line {named}" if named else ""


class Namespace(dict):
    """The names of a notebook; one whose statement has failed says so where it is looked up.

    So does one that nothing binds, where files were lost that cells run.
    """

    def __init__(self, errors: dict[str, BaseException], lost: Sequence[str] = ()) -> None:
        nothing = {name: lambda *args, **named: None for name in ("display", "get_ipython")}
        super().__init__(nothing, __name__=NAME)
        self.errors, self.lost = errors, lost

    def __missing__(self, name: str) -> Any:
        if error := self.errors.get(name):
            raise NameError(f"name {name!r} is not defined, for its own statement stopped with "
                            f"{type(error).__name__}: {error}", name=name) from error
        if self.lost and not hasattr(builtins, name):
            path = self.lost[0]
            raise NameError(f"name {name!r} is not defined, and {path}, which a cell runs, is not "
                            "there", name=name) from ModuleNotFoundError(path, name=path)
        raise KeyError(name)


def execute(code: CodeType, namespace: dict) -> None:
    """Run a statement, also one with an await, as long as that waits for nothing."""
    pending = eval(code, namespace)
    if code.co_flags & CO_COROUTINE:
        try:
            pending.send(None)
        except StopIteration:
            return
        pending.close()
        raise RuntimeError("the grader does not wait for what goes on elsewhere")


def plain(source: str) -> str:
    """A cell without the commands that are IPython's: a cell of another language is empty."""
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        above = source.count("\n") - rest.count("\n")
        source = "\n" * above + rest if TIMING.match(first) else ""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        return "".join(without_commands(source))


def without_commands(source: str) -> Iterator[str]:
    """The parts of a cell, Python for each command, by where a statement starts."""
    at = depth = 0
    while at < len(source):
        command = None if depth else MAGIC.match(source, at)
        part = command or TOKEN.match(source, at)
        assert part  # TOKEN matches anything
        yield python_of(command) if command else part[0]
        if not command:
            depth = max(0, depth + bool(part["open"]) - bool(part["close"]))
        at = part.end()


def python_of(magic: re.Match) -> str:
    """What stands for a command of IPython's, line for line; %time runs its statement."""
    indent, target, command = magic.groups()
    if timed := re.match(r"%time[ \t]+(?=\S)", command):
        return f"{indent}{target or ''}{command[timed.end():]}"
    instead = f"{target} None" if target else PYLAB if command.startswith("%pylab") else "pass"
    return indent + instead + "\n" * command.count("\n")


def own(value: Any, depth: int = 0) -> bool:
    """True for a function or class of a cell, what wraps one, and objects that are called by one.

    So is a partial that is given one, unless it is one of the package's functions.
    """
    call = getattr(type(value), "__call__", None)  # noqa: B004  the method itself is asked for
    if is_of_a_cell(value) or is_of_a_cell(call):
        return True
    parts = [getattr(value, name, None) for name in ("__wrapped__", "__func__", "func", "pyfunc")]
    if (isinstance(value, partial)
        and not str(getattr(value.func, "__module__", "")).startswith("cs231n_lite")):
        parts += [*value.args, *value.keywords.values()]
    return depth < DEPTH and any(own(part, depth + 1) for part in parts if part is not None)


def is_of_a_cell(value: Any) -> bool:
    """True for a function or class that a cell defines."""
    if isinstance(value, type):
        return value.__module__ == NAME or is_beside(sys.modules.get(value.__module__))
    return (isinstance(value, FunctionType)
            and value.__code__.co_filename.startswith(FILE.partition("{")[0]))
