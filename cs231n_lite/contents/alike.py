"""Whether what a cell shows is what is stored: to the letter, nearly, or in shape alone.

Nearly alike is what one seed trains on two machines.  Alike in shape is what differs in its numbers
only, and in them keeps what no machine changes: how many there are, that they are finite, that many
are not all the same, which end of a curve is much lower, and that a share is one.
"""
import re
from enum import Enum
from typing import Any

import numpy as np
from numpy import ndarray as Array


class Leeway(Enum):
    """What may differ, each with its tag, from the rarest; nbval itself knows that of SHAPE."""

    KINDS = "nbval-ignore-words"
    NEAR = "nbval-near-numbers"
    SHAPE = "nbval-ignore-output"
    LETTER = ""


Shown = list[tuple[str, str | dict]]  # the kind of each output, and its text, or what it holds
# How far numbers may be apart, as a part of the largest of those that stand together: two machines
# agree better in what is not trained, and no eye sees less; and in what is.
REACH = {Leeway.LETTER: 2e-3, Leeway.NEAR: 0.1}
NUMBER = re.compile(r"(?<![A-Za-z_])[-+\N{MINUS SIGN}]?"
                    r"(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[-+]?\d+)?|inf\b|nan\b)")
# An address, a hash or a UUID.
ADDRESS = re.compile(r"(?<![\w.])(?:0x[\da-fA-F]+|(?=[\d-]*[a-f])(?=[a-f-]*\d)[\da-f]{8,}"
                     r"(?:-[\da-f]{4,})*)\b")
PER_CENT = re.compile("(?i)per ?cent|%")
SHARE = re.compile(f"{PER_CENT.pattern}|accurac|probabilit|share|fraction|precision|recall")
OTHER = re.compile("(?i)loss|time|second|speed")  # what shares may stand beside
STEEP, BOTTOM = 0.3, 0.1  # of its range: a curve's ends are so far apart, one so near its lowest


def change_of_outputs(stored: Shown, now: Shown, leeway: Leeway) -> str | None:
    """What a cell shows otherwise than it is stored, in a clause, or None.

    Texts that must be the same to the letter are left to nbval.
    """
    if leeway is Leeway.LETTER:
        stored, now = ([each for each in shown if isinstance(each[1], dict)]
                       for shown in (stored, now))
    kinds, others = ([kind for kind, _ in shown] for shown in (stored, now))
    if {*kinds} != {*others} if leeway is Leeway.KINDS else kinds != others:
        return (f"it shows {', '.join(others) or 'nothing'} where "
                f"{', '.join(kinds) or 'nothing'} is stored")
    if leeway is Leeway.KINDS:
        return None
    for (_, then), (_, this) in zip(stored, now):
        if isinstance(then, dict) and isinstance(this, dict):
            if clause := change(then, this, leeway):
                return clause
        elif not same_text(str(then), str(this), leeway):
            return f"it says `{this}` where `{then}` is stored"
    return None


def change(stored: dict[str, Any], now: dict[str, Any], leeway: Leeway) -> str | None:
    """What a picture holds otherwise than it is stored, in a clause, or None."""
    said = stored.get("words", {})
    for kind in ("counts", "words", "numbers"):
        before, after = stored.get(kind, {}), now.get(kind, {})
        for name in dict.fromkeys([*before, *after]):
            then, this = before.get(name, "nothing"), after.get(name, "nothing")
            if kind == "numbers" and name in before and name in after:
                is_alike = same_values(then, this, leeway, name, said)
            elif kind == "words" and leeway is not Leeway.LETTER:
                is_alike = same_text(then, this, leeway)
            else:
                is_alike = then == this
            if not is_alike:
                return f"{name} holds `{this}` where `{then}` is stored"
    return None


def same_text(then: str, this: str, leeway: Leeway) -> bool:
    """Whether two texts differ in their numbers only, and these no more than they may."""
    then, this = (ADDRESS.sub("an address", text) for text in (then, this))
    words, other_words = NUMBER.split(then), NUMBER.split(this)
    if packed(words) != packed(other_words):
        return False
    numbers, others = (np.array([*map(number, NUMBER.findall(text))]) for text in (then, this))
    said = [before + after[:2] for before, after in zip(words, words[1:])]
    return near(numbers, others, leeway) and all(map(in_range, numbers, others, said))


def packed(words: list[str]) -> str:
    """The words between numbers, without the blanks and dots that other numbers move."""
    return "#".join(re.sub(r"[\s.]", "", word) for word in words)


def number(text: str) -> float:
    """What NUMBER has found."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def same_values(then: str, this: str, leeway: Leeway, name: str, said: dict[str, str]) -> bool:
    """Whether two accounts by numbers.told are of the same values, as far as they must be.

    `name` is what they are of, `said` the words in the picture.
    """
    (labels, numbers), (other_labels, others) = parted(then), parted(this)
    if leeway is Leeway.NEAR and numbers.size == 1:  # a point alone marks the best: now another one
        leeway = Leeway.SHAPE
    if labels != other_labels or not near(numbers, others, leeway):
        return False
    if not numbers.size:
        return True
    before, after = summary(labels, numbers), summary(other_labels, others)
    is_curve = re.search(r"lines\[\d+\] y$", name) and numbers.size > 3
    is_flat = labels and before[2] < before[3] and after[2] == after[3]
    return (not is_flat and (not is_curve or same_slope(before, after))
            and in_range(before, after, unit_of(name, said)))


def parted(account: str) -> tuple[list[str], Array]:
    """The words and the numbers in an account by numbers.told."""
    words, numbers = [], []
    for word in account.replace(",", "").split():
        try:
            numbers.append(float(word))
        except ValueError:
            words.append(word)
    return words, np.array(numbers)


def summary(labels: list[str], numbers: Array) -> Array:
    """First, last, lowest and highest of the numbers told."""
    if labels:
        return numbers[:4]
    return np.array([numbers[0], numbers[-1], numbers.min(), numbers.max()])


def near(numbers: Array, others: Array, leeway: Leeway) -> bool:
    """Whether there are as many, finite ones stay so, and all lie as near as they must."""
    finite = np.isfinite(numbers)
    if numbers.shape != others.shape or not np.isfinite(others[finite]).all():
        return False
    reach = REACH.get(leeway, 0) * np.abs(numbers[finite]).max(initial=0)
    return leeway is Leeway.SHAPE or np.allclose(numbers, others, rtol=0, atol=reach,
                                                 equal_nan=True)


def same_slope(then: Array, this: Array) -> bool:
    """Whether the end that is much lower is so again, of two curves told by their `summary`."""
    begin, end, lowest, highest = then
    low, span = min(begin, end), highest - lowest
    is_steep = (abs(end - begin) > STEEP * max(span, abs(begin), abs(end))
                and low - lowest < BOTTOM * span)
    return not is_steep or (this[1] - this[0]) * (end - begin) > 0


def in_range(then: Any, this: Any, said: str) -> bool:
    """Whether numbers that were shares, as is `said` of them, are so again."""
    if not SHARE.search(said) or OTHER.search(said):
        return True
    limit = 100 if PER_CENT.search(said) or np.max(then) > 1 else 1
    were, are = (np.all((0 <= each) & (each <= limit)) for each in map(np.array, (then, this)))
    return bool(are or not were)


def unit_of(name: str, said: dict[str, str]) -> str:
    """What the words of its axes say of the values of that name: the label beside, or the title."""
    axes, _, kind = name.partition(".")
    along = re.search(r"^(?:lines|patches).* ([xy])$", kind)
    label = said.get(f"{axes}.{along[1]}label") if along else None
    return label or (said.get(f"{axes}.title", "") if along or kind.endswith(" values") else "")
