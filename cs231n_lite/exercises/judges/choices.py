"""Wrong ways to choose among the points of a search, and grids on which all of them show.

A rule is given the points in the order in which two loops meet them, and tells the one that it
takes for the best, or None.
"""
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Accuracies = dict[Point, tuple[float, float]]


class Tried(NamedTuple):
    """A point of the grid, its accuracies, and which round of the outer loop it belongs to."""

    point: Point
    train: float
    val: float
    round: int


Rule = Callable[[list[Tried]], Tried | None]


def highest(score: Callable[[Tried], float]) -> Rule:
    """The point of highest score; of equals, the one that does best on the validation data."""
    return lambda tried: max(tried, key=lambda seen: (score(seen), seen.val))


def kept(beats: Callable[[Tried, Tried], bool]) -> Rule:
    """What is kept in the end, when each point that beats the one kept takes its place."""

    def rule(tried: list[Tried]) -> Tried:
        best = tried[0]
        for seen in tried[1:]:
            best = seen if beats(seen, best) else best
        return best

    return rule


def of_round(number: int) -> Rule:
    """The best of the first or the last round of the outer loop alone."""
    return lambda tried: max((seen for seen in tried if seen.round == tried[number].round),
                             key=lambda seen: seen.val)


def above_the_one_before(tried: list[Tried]) -> Tried:
    """The last point that does better than the one before it."""
    return [tried[0], *(seen for before, seen in pairwise(tried) if seen.val > before.val)][-1]


def above_the_one_before_in_its_round(tried: list[Tried]) -> Tried:
    """The same, where nothing comes before the first one of a round."""
    return [tried[0], *(seen for before, seen in pairwise(tried)
                        if seen.val > before.val or seen.round != before.round)][-1]


def above_the_first(tried: list[Tried]) -> Tried:
    """The last point that does better than the first."""
    return [seen for seen in tried if seen.val >= tried[0].val][-1]


def either_better(tried: list[Tried]) -> Tried | None:
    """What is kept where a new best in one of the accuracies is enough, and sets both."""
    return kept(lambda seen, best: seen.val > best.val or seen.train > best.train)(tried)


def first_peak(tried: list[Tried]) -> Tried:
    """The point after which it gets worse for the first time."""
    return next((seen for seen, after in pairwise(tried) if after.val < seen.val), tried[-1])


def above_its_training(tried: list[Tried]) -> Tried | None:
    """The last point that does better on the validation than on the training data."""
    return next((seen for seen in reversed(tried) if seen.val > seen.train), None)


def one_setting_after_the_other(tried: list[Tried]) -> Tried:
    """The best of the first round, then the best among those in the same place of their rounds."""
    first = [seen.val for seen in tried if seen.round == 0]
    return max(tried[first.index(max(first))::len(first)], key=lambda seen: seen.val)


def best_on_average(tried: list[Tried]) -> Tried:
    """The round with the best mean, and in it the place with the best mean."""
    width = sum(seen.round == 0 for seen in tried)
    rounds = [tried[i:i + width] for i in range(0, len(tried), width)]
    row = max(rounds, key=lambda seen: sum(one.val for one in seen))
    return max(zip(*rounds), key=lambda seen: sum(one.val for one in seen))[rounds.index(row)]


def counted_in_the_other_order(tried: list[Tried]) -> Tried:
    """The best one's number, where the points are counted with the loops exchanged."""
    width = sum(seen.round == 0 for seen in tried)
    other = [seen for i in range(width) for seen in tried[i::width]]
    return other[max(range(len(tried)), key=lambda i: tried[i].val)]


# Rules with a fault of their own, by its id: each chooses another point than the others do.
NAMED: dict[str, tuple[Rule, ...]] = {
    "search: chosen on training": (highest(lambda seen: seen.train),),
    "search: chosen on both": (
        highest(lambda seen: seen.train + seen.val), highest(lambda seen: seen.train * seen.val),
        highest(lambda seen: min(seen.train, seen.val)),
        highest(lambda seen: seen.train + 2 * seen.val)),
    "search: compared with training": (kept(lambda seen, best: seen.val > best.train),
                                       kept(lambda seen, best: seen.train > best.val)),
    "search: smallest gap": (highest(lambda seen: -abs(seen.train - seen.val)),),
    "search: worst for best": (highest(lambda seen: -seen.val),),
    "search: first for best": (lambda tried: tried[0],),
    "search: last for best": (lambda tried: tried[-1],),
    "search: best of the last round": (of_round(-1),),
    "search: better than the one before": (above_the_one_before,),
}
OTHERS: tuple[Rule, ...] = (
    highest(lambda seen: max(seen.train, seen.val)), highest(lambda seen: seen.val - seen.train),
    highest(lambda seen: seen.val / seen.train), highest(lambda seen: seen.train - seen.val),
    highest(lambda seen: abs(seen.train - seen.val)), highest(lambda seen: -seen.train),
    highest(lambda seen: -seen.train - seen.val),
    highest(lambda seen: seen.point[0]), highest(lambda seen: -seen.point[0]),
    highest(lambda seen: seen.point[1]), highest(lambda seen: -seen.point[1]),
    kept(lambda seen, best: seen.val > best.val and seen.train > best.train), either_better,
    of_round(0), above_the_one_before_in_its_round, above_the_first, first_peak,
    above_its_training, one_setting_after_the_other, best_on_average, counted_in_the_other_order,
)


def in_both_orders(accuracies: Accuracies) -> tuple[list[Tried], list[Tried]]:
    """All points, with the learning rates in the outer loop, and with the regs in it."""
    rates, regs = (list(dict.fromkeys(settings)) for settings in zip(*accuracies))
    return ([Tried((rate, reg), *accuracies[rate, reg], n)
             for n, rate in enumerate(rates) for reg in regs],
            [Tried((rate, reg), *accuracies[rate, reg], n)
             for n, reg in enumerate(regs) for rate in rates])


def chosen(rules: Iterable[Rule], tried: list[Tried]) -> set[Point]:
    """The points that these rules take for the best."""
    return {found.point for rule in rules if (found := rule(tried))}


def tells_all_apart(accuracies: Accuracies) -> bool:
    """True when there is one best, in either order no rule takes it, and no two names one point."""
    best, second = sorted(accuracies, key=lambda point: -accuracies[point][1])[:2]
    if accuracies[best][1] == accuracies[second][1]:
        return False
    for tried in in_both_orders(accuracies):
        named = [point for rules in NAMED.values() for point in chosen(rules, tried)]
        if len(set(named)) < len(named) or best in {*named, *chosen(OTHERS, tried)}:
            return False
    return True


def fault_of(point: Point, accuracies: Accuracies, met: list[Point]) -> str:
    """The fault of taking this point for the best, by the order in which the points were met."""
    orders = in_both_orders(accuracies)
    tried = next((order for order in orders if [seen.point for seen in order] == met), orders[0])
    return next((id for id, rules in NAMED.items() if point in chosen(rules, tried)),
                "search: best")
