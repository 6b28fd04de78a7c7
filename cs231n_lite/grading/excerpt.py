"""Of a notebook's cells, what one of its names needs: what binds or changes it, or those.

So a function is had without the training, the pictures and the checks around it.
"""
import __future__

import ast
import builtins
import dis
import linecache
import re
from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
    Sequence,
    Set,
)
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from inspect import CO_COROUTINE
from operator import or_
from types import CodeType, FunctionType
from typing import Any

FILE, NAME, DEPTH = "<cell {}>", "__main__", 10
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
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
# Calls of these fill nothing.
SHOWING = {"print", "display", "check", "use", "hint", "solution", "plt", "plots"}
# The methods for which containers are changed: append, update and so on.
MUTATING = {name for kind, fixed in ((MutableSequence, Sequence), (MutableMapping, Mapping),
                                     (MutableSet, Set))
            for name in {*dir(kind)} - {*dir(fixed)}}
BY_TEXT = {"globals", "locals", "vars", "eval", "exec"}  # which find names in texts
# In one line, and tried at its start alone: else a cell of blanks would take hours.
BINDING = re.compile(r"^[ \t]*(?:def[ \t]+(\w+)|(\w+)[ \t]*=(?!=))", re.MULTILINE)
TIMING = re.compile(r"^%%(time|timeit|capture|prun)\b.*")


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a cell, and what it does to the names of the notebook."""

    node: ast.stmt
    code: CodeType

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it binds where it stands."""
        return frozenset(bound(self.code))

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it looks up, now or in a call of its functions; of `a = b` both."""
        return frozenset(used(self.code)) | (self.binds if alias(self.node) else frozenset())

    @cached_property
    def changes(self) -> frozenset[str]:
        """The names of which it sets a part: `a.b = ...`, `a[...] = ...`."""
        return frozenset(set_in(acting(self.node)))

    @cached_property
    def asks(self) -> frozenset[str]:
        """The names whose methods it calls: `a.f(...)`, `@a.f`, `... a.append(...)` anywhere."""
        return frozenset(asked(acting(self.node)))

    @cached_property
    def fills(self) -> frozenset[tuple[str, str | None]]:
        """The names whose objects it may fill: `f(..., a)`, `... f(..., out=a)`, `b = a`.

        Beside each, of `c.f(..., a)`, stands c: unless that is a module, c is what the method is
        more likely to change.
        """
        return frozenset((name, by) for name, by in filled(self.node) if name)

    @cached_property
    def runs(self) -> frozenset[str]:
        """The names that it calls for what they do, not for a value: `f(...)`, `@f`."""
        return frozenset(filter(None, map(root, called(acting(self.node)))))

    @cached_property
    def effects(self) -> frozenset[str]:
        """The names that a definition binds or changes when what it defines is called."""
        parts = list(ast.walk(self.node))
        return frozenset(bound_globally(self.code)) | self.uses & {*set_in(parts), *asked(parts)}


class Excerpts:
    """The statements of a notebook, and the errors of unreadable cells by number from 1."""

    def __init__(self, cells: list[str]) -> None:
        self.cells = cells
        self.statements: list[Statement] = []
        self.errors: dict[int, str] = {}
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        for number, source in enumerate(cells, start=1):
            try:
                tree = ast.parse(plain(source))
                flags |= future(tree)
                self.statements += statements_of(plain(source), FILE.format(number), flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                self.errors[number] = f"{type(error).__name__}: {getattr(error, 'msg', error)}"

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
        return next((f"{error}, in code cell {number}" for number, error in self.errors.items()
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
        files = {statement.code.co_filename for statement in statements}
        return [n for n in range(1, len(self.cells) + 1) if FILE.format(n) in files]

    def run(self, statements: list[Statement]) -> tuple[dict, dict[str, BaseException]]:
        """The names after each statement ran as far as it goes, and the errors by name."""
        errors: dict[str, BaseException] = {}
        namespace = Namespace(errors)
        for statement in statements:
            try:
                execute(statement.code, namespace)
            except Exception as error:  # as in a notebook, where the cells below can still be run
                errors |= dict.fromkeys(statement.binds, error)
            else:
                for bound in statement.binds & errors.keys():
                    del errors[bound]
        return namespace, errors


class Namespace(dict):
    """The names of a notebook; one whose statement has failed says so where it is looked up."""

    def __init__(self, errors: dict[str, BaseException]) -> None:
        nothing = {name: lambda *args, **named: None for name in ("display", "get_ipython")}
        super().__init__(nothing, __name__=NAME)
        self.errors = errors

    def __missing__(self, name: str) -> Any:
        if error := self.errors.get(name):
            raise NameError(f"name {name!r} is not defined, for its own statement stopped with "
                            f"{type(error).__name__}: {error}", name=name)
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


def bound_in_text(source: str) -> set[str]:
    """The names that a cell binds, as far as its text alone tells."""
    return {name for names in BINDING.findall(source) for name in names if name}


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


def future(tree: ast.Module) -> int:
    """The flags for a compiler of what the cell, and all below it, has from `__future__`."""
    names = [alias.name for node in tree.body
             if isinstance(node, ast.ImportFrom) and node.module == "__future__"
             for alias in node.names]
    return reduce(or_, (getattr(__future__, name).compiler_flag for name in names
                        if hasattr(__future__, name)), 0)


def statements_of(source: str, file: str, flags: int) -> Iterator[Statement]:
    """The statements of a cell, whose lines a traceback will find."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    for node in ast.parse(source, file).body:
        code = compile(ast.Module([node], []), file, "exec", flags, dont_inherit=True)
        yield Statement(node, code)


def bound(code: CodeType) -> Iterator[str]:
    """The names that a statement binds where it stands."""
    return (step.argval for step in dis.get_instructions(code)
            if step.opname in ("STORE_NAME", "STORE_GLOBAL"))


def bound_globally(code: CodeType) -> Iterator[str]:
    """The names of the notebook that the functions in it bind."""
    for inner in inner_codes(code):
        yield from (step.argval for step in dis.get_instructions(inner)
                    if step.opname == "STORE_GLOBAL")
        yield from bound_globally(inner)


def used(code: CodeType) -> Iterator[str]:
    """The names that a statement looks up, now or in a call of its functions, also by a text."""
    names = {step.argval for step in dis.get_instructions(code)
             if step.opname.startswith(("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"))}
    yield from names
    if names & BY_TEXT:
        yield from (name for text in code.co_consts if isinstance(text, str)
                    for name in re.findall(r"\w+", text))
    for inner in inner_codes(code):
        yield from used(inner)


def inner_codes(code: CodeType) -> Iterator[CodeType]:
    """The codes of the functions and classes in it."""
    return (inner for inner in code.co_consts if isinstance(inner, CodeType))


def acting(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that act where it stands: no bodies, nothing only shown."""
    rest = [node]
    while rest:
        node = rest.pop()
        yield node
        if isinstance(node, DEFINITIONS):
            rest += node.decorator_list
        elif not (isinstance(node, ast.Call) and root(node.func) in SHOWING):
            rest += ast.iter_child_nodes(node)


def set_in(parts: Iterable[ast.AST]) -> Iterator[str]:
    """The names of which a part is set or deleted: `a.b = ...`, `a[...] = ...`."""
    stored = (part for part in parts
              if isinstance(getattr(part, "ctx", None), (ast.Store, ast.Del)))
    return (name for part in stored if (name := receiver(part)))


def called(parts: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """What is called for what it does, not for a value: in a line of its own, or as a decorator."""
    for part in parts:
        if isinstance(part, DEFINITIONS):
            yield from (call.func if isinstance(call, ast.Call) else call
                        for call in part.decorator_list)
        elif call := call_in(part):
            yield call.func


def asked(parts: Iterable[ast.AST]) -> Iterator[str]:
    """The names whose methods are called for what they do, wherever that is their use."""
    parts = list(parts)
    mutating = (part for part in parts if isinstance(part, ast.Attribute) and part.attr in MUTATING)
    return (name for method in (*called(parts), *mutating) if (name := receiver(method)))


def filled(node: ast.stmt) -> Iterator[tuple[str | None, str | None]]:
    """What `Statement.fills` holds."""
    yield alias(node), None
    for part in acting(node):
        if isinstance(part, ast.keyword) and part.arg == "out":
            yield root(part.value), None
        elif (call := call_in(part)) and root(call.func) not in SHOWING:
            yield from ((root(value), receiver(call.func) if at else None)
                        for at, value in enumerate(call.args))


def alias(node: ast.stmt) -> str | None:
    """The name to which `b = a` gives another one."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
        return node.value.id if all(isinstance(part, ast.Name) for part in node.targets) else None
    return None


def can_be_filled(node: ast.stmt | None) -> bool:
    """False for what a call can do nothing to: functions, numbers and texts."""
    return (not isinstance(node, FUNCTIONS)
            and not isinstance(getattr(node, "value", None), ast.Constant))


def call_in(node: ast.AST) -> ast.Call | None:
    """The call that a statement is, if it is one."""
    return node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None


def receiver(node: ast.AST) -> str | None:
    """The name at the start of `a.b[c]`, not of `a` alone."""
    return root(node) if isinstance(node, (ast.Attribute, ast.Subscript)) else None


def root(node: ast.expr) -> str | None:
    """The name at the start of `a.b[c]`."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def binds_anything(node: ast.stmt) -> bool:
    """True for `from ... import *`, of which nobody knows what it binds."""
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def is_import(node: ast.stmt | None) -> bool:
    """True for an import."""
    return isinstance(node, (ast.Import, ast.ImportFrom))


def foreign(value: Any, binding: ast.stmt) -> bool:
    """True for what was imported, and for a function that the notebook did not define itself."""
    return is_import(binding) or (callable(value) and not own(value))


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
        return value.__module__ == NAME
    return (isinstance(value, FunctionType)
            and value.__code__.co_filename.startswith(FILE.partition("{")[0]))
