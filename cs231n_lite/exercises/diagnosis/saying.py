"""What the smallest repair says of a slip that has no name: what the student's own text does.

A clause each, on what is there, never on what should be.
"""
import ast
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from cs231n_lite.exercises.diagnosis.applied import WITH_AXIS, called_name
from cs231n_lite.exercises.diagnosis.source import Trees
from cs231n_lite.exercises.diagnosis.statements import BLOCKS
from cs231n_lite.exercises.diagnosis.tree import Edit

LONGEST = 60  # characters of a text that is quoted
PARTS = (ast.UnaryOp, ast.Tuple, ast.Slice, ast.keyword)  # of what is quoted, never alone
OPERATIONS = {ast.Add: "a sum", ast.Sub: "a difference", ast.Mult: "a product",
              ast.Div: "a quotient", ast.Pow: "a power", ast.MatMult: "a matrix product",
              ast.FloorDiv: "a quotient without its remainder"}
AXES = {0: "goes over the rows, and gives one number per column",
        1: "goes over the columns, and gives one number per row",
        None: "goes over all entries at once, and gives a single number"}
FUNCTIONS = {"exp": "the exponential of {} is not taken", "log": "the logarithm of {} is not taken",
             "sum": "{} is not summed", "maximum": "{} is not cut off at 0",
             "abs": "the sign of {} is kept"}
OF_AN_EXPRESSION = {
    "comparison": "{old} is not the condition that is needed",
    "index": "{old} picks other entries than are meant",
    "of the correct class": "{old} stands where the correct class's own entry belongs",
    "index missing": "{old} is taken whole where one part of it is meant",
    "index too much": "{old} is one part where the whole is meant",
    "sign": "{old} has the wrong sign", "sign too much": "{old} has the wrong sign",
    "difference": "{old} is the difference the wrong way round",
    "exchanged": "{old} has its parts in the wrong order",
    "order of two": "{old} has its parts in the wrong order",
    "brackets": "{old} has its brackets in other places than the formula",
    "reg missing": "{old} is not multiplied by reg",
    "margin missing": "{old} lacks the margin",
    "transpose": "{old} has its rows and columns turned",
    "transpose too much": "{old} has its rows and columns turned",
    "penalty": "{old} is not made as the regularization should be",
    "comparison missing": "{old} counts with its size, where only its being positive should count",
    "comparison too much": "{old} is True or False where the values are needed",
    "copy": "{old} is the same array under a second name, so that both change together",
}
# Changes that are sure of the condition that they are in, and not of themselves.
STRUCTURE = {"function", "function missing", "function too much", "too much", "factor", "value",
             "variable missing", "type", "operator"}
OF_A_STATEMENT = {
    "assigned": "{old} replaces what is there already, where it should add up",
    "added": "{old} adds to what is there already, where it should replace it",
    "combined": "{old} replaces what is there already, where the two should be combined",
    "statement too much": "{old} is one step too many",
    "condition too much": "the condition of {old} leaves out what should count",
    "condition": "the condition of {old} is not the one that is needed",
    "not": "the condition of {old} is the contrary of the one that is needed",
    "start": "{old} is not what should be there before anything is added",
    "alias": "{old} gives the same array a second name, so that both change together",
    "in place": "{old} changes an array that has another name, too",
    "repeated indices": "{old} keeps one sample where several have the same label",
    "not kept": "what {old} computes is kept nowhere",
    "target": "{old} changes one variable where another is meant",
    "operator": "{old} does to what is there another operation than the one that is needed",
    "brackets": "{old} applies to both terms what belongs to one",
}


def said(edit: Edit, trees: Trees, text: str) -> str:
    """What is wrong where an edit is to be made; nothing where there are no words for it.

    It quotes nothing but the student's text: not what an edit before has put there.
    """
    holder, key, new = edit.changes[0]
    above = [*around(holder, trees)]
    clause = ("" if not above else of_statements(edit, above) if isinstance(key, slice)
              else of_an_expression(edit.kind, holder[key], new, above))
    quoted = [part.removesuffix(" ...") for part in clause.split("`")[1::2]]
    return clause if all(part in text for part in quoted) else ""


def around(holder: Any, trees: Trees) -> Iterator[ast.AST]:
    """The nodes around a place, the innermost first."""
    outer = {inner: node for tree in trees for node in ast.walk(tree)
             for inner in ast.iter_child_nodes(node)}
    node = next((node for tree in trees for node in ast.walk(tree)
                 if vars(node) is holder or any(part is holder for part in vars(node).values())),
                None)
    while node is not None:
        yield node
        node = outer.get(node)


def code(node: ast.AST) -> str:
    """The text of a node, or its beginning; of a compound statement its head."""
    text = ast.unparse(node).strip().split("\n")[0]
    return f"`{text}`" if len(text) <= LONGEST else f"`{text[:LONGEST]} ...`"


def placed(node: Any, above: list[ast.AST]) -> str:
    """The text of a node, of a name or a number with what is around it."""
    if not isinstance(node, (ast.Name, ast.Constant)):
        return code(node)
    return f"{code(node)} in {code(next(part for part in above if not isinstance(part, PARTS)))}"


# --------------------------------------------------------------- expressions


def of_an_expression(kind: str, old: Any, new: Any, above: list[ast.AST]) -> str:
    """What is wrong with an expression, or with an operator or a number in it."""
    index = index_of([old, *above])
    if index is not None and not kind.startswith(("index", "operator")):
        return f"{code(index)} picks other entries than are meant"
    if text := OF_AN_EXPRESSION.get(kind):
        shown = above[0] if isinstance(old, ast.cmpop) else old
        return text.format(old=code(shown))
    if kind in STRUCTURE and (test := test_of([old, *above])) is not None:
        return f"{code(test)} is not the condition that is needed"
    if kind in ("number", "axis") and (call := reduction(old, above)) is not None:
        return over(call, old)
    words: dict[str, Callable[[], str]] = {
        "operator": lambda: operator(old, above), "number": lambda: number(old, new, above),
        **dict.fromkeys(("name", "name unused", "value", "data"), lambda: misplaced(old, above)),
        "too much": lambda: too_much(old, new), "factor": lambda: factor(placed(old, above), new),
        "function": lambda: function(old, above),
        "function too much": lambda: function_too_much(old, above),
        "function missing": lambda: function_missing(old, new, above),
        "type": lambda: of_type(old), "in place": lambda: in_place(old),
        "variable missing": lambda: variable_missing(placed(old, above), new),
    }
    return words[kind]() if kind in words else ""


def reduction(old: Any, above: list[ast.AST]) -> ast.Call | None:
    """The sum or the like, of which this, or a number in it, is the axis."""
    for node in (old, *above[:2]):
        if isinstance(node, ast.Call) and called_name(node) in WITH_AXIS:
            given = [word.value for word in node.keywords if word.arg == "axis"]
            return node if node is old or old in (*node.args, *given) else None
    return None


def over(call: ast.Call, old: Any) -> str:
    """Over what a sum goes."""
    axis: Any = next((word.value for word in call.keywords if word.arg == "axis"), None)
    if axis is None and isinstance(old, ast.Constant):
        axis = old
    value = axis.operand if isinstance(axis, ast.UnaryOp) else axis
    number = getattr(value, "value", None)
    return f"{code(call)} {AXES.get(number, AXES[None])}"


def operator(old: Any, above: list[ast.AST]) -> str:
    """An operator, in an index or elsewhere."""
    if (index := index_of(above)) is not None:
        return f"{code(above[0])} in {code(index)} picks other entries than are meant"
    if isinstance(above[0], ast.AugAssign):
        return OF_A_STATEMENT["operator"].format(old=code(above[0]))
    known = OPERATIONS.get(type(old))
    return f"{code(above[0])} is {known}, and should be none" if known else ""


def index_of(nodes: list[ast.AST]) -> ast.Subscript | None:
    """The part of an array that is picked by the first of these, each inside the next."""
    for inner, outer in pairwise(nodes):
        if isinstance(outer, ast.Subscript):
            return outer if inner is outer.slice else None
    return None


def test_of(nodes: list[ast.AST]) -> ast.AST | None:
    """The condition that the first of these is in, each inside the next."""
    return next((inner for inner, outer in pairwise(nodes)
                 if getattr(outer, "test", None) is inner), None)


def number(old: Any, new: Any, above: list[ast.AST]) -> str:
    """A number, as the start of a range or elsewhere."""
    call = above[0]
    if isinstance(call, ast.Call) and called_name(call) == "range":
        first = len(call.args) > 1 and old is call.args[0] and getattr(new, "value", None) == 0
        return f"{code(call)} leaves the first one out" if first else (
            f"{code(call)} does not begin, or end, where it should")
    return f"the number {placed(old, above)} is not the one that is needed"


def misplaced(old: Any, above: list[ast.AST]) -> str:
    """Something in the place of something else."""
    return f"{placed(old, above)} is not what belongs there"


def too_much(old: Any, new: Any) -> str:
    """A term or a factor of a sum or a product."""
    if new is old.left and isinstance(old.op, ast.Div):
        return f"the division by {code(old.right)} in {code(old)} is too much"
    if new is getattr(old.left, "left", None):
        return f"{code(old.left.right)} and {code(old.right)} in {code(old)} are too much"
    rest = old.right if new is old.left else old.left if new is old.right else None
    return f"{code(rest)} in {code(old)} is too much" if rest is not None else ""


def factor(old: str, new: Any) -> str:
    """By how much it is too large or too small."""
    by = getattr(new, "right", None)
    times = isinstance(getattr(new, "op", None), ast.Mult)
    if getattr(by, "value", None) == 2:
        return f"{old} is {'half of' if times else 'twice'} what it should be"
    return (f"{old} is divided by the number of samples once too often" if times
            else f"{old} is not divided by the number of samples")


def function(old: Any, above: list[ast.AST]) -> str:
    """A function, or an operation, that is another than meant."""
    called = above[0] if getattr(above[0], "func", None) is old else old
    name = getattr(old, "attr", called_name(called) if isinstance(called, ast.Call) else "")
    return (f"`{name}` in {code(called)} is not the function that is needed" if name else
            f"{code(old)} is not the function that is needed")


def function_too_much(old: Any, above: list[ast.AST]) -> str:
    """A function that is taken where it should not be."""
    outer = called_name(above[0]) if isinstance(above[0], ast.Call) else ""
    where = f"before `{outer}`" if outer else "here"
    return f"`{called_name(old)}` in {code(old)} is taken {where}, where it does not belong"


def function_missing(old: Any, new: Any, above: list[ast.AST]) -> str:
    """A function that is not taken."""
    outer = above[0]
    before = (f" before `{called_name(outer)}` is taken of it"
              if isinstance(outer, ast.Call) and old in outer.args else "")
    name = called_name(new) if isinstance(new, ast.Call) else ""
    text = FUNCTIONS.get(name, "{} is not squared" if isinstance(new, ast.BinOp) else "")
    return text.format(placed(old, above) if not before else code(old)) + before * bool(text)


def variable_missing(old: str, new: Any) -> str:
    """A step of arithmetic that is left out."""
    if getattr(getattr(new.right, "func", None), "attr", "") == "sum":
        return f"{old} is not normalized: its rows do not sum to 1"
    steps = {ast.Div: "is not divided by what it should be",
             ast.Mult: "is not multiplied by what it should be",
             ast.Sub: "still lacks a term that is to be subtracted",
             ast.Add: "still lacks a term that is to be added"}
    return f"{old} {steps[type(new.op)]}"


def of_type(old: Any) -> str:
    """Numbers of a type that cannot hold them."""
    return (f"{code(old)} keeps no more than True and False" if "bool" in ast.unparse(old) else
            f"{code(old)} cuts every number down to a whole one" if "int" in ast.unparse(old) else
            f"{code(old)} makes numbers of a type that cannot hold what is put there")


def in_place(old: Any) -> str:
    """A result that is written over what is used again."""
    return f"{code(old)} overwrites an array that is used again below"


# --------------------------------------------------------------- statements


def of_statements(edit: Edit, above: list[ast.AST]) -> str:
    """What is wrong with a statement, or with where it stands."""
    body, key, new = edit.changes[0]
    old = body[key]
    if edit.kind == "step missing":
        return step_missing(new[0], body[key.start - 1] if key.start else None)
    if edit.kind == "order":
        return too_early(*old)
    if edit.kind == "level in":
        (into, _, moved), _ = edit.changes
        return level(moved[0], into, above)
    if not old:
        return ""
    if edit.kind == "level":
        return level(old[0], edit.changes[-1][0], above)
    if edit.kind == "left too early":
        loop = next((node for node in above if isinstance(node, (ast.For, ast.While))), None)
        return f"{code(old[0])} ends {code(loop)} before its last round" if loop else ""
    return OF_A_STATEMENT.get(edit.kind, "").format(old=code(old[0]))


def too_early(first: ast.stmt, second: ast.stmt) -> str:
    """A statement before another whose result it needs."""
    made = [part.id for part in ast.walk(second)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
    used = {part.id for part in ast.walk(first) if isinstance(part, ast.Name)}
    old = next((f"the old value of `{name}`" for name in made if name in used), "")
    return f"{code(first)} runs before {code(second)}" + (f", and uses {old}" if old else "")


def step_missing(new: ast.stmt, before: ast.stmt | None) -> str:
    """A variable that is not brought up to date."""
    target = getattr(new, "target", None) or getattr(new, "targets", [None])[0]
    if not isinstance(target, ast.Name):
        return ""
    after = f" after {code(before)}" if before else ""
    return f"`{target.id}` keeps its old value{after}"


def level(old: ast.stmt, into: list[ast.stmt], above: list[ast.AST]) -> str:
    """A statement in a block, or outside of one, where it does not belong."""
    outside = any(into is block for node in above[1:] for block in blocks_of(node))
    owner = above[0] if outside else next((node for node in ast.walk(above[-1]) if any(
        into is block for block in blocks_of(node))), None)
    if owner is None:
        return ""
    runs = (("in each of its rounds" if outside else "only once for all of its rounds")
            if isinstance(owner, (ast.For, ast.While)) else
            "only where that holds" if outside else "whether that holds or not")
    side = "inside" if outside else "outside of"
    return f"{code(old)} stands {side} {code(owner)}: it runs {runs}"


def blocks_of(node: ast.AST) -> list[list[ast.stmt]]:
    """The blocks of a node, if it has any."""
    return [block for name in BLOCKS if isinstance(block := getattr(node, name, None), list)]
