"""From numbers to words: where the faults of a loss and its gradient come from, as one story."""
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.anatomy import Anatomy
from cs231n_lite.exercises.diagnosis.decompose import Pieces
from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.diagnosis.findings import Findings, gradient_findings, loss_findings
from cs231n_lite.exercises.diagnosis.rounding import rounded
from cs231n_lite.exercises.diagnosis.showing import UNSTABLE, shows
from cs231n_lite.exercises.diagnosis.story import story_of
from cs231n_lite.exercises.judges.calling import NO_REASON, Faulty, is_close, reason, warned
from cs231n_lite.exercises.judges.problems import (
    CROWD,
    FAR,
    FAR_APART,
    FAR_BELOW,
    FAR_DOWN,
    FAR_UP,
    LOST,
    MANY,
    SHIFTED,
    STRONG,
    Problem,
    ScoresProblem,
)
from cs231n_lite.exercises.verdict import Fault, Trial

HINTS = {
    STRONG: "Is reg used as it is given, however large?",
    MANY: "Is every row looked at, however many there are?",
    LOST: "Is a large number cut off?",
}


class Judge(Protocol):
    """What has to be known of a judge: the function, its problems, what it should return."""

    f: Callable
    problems: tuple[Problem | ScoresProblem, ...]
    expected: dict[str, tuple[float, Array]]

    def body(self) -> Anatomy:
        """What such a loss is made of."""

    def answer(self, problem: Problem | ScoresProblem) -> tuple[float, Array]:
        """What the function returns for a problem."""

    def take_apart(self) -> tuple[Pieces, Pieces]:
        """The pieces of its losses, and of its gradients."""


class Explained:
    """The trials of a judge, with 'loss' and 'gradient' replaced by what is wrong with them."""

    def __init__(self, judge: Judge, trials: list[Trial]) -> None:
        self.judge, self.raw = judge, trials
        self.plain = ({p.name for p in judge.body().probes}
                      if self.failing("loss", "gradient") else set())

    def trials(self) -> list[Trial]:
        """The same trials, diagnosed; the first fault tells the whole story."""
        found = self.failing("loss", "gradient")
        if not found:
            return self.raw
        causes = {part: self.causes(part) for part in ("loss", "gradient") if self.failing(part)}
        causes = one_cause(causes | self.not_finite_by_slip(causes))
        trials = [Trial(t.name, self.named(t, causes)) for t in self.raw]
        return with_story(trials, causes, self.right_parts())

    def right_parts(self) -> list[str]:
        """The parts that are right in all trials; none where a trial stopped."""
        seen = {found.id for trial in self.raw for found in trial.faults}
        parts = {"loss", "gradient"}
        return sorted(parts - seen) if seen <= parts else []

    def failing(self, *parts: str) -> list[Trial]:
        """The trials in which one of the parts is wrong."""
        return [t for t in self.raw if any(found.id in parts for found in t.faults)]

    def causes(self, part: str) -> list[Fault]:
        """What is wrong with the loss, or with the gradient."""
        failing = self.failing(part)
        usual = [t for t in failing if t.name not in FAR]
        if any(t.name in self.plain for t in usual):
            causes = self.plain_causes(part)
            enough = any("not finite" in cause.id or "shift" in cause.id for cause in causes)
            return causes if enough else causes + self.far_causes(part, always=False)
        return self.special(part, usual) if usual else self.far_causes(part, always=True)

    def special(self, part: str, failing: list[Trial]) -> list[Fault]:
        """It is wrong only in problems out of the ordinary, though within reach of exp."""
        numbers = next(found.text for found in failing[0].faults if found.id == part)
        return [special_fault(part, [t.name for t in failing], numbers)]

    def far_causes(self, part: str, always: bool) -> list[Fault]:
        """Why scores far from 0 break it; unless `always`, only where it is not finite.

        Judged by which shifts break it.
        What is wrong on ordinary batches, too, may be infinite in a crowd for that reason alone.
        """
        tried = FAR if always else set(FAR) - {CROWD}
        answers = {p.name: self.returned(p, part) for p in self.judge.problems if p.name in tried}
        broken = {name for name, value in answers.items()
                  if value is not None and not np.all(np.isfinite(value))}
        if {FAR_UP, FAR_DOWN} <= broken:
            return [fault("no shift")]
        if broken:
            if broken <= {FAR_BELOW, CROWD}:
                return [fault("shift too small")]
            far = next(p for p in self.judge.problems if p.name in broken)
            warnings = warned(self.judge.f, *far[1:])
            if broken == {FAR_APART} and not any("overflow" in text for text in warnings):
                return [fault("one maximum for all")]
            return [fault("overflow")]
        if always and not any(t.name in SHIFTED for t in self.failing(part)):
            return self.special(part, self.failing(part))
        return [fault(self.unshifted())] if always else []

    def unshifted(self) -> str:
        """Why scores that are all higher by 1000 give something else: all are cut off, or not."""
        far = next(p for p in self.judge.problems if p.name == FAR_UP)
        loss = self.returned(far, "loss")
        classes = (far.W if isinstance(far, Problem) else far.scores).shape[1]
        return ("scores clipped" if loss is not None and is_close(loss, np.log(classes))
                else "shift not harmless")

    def returned(self, problem: Problem | ScoresProblem, part: str) -> Any:
        """The loss or the gradient that is returned for a problem, if there is one."""
        try:
            return self.judge.answer(problem)[part == "gradient"]
        except Faulty:
            return None

    def plain_causes(self, part: str) -> list[Fault]:
        """What is wrong with it on the plain problems."""
        first = next(t for t in self.failing(part) if t.name in self.plain)
        if decimals := rounded(self.pairs(part)):
            return [fault(f"{part}: rounded", decimals=decimals)]
        try:
            pieces = self.judge.take_apart()[part == "gradient"]
        except Faulty as faulty:
            return [faulty.fault]
        if not all(np.all(np.isfinite(value)) for value in pieces.data + pieces.whole):
            return [self.not_finite(part)]
        findings = (loss_findings if part == "loss"
                    else gradient_findings)(pieces, self.judge.body())
        has_penalty = not self.judge.body().of_scores
        return known_and_unknown(part, findings, number_text(part, first),
                                 self.whereabouts(part), has_penalty)

    def not_finite_by_slip(self, causes: dict[str, list[Fault]]) -> dict[str, list[Fault]]:
        """Of a loss that is not finite, the slip of the gradient that makes it so, if any."""
        if [cause.id for cause in causes.get("loss", [])] != ["loss: not finite"]:
            return {}
        finite = [value is not None and bool(np.isfinite(value))
                  for value, _ in self.pairs("loss")]
        shown = {cause.id.removeprefix("gradient: ") for cause in causes.get("gradient", [])}
        found = [names[0].strip() for names, losses in self.judge.body().losses.items()
                 if len(names) == 1 and names[0].strip() in shown
                 and [bool(value) for value in np.isfinite(losses)] == finite]
        return {"loss": [fault(f"loss: {found[0]}")]} if found else {}

    def pairs(self, part: str) -> list[tuple[Any, Any]]:
        """What is returned on the plain problems, and what should be."""
        return [(self.returned(p, part), self.judge.expected[p.name][part == "gradient"])
                for p in self.judge.problems if p.name in self.plain]

    def not_finite(self, part: str) -> Fault:
        """It is nan or infinite without any need."""
        for problem in (p for p in self.judge.problems if p.name in self.plain):
            value = self.returned(problem, part)
            if value is not None and not np.all(np.isfinite(value)):
                got = str(np.asarray(value)[~np.isfinite(value)].flat[0])
                return fault(f"{part}: not finite", got=got,
                             reason=reason(self.judge.f, *problem[1:]))
        return fault(f"{part}: not finite", got="nan", reason=NO_REASON)

    def whereabouts(self, part: str) -> str:
        """Which problems fail while others do not, and which columns of the gradient are wrong."""
        failing = [t.name for t in self.failing(part)]
        some = f"It is wrong only here: {listed(failing)}. " if len(failing) <= 3 else ""
        return some + (self.row() or self.columns() if part == "gradient" else "")

    def row(self) -> str:
        """That all rows of the gradient are right but the first, or but the last, where it is."""
        wrong = []
        for problem in (p for p in self.judge.problems if p.name in self.plain):
            got, want = self.returned(problem, "gradient"), self.judge.expected[problem.name][1]
            if got is None:
                return ""
            wrong.append([i - len(want) * (i > 0) for i in range(len(want))
                          if not is_close(got[i], want[i])])
        found = [rows for rows in wrong if rows]
        which = {0: "first", -1: "last"}.get(found[0][0], "") if found else ""
        same = which and all(rows == found[0] and len(rows) == 1 for rows in found)
        return f"All its rows are right but the {which}. " if same else ""

    def columns(self) -> str:
        """Which columns of the gradient are right: of classes that occur, or that do not."""
        verdicts: dict[bool, list[bool]] = {True: [], False: []}
        for problem in (p for p in self.judge.problems if p.name in self.plain):
            got, want = self.returned(problem, "gradient"), self.judge.expected[problem.name][1]
            for j in range(want.shape[1]):
                right = got is not None and is_close(got[:, j], want[:, j])
                verdicts[j in problem.y].append(right)
        occurring, absent = all(verdicts[True]), all(verdicts[False])
        if occurring and not absent:
            return ("Columns of classes that are some sample's label are right, "
                    "the others are wrong. ")
        if absent and not occurring:
            return ("Columns of classes that are no sample's label are right, "
                    "those of labels are wrong. ")
        return ""

    def named(self, trial: Trial, causes: dict[str, list[Fault]]) -> tuple[Fault, ...]:
        """The faults of one trial: of the causes those that can show in it."""
        return tuple(dict.fromkeys(cause for found in trial.faults
                                   for cause in self.shown(trial, found, causes)))

    def shown(self, trial: Trial, found: Fault, causes: dict[str, list[Fault]]) -> list[Fault]:
        """The causes that can show in a trial, and those that show in none that failed."""
        if found.id not in causes:
            return [found]
        where = [t.name for t in self.failing(found.id)]
        known = causes[found.id]
        return [cause for cause in known if self.can_show(cause, trial.name)
                or not any(self.can_show(cause, name) for name in where)] or [
                    cause for cause in known if self.can_show(cause, trial.name, any)] or [
                    cause for cause in known if cause.id not in UNSTABLE] or known

    def can_show(self, cause: Fault, name: str, anyhow: Callable = all) -> bool:
        """True when a cause can show on the problem of that name, in all ways or in any."""
        problem = next(p for p in self.judge.problems if p.name == name)
        return shows(cause.id, problem, self.judge.body().family, anyhow)


def special_fault(part: str, names: list[str], numbers: str) -> Fault:
    """It is wrong on the problems of these names only, with numbers of the first."""
    hint = HINTS.get(names[0], "") if len(names) == 1 else f"The numbers are of {names[0]}."
    return fault(f"{part}: special", where=listed(names), entry=f"{numbers}. {hint}")


def number_text(part: str, trial: Trial) -> str:
    """'dW[4, 0] is 0.0020, expected -0.4630 (one sample).', of the first trial that is wrong."""
    text = next(found.text for found in trial.faults if found.id == part)
    return f"{text} ({trial.name})."


def listed(names: list[str]) -> str:
    """'a', or 'a; b', or 'a; b and 3 more'."""
    return "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def known_and_unknown(part: str, findings: Findings, numbers: str, where: str,
                      has_penalty: bool) -> list[Fault]:
    """The known faults; for what nobody knows, which of the two parts is wrong, and one number."""
    known = [*(findings.data or []), *(findings.penalty or [])]
    if findings.data is None:
        right = "; its regularization is right" if findings.penalty == [] and has_penalty else ""
        return [fault(f"{part}: data", right=right, where=where, entry=numbers), *known]
    if findings.penalty is None:
        right = "" if findings.data else "; its data part is right"
        return [*known, fault(f"{part}: regularization", right=right, entry=numbers)]
    return known or [fault(f"{part}: data", right="", where=where, entry=numbers)]


def one_cause(causes: dict[str, list[Fault]]) -> dict[str, list[Fault]]:
    """Where several faults together have one cause: another convention, or a return too early."""
    ids = [found.id for part in ("loss", "gradient") for found in causes.get(part, [])]
    early = ("only the first sample", "not divided by N", "regularization missing")
    if ids == [f"{part}: {slip}" for part in ("loss", "gradient") for slip in early]:
        return {part: [fault("returned in the loop")] for part in causes}
    causes = {part: without_overflow(found, ids) for part, found in causes.items()}
    unstable = [cause for cause in causes.get("loss", []) if cause.id in UNSTABLE]
    if [id for id in ids if id not in UNSTABLE] == ["loss: regularization halved",
                                                    "gradient: regularization halved"]:
        return {part: [fault("old convention"), *unstable] for part in causes}
    return causes


def without_overflow(causes: list[Fault], ids: list[str]) -> list[Fault]:
    """The causes but for an overflow where a missing shift, there or elsewhere, explains it."""
    return [cause for cause in causes if cause.id != "overflow" or "no shift" not in ids]


def with_story(trials: list[Trial], causes: dict[str, list[Fault]],
               right: list[str]) -> list[Trial]:
    """The trials, with the whole story in the place of the first fault, if that is diagnosed."""
    told = False
    result = []
    for trial in trials:
        faults = list(trial.faults)
        if faults and not told:
            faults[0] = story_of(faults[0], causes, right) if is_diagnosis(faults[0]) else faults[0]
            told = True
        result.append(Trial(trial.name, tuple(faults)))
    return result


def is_diagnosis(fault: Fault) -> bool:
    """True for a fault that the story tells; False for one that stopped a trial."""
    return (fault.id.startswith(("loss: ", "gradient: "))
            or fault.id in ("old convention", "returned in the loop", *UNSTABLE))
