"""What a check says: one of three words, the first thing to mend, and the list of what was tried."""
from dataclasses import dataclass
from html import escape

NOT_ATTEMPTED, WRONG, CORRECT = "not attempted", "wrong", "correct"
SYMBOLS = {NOT_ATTEMPTED: "○", WRONG: "✗", CORRECT: "✓"}
COLOURS = {NOT_ATTEMPTED: "#888888", WRONG: "#d55e00", CORRECT: "#009e73"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a short id for programs, a sentence for people."""

    id: str
    text: str


@dataclass(frozen=True)
class Trial:
    """One thing that was tried, and the faults that it showed."""

    name: str
    faults: tuple[Fault, ...] = ()

    @property
    def symbol(self) -> str:
        """A tick, or a cross where a fault was found."""
        return SYMBOLS[WRONG if self.faults else CORRECT]

    def __str__(self) -> str:
        found = ", ".join(fault.id for fault in self.faults)
        return self.name + (f": {found}" if found else "")


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check; shows itself as a card in a notebook and as text anywhere else."""

    exercise: str
    status: str
    faults: tuple[str, ...]
    message: str
    tried: tuple[Trial, ...] = ()

    def __repr__(self) -> str:
        head = f"{SYMBOLS[self.status]} {self.exercise}: {self.status}. {self.message}"
        return "\n".join([head, *(f"    {trial.symbol} {trial}" for trial in self.tried)])

    def _repr_html_(self) -> str:
        tried = "".join(f"<div>{trial.symbol} {escape(str(trial))}</div>" for trial in self.tried)
        return (
            f'<div style="border-left: 4px solid {COLOURS[self.status]}; padding: 0.3em 1em">'
            f"<div>{SYMBOLS[self.status]} <code>{escape(self.exercise)}</code>: <b>{self.status}</b>. "
            f"{escape(self.message)}</div>"
            f'<div style="margin-top: 0.4em; font-size: 90%; opacity: 0.8">{tried}</div></div>'
        )


def verdict_of(exercise: str, trials: list[Trial]) -> Verdict:
    """Correct when no trial shows a fault; else wrong, with the first fault as the message."""
    faults = [fault for trial in trials for fault in trial.faults]
    ids = tuple(dict.fromkeys(fault.id for fault in faults))
    if faults:
        return Verdict(exercise, WRONG, ids, faults[0].text, tuple(trials))
    return Verdict(exercise, CORRECT, (), "It agrees with the definition in everything that was tried.", tuple(trials))


def not_attempted(exercise: str) -> Verdict:
    """The verdict on an untouched stub."""
    message = "Replace the line that raises NotImplementedError, run that cell, then this one again."
    return Verdict(exercise, NOT_ATTEMPTED, (), message)
