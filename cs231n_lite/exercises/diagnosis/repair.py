"""The smallest change of a student's function that makes it right, or a further part of it.

A part is what the cases name: the loss, the gradient, the penalty of each, what holds for scores
far from 0.  Changes are tried in an order, the likeliest first, and no more than a fixed number
of calls is made, so that one answer is told one thing on every machine.
"""
import ast
from collections.abc import Callable, Sequence
from contextlib import suppress
from traceback import extract_tb
from typing import NamedTuple

import numpy as np

from cs231n_lite.exercises.diagnosis.cases import INPUTS, Case, Outcome, called
from cs231n_lite.exercises.diagnosis.ranking import ranked
from cs231n_lite.exercises.diagnosis.saying import said
from cs231n_lite.exercises.diagnosis.source import VARIANT, Source, runnable, with_ticks
from cs231n_lite.exercises.diagnosis.tree import Edit
from cs231n_lite.exercises.diagnosis.variants import REFUSALS, Variants, make

CALLS = 6000  # of variants: less than a second on a quiet machine
AFTER = 2000  # tries for a change that mends all, after one that mends a part
ROUNDS = 3
DATA = {"loss", "gradient"}
PENALTIES = {"penalty of the loss", "penalty of the gradient"}


class Repair(NamedTuple):
    """A change that mends parts of a function: its kind, its line in the file, what it mends.

    `says` is what is wrong there, as a clause, where there are words for it.
    """

    kind: str
    line: int
    parts: frozenset[str]
    says: str = ""


class OutOfCalls(Exception):
    """Raised when as many calls were made as may be."""


class Search:
    """Variants of one function, tried on cases until one is right in all of them."""

    def __init__(self, source: Source, cases: Sequence[Outcome], roles: Sequence[str],
                 family: str) -> None:
        self.source, self.cases, self.calls = source, list(cases), CALLS
        self.roles, self.family = tuple(roles), family
        self.trees = with_ticks(source.trees)
        self.text = "\n".join(map(ast.unparse, self.trees))
        self.bare = next((case.less for case in self.cases
                          if isinstance(case, Case) and case.less is not None), None)

    def repairs(self) -> list[Repair]:
        """The changes that mend it, one after another; as many as were found.

        Of a function that crashes only one that mends all: what mends a part of it, as leaving the
        line out does, is no help.  Where none is found, the line that a number is lost in.
        """
        found: list[Repair] = []
        crashes = self.crashes()
        while len(found) < ROUNDS and (wrong := self.look()) and (best := self.best(wrong)):
            edit, mended = best
            found.append(Repair(edit.kind, edit.line, mended, said(edit, self.trees, self.text)))
            make(edit)
        if crashes:
            return [] if len(found) > 1 or self.look() else found
        return found or self.not_finite()

    def not_finite(self) -> list[Repair]:
        """Where a number first comes up that is not finite, of which the result is not, either."""
        f = runnable(self.trees, self.source.names)
        for case in self.cases:
            with suppress(Exception):
                if not isinstance(case, Case) or all(
                        np.isfinite(part).all() for part in called(f, case.args)[0]):
                    continue
                try:
                    with np.errstate(divide="raise", over="raise", invalid="raise"):
                        called(f, case.args)
                except FloatingPointError as error:
                    lines = [frame.lineno for frame in extract_tb(error.__traceback__)
                             if frame.filename == VARIANT and frame.lineno]
                    return [Repair("not finite", line, frozenset()) for line in lines[-1:]]
        return []

    def crashes(self) -> bool:
        """True when a case ends in an exception."""
        f = runnable(self.trees, self.source.names)
        try:
            for case in self.cases:
                if isinstance(case, Case):
                    called(f, case.args)
        except Exception:
            return True
        return False

    def look(self) -> frozenset[str]:
        """The parts that the tree as it is gets wrong; by which case each shows is noted."""
        f = runnable(self.trees, self.source.names)
        parts: set[str] = set()
        self.shows: dict[str, int] = {}
        for number, case in enumerate(self.cases):
            for part, right in case.outcome(f).items():
                parts.add(part)
                if not right:
                    self.shows.setdefault(part, number)
        self.broken = parts - {INPUTS} <= self.shows.keys()
        self.without_reg = self.data_part(f)
        return frozenset(self.shows)

    def best(self, wrong: frozenset[str]) -> tuple[Edit, frozenset[str]] | None:
        """The first change that mends all, else that which mends most."""
        cases, best, since = self.in_order(), None, 0
        edits = ranked(self.trees, wrong, self.roles, self.family)
        self.variants = Variants(self.trees, self.source.names, edits)
        with suppress(OutOfCalls):
            for edit in edits:
                mended = self.mends(edit, wrong, cases)
                if mended and (best is None or len(mended) > len(best[1])):
                    best = edit, mended
                since += best is not None
                if mended == wrong or since > AFTER:
                    break
        return best

    def in_order(self) -> list[Outcome]:
        """The cases, those first by which what is wrong shows."""
        first = sorted(set(self.shows.values()))
        return [self.cases[n] for n in first] + [
            case for n, case in enumerate(self.cases) if n not in first]

    def mends(self, edit: Edit, wrong: frozenset[str], cases: list[Outcome]) -> frozenset[str]:
        """The wrong parts that a change makes right; none when it makes another one wrong."""
        try:
            f = self.variants.function(edit)
        except REFUSALS:
            return frozenset()
        left = wrong
        for case in cases:
            if self.calls <= 0:
                raise OutOfCalls
            failed = {part for part, right in case.outcome(f).items() if not right}
            self.calls -= case.cost
            if not failed <= wrong:
                return frozenset()
            left = frozenset(part for part in left if part.partition(",")[0] not in failed
                             and part not in failed)
            if not self.is_worth_more(left, wrong):
                return frozenset()
        sure = edit.kind in ("reg missing", "penalty") and left <= PENALTIES
        return left if sure or self.is_clear(left, wrong, f) else frozenset()

    def is_worth_more(self, left: frozenset[str], wrong: frozenset[str]) -> bool:
        """True while a change may still mend all, or a part of a loss and its gradient."""
        if not self.bare and not wrong & DATA:
            return left == wrong
        return bool(left & (DATA | PENALTIES) if self.broken else left)

    def is_clear(self, mended: frozenset[str], wrong: frozenset[str], f: Callable) -> bool:
        """False for a penalty that comes right only since the rest was changed, too."""
        if not mended <= PENALTIES or not wrong & DATA:
            return True
        return all(np.array_equal(a, b) for a, b in zip(self.data_part(f), self.without_reg))

    def data_part(self, f: Callable) -> tuple:
        """What f returns without regularization."""
        with suppress(Exception):
            return called(f, self.bare)[0] if self.bare else ()
        return (np.nan,)
