"""The line that a wrong answer went wrong in, found by repair, and what a card says of it."""
import ast
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from cs231n_lite.exercises.diagnosis.aims import cases_of
from cs231n_lite.exercises.diagnosis.nudges import NUDGES, WORDS
from cs231n_lite.exercises.diagnosis.remarks import remarks
from cs231n_lite.exercises.diagnosis.repair import Repair, Search
from cs231n_lite.exercises.diagnosis.source import Source, source_of
from cs231n_lite.exercises.diagnosis.story import Story, in_words, with_clauses, within
from cs231n_lite.exercises.frontend import lines_above
from cs231n_lite.exercises.judges.problems import FIXED
from cs231n_lite.exercises.limits import Endless, memory_limit, output_limit, time_limit
from cs231n_lite.exercises.verdict import WRONG, Verdict

# What some changes say would be against what the numbers say.
AGAINST = {
    "only line": ("crash",),
    "operator": ("margin added once per sample", "margin added once in all", "compared with 1",
                 "a constant added"),
    "mean missing": ("probabilities missing",),
    "mean missing here": ("probabilities missing",),
    "mean missing beside": ("probabilities missing",),
    "penalty missing": ("zero", "reg forgotten"),
    "penalty missing beside": ("zero", "reg forgotten"),
    "statement missing": ("normalized over the samples", "normalized over the whole batch",
                          "mean for the sum", "quotient in the exponent", "exponential above only",
                          "exponential below only"),
}
# What some changes say is true of the change, but not what a teacher would say of such a slip.
RATHER = {
    ("combined", "correct class's sign"): "sign",
    ("assigned", "correct class subtracted from itself"): "only line",
}
SIDES = ("loss", "gradient")
WORDS_IN_ALL = 115  # beside the exercise and the verdict
BRAKE = 5.0  # seconds of computing, after which a card has no line; a search takes less than one
LONGEST = 100  # characters of a line that are quoted


class Line(NamedTuple):
    """A line that is to be changed: the kind of change, its number, its text.

    Also the parts that the change mends, and what is wrong there, where there are words for it.
    """

    kind: str
    number: int
    text: str
    parts: frozenset[str] = frozenset()
    says: str = ""

    def __str__(self) -> str:
        side = f" from the {self.side}" if self.side else ""
        return f"Line {self.number}, `{quoted(self.text)}`: {WORDS[self.kind]}{side}."

    @property
    def side(self) -> str:
        """From which of both results something is missing, where it is from one; or nothing."""
        sides = {side for side in SIDES if any(side in part for part in self.parts)}
        missing = self.kind.startswith(("mean missing", "penalty missing"))
        return sides.pop() if missing and len(sides) == 1 else ""

    def mends(self, id: str) -> bool:
        """True where the change makes the part right that a fault is in."""
        part, _, name = id.partition(": ")
        part = f"penalty of the {part}" if name.startswith("regularization") else part
        return part in self.parts or part not in SIDES


def located(verdict: Verdict, answer: Any, judge: Callable) -> Verdict:
    """A verdict of wrong with what its text alone tells, and the lines that it is about.

    A line is there where a change of one mends a part.
    """
    if verdict.status != WRONG:
        return verdict
    source = source_of(answer)
    above = lines_above(source.file) if source else 0
    lines = [Line(repair.kind, repair.line + above, source.line(repair.line), repair.parts,
                  repair.says) for repair in repairs_of(source, judge, BRAKE)] if source else []
    return told(verdict, remarks(answer), lines)


def told(verdict: Verdict, said: list[str], lines: list[Line]) -> Verdict:
    """The verdict with what is said of the text, and with the lines that are to be changed.

    The line of a crash is the one that failed, whatever line it comes from.
    """
    new = [text for text in said if text not in verdict.message]
    fitting = [line for line in lines
               if not any(id.endswith(AGAINST.get(line.kind, ())) for id in verdict.faults)]
    fitting = [line._replace(kind=next(
        (kind for (old, end), kind in RATHER.items() if old == line.kind
         and any(id.endswith(end) for id in verdict.faults)), line.kind)) for line in fitting]
    clauses = {id: line.says for line in reversed(fitting) if line.says
               for id in verdict.faults if line.mends(id)}
    verdict = replace(verdict, message=fitted(verdict, new, [*map(str, fitting)], clauses))
    if not fitting:
        return verdict
    first = fitting[0]
    return replace(verdict, line=verdict.line or first.number,
                   nudge=f"Look at line {first.number}, `{quoted(first.text)}`. "
                         f"{NUDGES[first.kind]}")


def fitted(verdict: Verdict, said: list[str], lines: list[str], clauses: dict[str, str]) -> str:
    """The message with what is said before it and lines after, in no more words than one reads.

    Slips are then named instead of told; lines after the first go where that is not enough.
    Where numbers gave a slip no name, the clause of the change that mends it does.
    """
    story = next((fault for trial in verdict.tried for fault in trial.faults), None)
    slips = with_clauses(story.slips, clauses) if isinstance(story, Story) else []
    plain = in_words(verdict.message, next(iter(verdict.faults), ""), clauses)
    for kept in (lines, lines[:1]):
        room = WORDS_IN_ALL - len(" ".join([*said, *kept]).split())
        text = (within(story.lead, slips, room) if isinstance(story, Story) else plain)
        if len(text.split()) <= room:
            break
    return "\n".join([" ".join([*said, text]), *dict.fromkeys(kept)])


def quoted(text: str) -> str:
    """A line, or its beginning."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def only_line(source: Source) -> list[Repair]:
    """Of a function of one statement, that one; what takes no arguments computes nothing."""
    body = source.tree.body[ast.get_docstring(source.tree) is not None:]
    computes = source.tree.args.args and len(body) == 1 and not source.helpers
    return [Repair("only line", body[0].lineno, frozenset())] if computes else []


def repairs_of(source: Source, judge: Callable, seconds: float) -> list[Repair]:
    """The changes that mend a function, those of its loss first; of one statement, that one."""
    return searched(source, judge, seconds) or only_line(source)


def searched(source: Source, judge: Callable, seconds: float) -> list[Repair]:
    """The changes that are found; none when that takes too long."""
    aims = cases_of(judge, FIXED)
    if aims is None:
        return []
    roles, family, cases = aims
    with ExitStack() as stack:
        stack.enter_context(output_limit(0))
        stack.enter_context(memory_limit())
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        state = np.random.get_state()  # noqa: NPY002  a variant may draw from it
        stack.callback(np.random.set_state, state)
        try:
            with time_limit(seconds):
                found = Search(source, cases, roles, family).repairs()
        except Endless:
            return []
    return sorted(found, key=lambda repair: "loss" not in repair.parts)
