"""What a class has not understood: the slips behind its wrong answers, the most frequent first.

Ids of faults that are told in the same sentence are the same slip, whatever exercise they are
found in.
"""
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from cs231n_lite.exercises.diagnosis.faults import NOTES
from cs231n_lite.exercises.diagnosis.wordings import WHERE
from cs231n_lite.exercises.verdict import CORRECT, NOT_ATTEMPTED
from cs231n_lite.grading.reporting import loss_slips, other_slips

KNOWN = loss_slips.IN_LOSSES | other_slips.IN_OTHERS
UNKNOWN = loss_slips.UNKNOWN | other_slips.UNKNOWN
# What other faults bring along: the wrong point for the best one, or wrong numbers.
FOLLOWS = {"search: best_val", "loss: special", "gradient: special", "probabilities: special"}
BRINGS = {
    **{f"{part}: normalized over the samples": {"one maximum for all"}
       for part in ("loss", "gradient")},
    "search: training for validation": {"search: chosen on training",
                                        "search: best_val of training"},
    "search: chosen on training": {"search: best_val of training"},
}
LONGEST = 120  # characters of a line
CODE = re.compile(r"`[^`]*`")
LINE = re.compile(r"\b[Ll]ine \d+, `([^`\n]+)`([^\n]*)")
OF_PENALTY = "regularization"
PART = re.compile(r"from the (loss|gradient)")
# How each note begins, which goes on with what was seen.
BEGINNINGS = {template.partition("{")[0]: id for id, template in NOTES.items()}
STOPPED = re.compile(r"It stops.*? with (\w+)", re.DOTALL)


class Case(NamedTuple):
    """A student's answer with a slip: the exercise, the line to blame, where it is known."""

    student: str
    exercise: str
    line: str = ""


class Misconception(NamedTuple):
    """A slip in a sentence, and the answers that have it; `known` unless nobody knows the slip."""

    sentence: str
    known: bool
    cases: list[Case]

    @property
    def students(self) -> list[str]:
        """Who has it, each once."""
        return list(dict.fromkeys(case.student for case in self.cases))

    @property
    def exercises(self) -> list[str]:
        """Where it is found, the most frequent first."""
        return [id for id, _ in Counter(case.exercise for case in self.cases).most_common()]

    @property
    def line(self) -> str:
        """The line that is to blame most often."""
        lines = Counter(case.line for case in self.cases if case.line)
        return lines.most_common(1)[0][0] if lines else ""


def misconceptions(results: Iterable[dict]) -> list[Misconception]:
    """All slips: those that are known first, and of these those of most students."""
    found: dict[tuple[str, bool], list[Case]] = defaultdict(list)
    for result in results:
        for row in result["exercises"]:
            faults = causes(row["faults"]) if row["verdict"] != NOT_ATTEMPTED else ()
            slips = dict.fromkeys(told(id, row) for id in faults)
            for slip in slips:
                found[slip].append(Case(result["student"], row["exercise"],
                                        line_of(row, slip[0] if len(slips) > 1 else "")))
    every = [Misconception(*slip, cases) for slip, cases in found.items()]
    return sorted(every, key=lambda slip: (not slip.known, -len(slip.students), slip.sentence))


def notes(results: Iterable[dict]) -> list[Misconception]:
    """What is noted of right answers, and of which: that of most students first."""
    found: dict[str, list[Case]] = defaultdict(list)
    for result in results:
        for row in result["exercises"]:
            told = dict.fromkeys(note for *_, note in row["tried"] if note)
            for note in told if row["verdict"] == CORRECT else ():
                shown = [code.strip("`") for code in CODE.findall(note)]
                kind = next(id for start, id in BEGINNINGS.items() if note.startswith(start))
                line = shown[0][:LONGEST] if "{shown}" in NOTES[kind] and shown else ""
                found[other_slips.NOTED[kind]].append(Case(result["student"], row["exercise"],
                                                           line))
    every = [Misconception(said, True, cases) for said, cases in found.items()]
    return sorted(every, key=lambda noted: (-len(noted.students), noted.sentence))


def causes(ids: Sequence[str]) -> list[str]:
    """The faults without those that follow where there is another."""
    follows = FOLLOWS.union(*(BRINGS.get(id, set()) for id in ids))
    return [id for id in ids if id not in follows] or [*ids]


def told(id: str, row: dict) -> tuple[str, bool]:
    """The sentence on a fault, and whether it is a slip that is known."""
    if id == "crash":
        return other_slips.CRASHES.get(error_in(row), KNOWN[id]), True
    return sentence(id)


def sentence(id: str) -> tuple[str, bool]:
    """The sentence on a fault of that id, and whether it is a slip that is known.

    Where the part that it is found in makes no difference there is one without the part.
    """
    id = id.strip()
    for where in filter(None, WHERE):
        id = id.removesuffix(where)
    for name in (id, id.rpartition(": ")[2]):
        if name in KNOWN:
            return KNOWN[name], True
        if name in UNKNOWN:
            return UNKNOWN[name], False
    return f"It is wrong in a way that has no sentence here ({id}).", False


def error_in(row: dict) -> str:
    """The type of the error that an answer stopped with."""
    texts = [text for _, faults, _ in row["tried"] for id, text in faults if id == "crash"]
    stopped = STOPPED.search(CODE.sub("", (texts or [row["message"]])[0]))
    return stopped[1] if stopped else ""


def line_of(row: dict, slip: str = "") -> str:
    """The line of code that the diagnosis names, if it does; of several, one that fits the slip.

    One after which something is missing is right itself.
    """
    fitting = [code for code, said in LINE.findall(row["message"])
               if "after it" not in said and (not slip or fits(said, slip.lower()))]
    return fitting[0].strip()[:LONGEST] if fitting else ""


def fits(said: str, slip: str) -> bool:
    """True where a line and a slip are both about the regularization, or not, and the same part."""
    return ((OF_PENALTY in said) == (OF_PENALTY in slip)
            and all(part in slip for part in PART.findall(said)))


def recurrences(slips: Sequence[Misconception]) -> list[tuple[tuple[str, str], dict]]:
    """Pairs of exercises in which students have the same slip, by slips; most students first."""
    found: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(dict)
    for n, slip in enumerate(slips):
        where = defaultdict(list)
        for case in slip.cases if slip.known else ():
            where[case.student].append(case.exercise)
        for student, exercises in where.items():
            for pair in combinations(dict.fromkeys(exercises), 2):
                found[pair].setdefault(n, []).append(student)
    told = [(pair, {slips[n].sentence: names for n, names in by_slip.items()})
            for pair, by_slip in found.items()]
    return sorted(told, key=lambda item: (-len(set().union(*item[1].values())), item[0]))
