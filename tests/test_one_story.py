"""A card never contradicts itself, whatever slips come together."""
import re
from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from cs231n_lite.exercises import Verdict
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.anatomy import ENTROPY, HINGE, Family
from cs231n_lite.exercises.diagnosis.showing import UNSTABLE, is_of_penalty
from cs231n_lite.exercises.judges.calling import is_close
from cs231n_lite.exercises.judges.problems import FAR, loss_problems, plain_problems
from cs231n_lite.exercises.registry import EXERCISES

FAMILIES = {"svm_loss_vectorized": HINGE, "softmax_loss_vectorized": ENTROPY}
LOSS_PENALTIES = {
    "loss: regularization missing": lambda W, N, reg: 0,
    "loss: regularization halved": lambda W, N, reg: reg * np.sum(W**2) / 2,
    "loss: regularization divided by N": lambda W, N, reg: reg * np.sum(W**2) / N,
    "loss: regularization averaged": lambda W, N, reg: reg * np.mean(W**2),
    "loss: reg forgotten": lambda W, N, reg: np.sum(W**2),
    "loss: reg squared": lambda W, N, reg: reg**2 * np.sum(W**2),
    "loss: regularization": lambda W, N, reg: reg * np.sum(W**4),
}
GRADIENT_PENALTIES = {
    "gradient: regularization missing": lambda W, N, reg: 0,
    "gradient: regularization halved": lambda W, N, reg: reg * W,
    "gradient: regularization times N": lambda W, N, reg: 2 * N * reg * W,
    "gradient: reg forgotten": lambda W, N, reg: 2 * W,
    "gradient: regularization": lambda W, N, reg: reg * W**3,
}
SCALES = {"not divided by N": lambda N: N, "divided by N twice": lambda N: 1 / N,
          "sign flipped": lambda N: -1, "scaled": lambda N: 0.3}


class Slip(NamedTuple):
    """A slip by its fault's id, and the place that it takes: two in one do not go together."""

    id: str
    place: str


def slips_of(family: Family) -> list[Slip]:
    return [
        *(Slip(f"loss: {name[0]}", "loss") for name in family.losses if len(name) == 1),
        *(Slip(f"gradient: {name[0]}", "gradient") for name in family.gradients if len(name) == 1),
        *(Slip(f"{part}: {name}", f"scale of the {part}")
          for part in ("loss", "gradient") for name in SCALES),
        *(Slip(id, "loss's penalty") for id in LOSS_PENALTIES),
        *(Slip(id, "gradient's penalty") for id in GRADIENT_PENALTIES),
    ]


def answer_with(family: Family, slips: tuple[Slip, ...]) -> Callable:
    """A function that is right but for these slips."""
    at = {slip.place: slip.id for slip in slips}

    def name(part: str) -> tuple[str, ...]:
        return (at[part].partition(": ")[2],) if part in at else ()

    def scale(part: str, N: int) -> float:
        id = at.get(f"scale of the {part}", "")
        return SCALES[id.partition(": ")[2]](N) if id else 1.0

    def answer(W, X, y, reg):
        N, scores = len(X), X @ W
        loss = scale("loss", N) * family.losses[name("loss")](scores, y)
        dW = scale("gradient", N) * family.gradients[name("gradient")](X, scores, y)
        of_loss = LOSS_PENALTIES.get(at.get("loss's penalty"),
                                     lambda W, N, reg: reg * np.sum(W**2))
        of_gradient = GRADIENT_PENALTIES.get(at.get("gradient's penalty"),
                                             lambda W, N, reg: 2 * reg * W)
        return float(loss + of_loss(W, N, reg)), dW + of_gradient(W, N, reg)

    return answer


def contradictions(verdict: Verdict) -> list[str]:
    """What a card says of what is right, and says otherwise elsewhere."""
    ids, message, found = set(verdict.faults), verdict.message, []
    for part in ("loss", "gradient"):
        own = {id for id in ids if id.startswith(f"{part}: ")}
        of_data = {id for id in own if not is_of_penalty(id)}
        trials = {t.name for t in verdict.tried if any(f.id in own for f in t.faults)}
        if f"The {part} is right, " in message and own:
            found.append(f"the {part} is right, and {own}")
        if of_data and f"part of the {part} is wrong; its data part is right" in message:
            found.append(f"the data part of the {part} is right, and {of_data}")
        if own - of_data and f"part of the {part} is wrong; its regularization is right" in message:
            found.append(f"the regularization of the {part} is right, and {own - of_data}")
        if f"The {part} is right on ordinary batches" in message:
            plain = trials & {p.name for p in plain_problems() if p.name != "one sample"}
            found += [f"right on ordinary batches, wrong in {plain}"] * bool(plain)
        if only := re.search(rf"data part of the {part} is wrong[^.]*\. "
                             r"It is wrong only here: ([^.]*)\.", message):
            other = trials - set(only[1].split("; "))
            found += [f"wrong only in {only[1]}, and in {other}"] * bool(other)
    return found


def idle_causes(verdict: Verdict, family: Family, slips: tuple[Slip, ...]) -> list[str]:
    """What a trial lists though it changes nothing there, or cannot on such a problem."""
    found = []
    problems = {p.name: p for p in loss_problems()}
    right = answer_with(family, ())
    # A space at the end of an id tells several ways to make one fault apart.
    alone = {slip.id.strip(): answer_with(family, (slip,)) for slip in slips}
    for trial in verdict.tried:
        problem = problems.get(trial.name)
        for fault in trial.faults if problem else ():
            k = fault.id.startswith("gradient")
            same = fault.id in alone and is_close(alone[fault.id](*problem[1:])[k],
                                                  right(*problem[1:])[k], 1e-6)
            if same or (fault.id in UNSTABLE and trial.name not in FAR):
                found.append(f"{trial.name}: {fault.id}")
    return found


def assert_one_story(exercise: str, chosen: list[tuple[Slip, ...]]) -> None:
    family = FAMILIES[exercise]
    with np.errstate(all="ignore"):
        for slips in chosen:
            verdict = judge(answer_with(family, slips), EXERCISES[exercise])
            said = contradictions(verdict) + idle_causes(verdict, family, slips)
            assert not said, f"{[slip.id for slip in slips]}: {said}\n{verdict}"


def together(family: Family, size: int) -> list[tuple[Slip, ...]]:
    return [slips for slips in combinations(slips_of(family), size)
            if len({slip.place for slip in slips}) == size]


@pytest.mark.parametrize("exercise", FAMILIES)
@pytest.mark.parametrize("size, step", [
    (1, 7), (2, 401), (3, 20011),
    *(pytest.param(*one, marks=pytest.mark.slow) for one in ((1, 1), (2, 11), (3, 1999))),
    *(pytest.param(*one, marks=pytest.mark.everything) for one in ((2, 1), (3, 101)))])
def test_no_sentence_says_that_right_is_what_another_calls_wrong(exercise, size, step):
    chosen = together(FAMILIES[exercise], size)[::step]
    assert chosen
    assert_one_story(exercise, chosen)


def test_a_trial_on_which_a_cause_cannot_show_does_not_name_it():
    family = FAMILIES["svm_loss_vectorized"]
    slips = (Slip("loss: correct class counted", "loss"),
             Slip("loss: regularization missing", "loss's penalty"),
             Slip("loss: not divided by N", "scale of the loss"))
    verdict = judge(answer_with(family, slips), EXERCISES["svm_loss_vectorized"])
    named = {trial.name: {fault.id for fault in trial.faults} for trial in verdict.tried}
    assert "loss: regularization missing" not in named["no regularization"]
    assert "loss: regularization missing" not in named["all weights zero"]
    assert "loss: not divided by N" not in named["one sample"]
