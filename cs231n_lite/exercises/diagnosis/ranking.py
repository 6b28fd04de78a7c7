"""In which order changes of a function are tried: the likeliest first, by kind and by place."""
import ast
from collections.abc import Iterable, Iterator, Sequence

from cs231n_lite.exercises.diagnosis.edits import expression_edits
from cs231n_lite.exercises.diagnosis.missing import missing_edits
from cs231n_lite.exercises.diagnosis.repeated import repeated_edits
from cs231n_lite.exercises.diagnosis.source import Trees
from cs231n_lite.exercises.diagnosis.statements import Place, statement_edits, statements
from cs231n_lite.exercises.diagnosis.tree import Around, Edit, root

COSTS = (
    ("order of two", "mean missing beside", "penalty missing beside", "name unused",
     "variable unused", "alias", "data",
     "mean missing here"),
    ("assigned", "operator", "comparison", "difference", "function", "axis", "penalty missing",
     "margin missing", "start missing", "sign too much", "transpose too much", "not kept",
     "not returned", "returned", "left too early", "comparison too much", "step missing",
     "in place"),
    ("added", "number", "keepdims", "level", "order", "statement too much", "shift",
     "mean missing", "repeated indices", "not", "condition", "condition too much",
     "reg missing", "index", "type", "target"),
    ("start", "combined", "sign", "factor", "too much", "brackets", "of the correct class",
     "function too much", "function missing", "name", "index too much",
     "index missing", "level in"),
    ("condition missing", "penalty", "value", "statement missing", "exchanged", "term missing",
     "variable missing", "axis missing", "transpose", "comparison missing"),
    ("copy", "second shift"),
)
COST = {kind: cost for cost, kinds in enumerate(COSTS) for kind in kinds}
# What a statement costs more that leads to what is wrong and right, to neither, or to nothing
# that can be told.
SHARED, ELSEWHERE, UNKNOWN = 2, 5, 1


def ranked(trees: Trees, wrong: frozenset[str], roles: Sequence[str],
           family: str) -> list[Edit]:
    """All changes of a function, the last tree, and of its helpers, the likeliest first."""
    tree, distance = trees[-1], distances(trees[-1], wrong)
    own = around_of(tree, dict(zip(roles, arguments_of(tree))), family)
    found: list[tuple[int, int, Edit]] = []
    shifted = any(getattr(part, "attr", getattr(part, "id", "")) in ("max", "amax")
                  for tree in trees for part in ast.walk(tree))

    def enter(edits: Iterable[Edit], distance: int = 0) -> None:
        for edit in edits:
            if shifted and edit.kind == "shift":
                edit = edit._replace(kind="second shift")
            found.append((COST[edit.kind] + distance, len(found), edit))

    for place in statements(tree.body):
        enter(statement_edits(place, own), distance.get(id(place.node), 0))
        enter(expression_edits(place.node, own), distance.get(id(place.node), 0))
    enter(missing_edits(tree, own))
    at = {place.node.lineno: distance.get(id(place.node), 0) for place in statements(tree.body)}
    for edit in repeated_edits(tree, own):
        enter([edit], 1 + at.get(edit.line, 0))
    for helper in trees[:-1]:
        around, far = as_in(own, helper), min(
            (distance.get(id(place.node), 0) for place in statements(tree.body)
             if helper.name in names_in(head_of(place.node))), default=UNKNOWN)
        for place in statements(helper.body):
            enter(statement_edits(place, around), far)
            enter(expression_edits(place.node, around), far)
        enter(missing_edits(helper, around), far)
    return [edit for *_, edit in sorted(found, key=lambda entry: entry[:2])]


def arguments_of(tree: ast.FunctionDef) -> list[str]:
    """The names of its arguments."""
    return [argument.arg for argument in tree.args.args]


def as_in(own: Around, helper: ast.FunctionDef) -> Around:
    """The names of a helper: those of the caller's arguments, and scores where there is no X."""
    arguments = arguments_of(helper)
    roles = {role: name for role, name in own.roles.items() if name in arguments}
    if not roles.keys() & {"X", "scores", "reg"} and arguments:
        roles["scores"] = arguments[0]
    return around_of(helper, roles, own.family)


def around_of(tree: ast.FunctionDef, roles: dict[str, str], family: str) -> Around:
    """The names of a function by their roles."""
    stored = (part.id for part in ast.walk(tree)
              if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    loops = [place for place in statements(tree.body) if isinstance(place.node, ast.For)]
    read = {part.id for part in ast.walk(tree)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    variables = tuple(dict.fromkeys([*arguments_of(tree), *stored]))
    return Around(roles, family, variables,
                  counter(place for place in loops if not place.loops),
                  counter(place for place in loops if place.loops),
                  frozenset(variables) - read)


def counter(loops: Iterable[Place]) -> str | None:
    """The variable of the first loop that has a single one."""
    return next((place.node.target.id for place in loops
                 if isinstance(place.node, ast.For) and isinstance(place.node.target, ast.Name)),
                None)


# --------------------------------------------------------------- what leads where


def distances(tree: ast.FunctionDef, wrong: frozenset[str]) -> dict[int, int]:
    """How far each statement is from what is wrong, where a loss and a gradient are returned."""
    value = getattr(tree.body[-1], "value", None)
    if not isinstance(value, (ast.Tuple, ast.List)) or len(value.elts) != 2:
        return {}
    behind = {part: names_behind(tree, result)
              for part, result in zip(("loss", "gradient"), value.elts)}
    bad = {part for part in behind if any(part in name for name in wrong)}
    return {id(place.node): distance(stored_in(place.node), behind, bad)
            for place in statements(tree.body)}


def distance(stored: set[str], behind: dict[str, set[str]], bad: set[str]) -> int:
    """How far a statement that stores these names is from what is wrong."""
    if not stored:
        return UNKNOWN
    if not any(stored & behind[part] for part in bad):
        return ELSEWHERE
    return SHARED if any(stored & behind[part] for part in behind.keys() - bad) else 0


def names_behind(tree: ast.FunctionDef, result: ast.expr) -> set[str]:
    """The names that a result depends on, in whatever order statements run."""
    names, places = names_in(result), list(statements(tree.body))
    while True:
        leading = [place for place in places if stored_in(place.node) & names]
        more = names.union(*(read_in(head) for place in leading
                             for head in (head_of(place.node),
                                          *(head_of(outer.node) for outer in place.outer))))
        if more == names:
            return names
        names = more


def head_of(node: ast.stmt) -> ast.AST:
    """What a compound statement looks at; of a simple one all."""
    return getattr(node, "test", None) or getattr(node, "iter", None) or node


def names_in(node: ast.AST) -> set[str]:
    """The names in it."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def read_in(node: ast.AST) -> set[str]:
    """The names in it that are read: a name beside another in `a, b = 0, 1` leads nowhere."""
    return {part.id for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def stored_in(node: ast.stmt) -> set[str]:
    """The names that a simple statement, or a loop, gives a value, or a part of one."""
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in roots(target)}
    if isinstance(node, (ast.AugAssign, ast.For)):
        return set(roots(node.target))
    return names_in(node) if isinstance(node, ast.Expr) else set()


def roots(target: ast.expr) -> Iterator[str]:
    """The names at the start of what is assigned to."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from roots(part)
    elif name := root(target):
        yield name
