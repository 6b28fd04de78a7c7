"""Changes that are made in two places at once: one slip, written more than once."""
import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from cs231n_lite.exercises.diagnosis.edits import changed
from cs231n_lite.exercises.diagnosis.statements import Place, inserted, statements
from cs231n_lite.exercises.diagnosis.tree import Around, Change, Edit, parsed, places

PARTS = (ast.BinOp, ast.Call, ast.Compare)
DRAWS = {"integers", "choice"}


def repeated_edits(tree: ast.FunctionDef, around: Around) -> Iterator[Edit]:
    """The same change of an expression wherever it stands, of two names in one statement."""
    yield from wherever(tree, around)
    if not around.family:
        yield from drawn_twice(tree)
        for place in statements(tree.body):
            yield from other_data(place, around)
        yield from lowest_for_highest(tree)


def wherever(tree: ast.FunctionDef, around: Around) -> Iterator[Edit]:
    """One change of all expressions that read the same."""
    alike = defaultdict(list)
    for place in statements(tree.body):
        for holder, key, part in places(place.node):
            if isinstance(part, PARTS):
                alike[ast.unparse(part)].append((holder, key, part))
    for group in alike.values():
        if len(group) > 1:
            news = zip(*(changed(part, around) for *_, part in group))
            yield from (Edit(kinds[0][0], group[0][2].lineno, tuple(
                (holder, key, new) for (holder, key, _), (_, new) in zip(group, kinds)))
                for kinds in news)


def drawn_twice(tree: ast.FunctionDef) -> Iterator[Edit]:
    """Rows that are drawn anew in a second place, taken from the first."""
    found = [(place, holder, key, part) for place in statements(tree.body)
             for holder, key, part in places(place.node) if isinstance(part, ast.Call)
             and isinstance(part.func, ast.Attribute) and part.func.attr in DRAWS]
    if len(found) == 2:
        (first, *_, draw), (*_, again) = found
        once = ast.Assign([ast.Name("_rows_", ast.Store())], draw)
        yield Edit("data", again.lineno, (
            *((holder, key, parsed("_rows_")) for _, holder, key, _ in found),
            inserted(first.body, first.at, once)))


def other_data(place: Place, around: Around) -> Iterator[Edit]:
    """Two arguments in a row that stand for two others, wherever they are in a statement."""
    names = [(holder, key, part.id) for holder, key, part in places(place.node)
             if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    used = {name for *_, name in names}
    pairs = [pair for pair in pairwise(around.variables) if used.issuperset(pair)]
    for old in pairs:
        for new in pairwise(around.variables):
            if not {*old} & {*new}:
                instead = dict(zip(old, new))
                yield Edit("data", place.node.lineno, tuple(
                    (holder, key, ast.Name(instead[name], ast.Load()))
                    for holder, key, name in names if name in instead))


def lowest_for_highest(tree: ast.FunctionDef) -> Iterator[Edit]:
    """A comparison turned round, with a start below all values."""
    starts: list[Change] = [
        (holder, key, parsed("-1.0")) for node in tree.body if isinstance(node, ast.Assign)
        for holder, key, part in places(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, (int, float))]
    for place in statements(tree.body):
        for holder, key, part in places(place.node):
            if isinstance(part, (ast.Lt, ast.LtE)) and starts:
                yield Edit("comparison", place.node.lineno, ((holder, key, ast.Gt()), *starts))
