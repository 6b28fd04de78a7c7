"""The line that a wrong answer went wrong in, found by repair, and what a card says of it."""
import ast
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from cs231n_lite.exercises.diagnosis.aims import cases_of
from cs231n_lite.exercises.diagnosis.nudges import NUDGES, WORDS
from cs231n_lite.exercises.diagnosis.remarks import remarks
from cs231n_lite.exercises.diagnosis.repair import Repair, Search
from cs231n_lite.exercises.diagnosis.source import Source, source_of
from cs231n_lite.exercises.frontend import lines_above
from cs231n_lite.exercises.judges.problems import FIXED
from cs231n_lite.exercises.limits import Endless, memory_limit, output_limit, time_limit
from cs231n_lite.exercises.verdict import WRONG, Verdict

# What some changes say would be against what the numbers say.
AGAINST = {
    "penalty missing": ("zero", "reg forgotten"),
    "statement missing": ("mean for the sum", "quotient in the exponent", "exponential above only",
                          "exponential below only"),
}
BRAKE = 5.0  # seconds of computing, after which a card has no line; a search takes less than one


def located(verdict: Verdict, answer: Any, judge: Callable) -> Verdict:
    """A verdict of wrong with what its text alone tells, and the line that it is about.

    The line is there where a change of one mends a part.
    """
    if verdict.status != WRONG:
        return verdict
    told = [text for text in remarks(answer) if text not in verdict.message]
    verdict = replace(verdict, message=" ".join([*told, verdict.message]))
    return with_line(verdict, answer, judge)


def with_line(verdict: Verdict, answer: Any, judge: Callable) -> Verdict:
    """The verdict with the lines of a repair, where one is found."""
    if (source := source_of(answer)) is None:
        return verdict
    found = [repair for repair in repairs_of(source, judge) or only_line(source)
             if not any(id.endswith(AGAINST.get(repair.kind, ())) for id in verdict.faults)]
    if not found:
        return verdict
    told = [(repair, repair.line + lines_above(source.file)) for repair in found]
    texts = [f"Line {number}, `{source.line(repair.line)}`: {WORDS[repair.kind]}."
             for repair, number in told]
    first, number = told[0]
    nudge = f"Look at line {number}, `{source.line(first.line)}`. {NUDGES[first.kind]}"
    return replace(verdict, message="\n".join([verdict.message, *dict.fromkeys(texts)]),
                   line=verdict.line or number, nudge=nudge)


def only_line(source: Source) -> list[Repair]:
    """Of a function of one statement, that one."""
    body = source.tree.body[ast.get_docstring(source.tree) is not None:]
    return [Repair("only line", body[0].lineno, frozenset())] if len(body) == 1 else []


def repairs_of(source: Source, judge: Callable) -> list[Repair]:
    """The changes that mend a function, those of its loss first; none when that takes too long."""
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
            with time_limit(BRAKE):
                found = Search(source, cases, roles, family).repairs()
        except Endless:
            return []
    return sorted(found, key=lambda repair: "loss" not in repair.parts)
