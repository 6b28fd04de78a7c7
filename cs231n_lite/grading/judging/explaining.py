"""The line of a wrong answer: looked for in a process of its own, once all verdicts are made.

That process gets the cells that the answer needs, and what it says depends on their text alone, so
that it holds for all students who hand in the same.  It says no more than lines, each with a kind
of change, the parts that it mends and a clause on what is wrong there, and what is remarked on the
text; the words about lines are chosen here.
"""
from collections.abc import Mapping
from hashlib import sha256
from itertools import chain, islice
from time import monotonic
from types import MappingProxyType
from typing import Any, NamedTuple

from cs231n_lite.exercises.diagnosis.locate import Line, told
from cs231n_lite.exercises.diagnosis.nudges import WORDS
from cs231n_lite.exercises.verdict import WRONG, Verdict
from cs231n_lite.grading.judging.process import Lost, NoStart
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session
from cs231n_lite.grading.running.beside import FILE

PATIENCE = 5  # times the seconds of computing, by the clock, until a process is stopped
MOST, MOST_PARTS, LONGEST = 3, 9, 600  # of lines and of remarks, of parts, and characters of text


class Found(NamedTuple):
    """What is remarked on the text of an answer, and the lines that are to be changed."""

    remarks: list[str]
    lines: list[Line]


KNOWN: dict[str, Found] = {}  # by the texts that were looked through in this run


def explained(verdict: Verdict, cells: list[str], limits: Limits, isolated: bool,
              end: float, modules: Mapping[str, str] = MappingProxyType({})) -> Verdict:
    """The verdict; one of wrong with what the cells tell, where they are known or time is left."""
    if verdict.status != WRONG or not cells or not limits.search:
        return verdict
    parts = [verdict.exercise, *cells, *chain.from_iterable(sorted(modules.items()))]
    key = sha256("".join(f"{len(part)} {part}" for part in parts).encode(errors="replace"))
    if key.hexdigest() not in KNOWN and monotonic() + PATIENCE * limits.search < end:
        KNOWN[key.hexdigest()] = found(verdict.exercise, cells, limits, isolated, modules)
    return told(verdict, *KNOWN.get(key.hexdigest(), Found([], [])))


def found(id: str, cells: list[str], limits: Limits, isolated: bool,
          modules: Mapping[str, str]) -> Found:
    """What a new process finds in these cells; nothing where it does not come to an end."""
    try:
        end = monotonic() + PATIENCE * limits.search
        with Session({"": cells}, limits, isolated, end, True, {"": dict(modules)}) as session:
            session.answer(id, "")
            report = session.explain(id)
            return Found(remarks_in(report), lines_in(report, cells))
    except (Exception, Lost, NoStart):  # a verdict stands without it
        return Found([], [])


def remarks_in(report: dict) -> list[str]:
    """The remarks that a process has sent."""
    return [str(text)[:LONGEST] for text in islice(report["remarks"], MOST)]


def lines_in(report: dict, cells: list[str]) -> list[Line]:
    """The lines that a process has sent, as far as the cells have them."""
    texts = {FILE.format(n): text.split("\n") for n, text in enumerate(cells, start=1)}
    lines = texts.get(report["file"], [])
    return [Line(kind, number, lines[number - 1].strip(), frozenset(map(str, parts[:MOST_PARTS])),
                 str(says)[:LONGEST])
            for kind, number, parts, says in islice(report["lines"], MOST)
            if kind in WORDS and is_number(number, len(lines))]


def is_number(value: Any, most: int) -> bool:
    """True for an integer from 1 to `most`."""
    return type(value) is int and 0 < value <= most
