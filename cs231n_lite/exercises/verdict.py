"""What a check says: one of three words, the first thing to mend, the list of what was tried."""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

NOT_ATTEMPTED, WRONG, CORRECT = "not attempted", "wrong", "correct"
SYMBOLS = {NOT_ATTEMPTED: "○", WRONG: "✗", CORRECT: "✓"}

# Styles of a card, for light and dark pages alike.
BORDERS = {NOT_ATTEMPTED: "dotted #888888", WRONG: "dashed #d55e00", CORRECT: "solid #009e73"}
CARD = ("max-width: 52em; margin: 0.3em 0; padding: 0.4em 1em; line-height: 1.5; "
        "overflow-wrap: anywhere")
MESSAGE = "margin: 0.4em 0 0; white-space: pre-line"
COUNT = "margin: 0.7em 0 0; font-size: 90%"
LIST = "margin: 0.2em 0 0; padding: 0; list-style: none; font-size: 90%"
COLUMNS = "; columns: 20em"  # for items that are short
ITEM = "margin: 0; padding-left: 1.2em; text-indent: -1.2em; break-inside: avoid"
FEW = 3  # trials that are listed by name; of more, how many


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a short id for programs, a sentence for people.

    `line` is the line that it shows in, where that is known.
    """

    id: str
    text: str
    line: int | None = None


@dataclass(frozen=True)
class Trial:
    """One thing that was tried, the faults that it showed, or what is to be noted all the same.

    `told` is what a correct answer is told in the place of the usual sentence.
    """

    name: str
    faults: tuple[Fault, ...] = ()
    note: str = ""
    told: str = ""

    def __str__(self) -> str:
        found = ", ".join(fault.id for fault in self.faults)
        return self.name + (f": {found}" if found else ": see the note" if self.note else "")


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check; shows itself as a card in a notebook and as text anywhere else.

    `line` is the line that the first fault sits in, as the cell or the file counts, where it is
    known; `nudge` then points at it.
    """

    exercise: str
    status: str
    faults: tuple[str, ...]
    message: str
    tried: tuple[Trial, ...] = ()
    line: int | None = None
    nudge: str = ""

    def __bool__(self) -> bool:
        """Whether the answer is correct, as `assert check(...)` asks."""
        return self.status == CORRECT

    def __eq__(self, other: object) -> bool:
        """Whether two verdicts are the same, or this one's status is that word."""
        if isinstance(other, str):
            return self.status == other
        return isinstance(other, Verdict) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.status)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be noted of an answer though it is no fault, a sentence each."""
        return tuple(dict.fromkeys(trial.note for trial in self.tried if trial.note))

    @property
    def head(self) -> str:
        """The exercise and the word."""
        return f"{SYMBOLS[self.status]} {self.exercise}: {self.status}."

    @property
    def count(self) -> str:
        """How many of the trials went well, where there were any."""
        passed = sum(not trial.faults for trial in self.tried)
        return f"What was tried ({passed} of {len(self.tried)} passed):" if self.tried else ""

    @property
    def items(self) -> list[str]:
        """What was tried, each with its symbol: trial by trial if all passed, else by fault."""
        if self.status == CORRECT:
            return [f"{SYMBOLS[CORRECT]} {trial}" for trial in self.tried]
        return by_fault(self.tried)

    def __repr__(self) -> str:
        lines = [f"{self.head} {self.message}", *(f"  Note: {note}" for note in self.notes),
                 self.count and f"  {self.count}"]
        return "\n".join(filter(None, [*lines, *(f"    {item}" for item in self.items)]))

    def _repr_html_(self) -> str:
        """Text and a list, which read well without styles; the text's colours are the theme's."""
        items = "".join(f'<li style="{ITEM}">{with_code(item)}</li>' for item in self.items)
        style = LIST + COLUMNS * (self.status == CORRECT)
        notes = "".join(f'<p style="{MESSAGE}">{with_code(f"Note: {note}")}</p>'
                        for note in self.notes)
        tried = (f'<p style="{COUNT}">{self.count}</p><ul style="{style}">{items}</ul>'
                 if items else "")
        return (f'<div style="{CARD}; border-left: '
                f'5px {BORDERS[self.status]}"><p style="margin: 0">'
                f"<strong>{with_code(self.head)}</strong></p>"
                f'<p style="{MESSAGE}">{with_code(self.message)}</p>{notes}{tried}</div>')


def by_fault(trials: Sequence[Trial]) -> list[str]:
    """A line for the faults that showed in the same trials, and one for all that passed."""
    failed = {trial.name: {fault.id for fault in trial.faults} for trial in trials if trial.faults}
    passed = [str(trial) for trial in trials if not trial.faults]
    rest = "all others" if len(failed) <= FEW < len(passed) else "; ".join(passed)
    faults: dict[str, list[str]] = {}
    for id in dict.fromkeys(fault.id for trial in trials for fault in trial.faults):
        shown = [name for name, ids in failed.items() if id in ids]
        faults.setdefault(places(shown, list(failed)), []).append(id)
    return [*(f"{SYMBOLS[WRONG]} {', '.join(of_both(ids))}{where}"
              for where, ids in faults.items()),
            *([f"{SYMBOLS[CORRECT]} {rest}"] if passed else [])]


def of_both(ids: list[str]) -> list[str]:
    """The ids, the same of loss and gradient in one."""
    both = {f"gradient: {id.removeprefix('loss: ')}": id for id in ids if id.startswith("loss: ")}
    shared = {id for twin, id in both.items() if twin in ids}
    return [f"loss and gradient: {id.removeprefix('loss: ')}" if id in shared else id
            for id in ids if both.get(id) not in shared]


def places(names: list[str], failed: list[str]) -> str:
    """': a; b', or ', in all 9, from a to z', ', in 8, all but b', of the trials that failed."""
    others = [name for name in failed if name not in names]
    if len(names) <= FEW:
        return f": {'; '.join(names)}"
    if not others:
        return f", in all {len(names)}, from {names[0]} to {names[-1]}"
    if len(others) <= FEW:
        return f", in {len(names)}, all but {'; '.join(others)}"
    return f", in {len(names)}, such as {'; '.join(names[:FEW])}"


def with_code(text: str) -> str:
    """HTML of a text in which `...` is code, as in Markdown."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def verdict_of(exercise: str, trials: list[Trial]) -> Verdict:
    """Correct when no trial shows a fault; else wrong, with the first fault as the message."""
    faults = [fault for trial in trials for fault in trial.faults]
    ids = tuple(dict.fromkeys(fault.id for fault in faults))
    if faults:
        return Verdict(exercise, WRONG, ids, faults[0].text, tuple(trials), faults[0].line)
    told = " ".join(trial.told for trial in trials if trial.told)
    return Verdict(exercise, CORRECT, (),
                   told or "It agrees with the definition in everything that was tried.",
                   tuple(trials))


def not_attempted(exercise: str, is_number: bool = False, untouched: bool = False,
                  is_above: bool = False) -> Verdict:
    """The verdict on an untouched stub of a function, or on the dots in the place of a number.

    `untouched`, a cell of the course's, which raises nothing and returns zeros; `is_above`, one
    that still raises, above what was written.
    """
    todo = ("Put your number, or the calculation of it, after the `=`" if is_number else
            "What it returns is still the 0 and the zeros that it began with: "
            "compute loss and gradient in between" if untouched else
            "Delete the line that raises NotImplementedError, since nothing below it is reached"
            if is_above else
            "Replace the line that raises NotImplementedError")
    return Verdict(exercise, NOT_ATTEMPTED, (), f"{todo}, run that cell, then this one again.")
