"""What a statement of a cell does to the names of its notebook: binds, uses, changes, fills."""
import __future__

import ast
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
from functools import cached_property, reduce
from operator import or_
from types import CodeType

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
# Calls of these fill nothing.
SHOWING = {"print", "display", "check", "use", "hint", "solution", "plt", "plots"}
# The methods for which containers are changed: append, update and so on.
MUTATING = {name for kind, fixed in ((MutableSequence, Sequence), (MutableMapping, Mapping),
                                     (MutableSet, Set))
            for name in {*dir(kind)} - {*dir(fixed)}}
BY_TEXT = {"globals", "locals", "vars", "eval", "exec"}  # which find names in texts


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a cell, and what it does to the names of the notebook.

    `given` are the names that `from ... import *` binds, where these are known.
    """

    node: ast.stmt
    code: CodeType
    given: frozenset[str] = frozenset()

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it binds where it stands."""
        return frozenset(bound(self.code)) | self.given

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


def future(tree: ast.Module) -> int:
    """The flags for a compiler of what the cell, and all below it, has from `__future__`."""
    names = [alias.name for node in tree.body
             if isinstance(node, ast.ImportFrom) and node.module == "__future__"
             for alias in node.names]
    return reduce(or_, (getattr(__future__, name).compiler_flag for name in names
                        if hasattr(__future__, name)), 0)


def names_of_module(text: str) -> Iterator[str]:
    """The public names that a module binds; none of one that cannot be read."""
    try:
        yield from (name for name in bound(compile(text, "", "exec")) if not name.startswith("_"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def statements_of(source: str, file: str, flags: int) -> Iterator[tuple[ast.stmt, CodeType]]:
    """The statements of a cell, whose lines a traceback will find."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    for node in ast.parse(source, file).body:
        code = compile(ast.Module([node], []), file, "exec", flags, dont_inherit=True)
        yield node, code


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
