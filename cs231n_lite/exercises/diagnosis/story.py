"""All that is wrong with a loss and its gradient, told in the order to mend it."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cs231n_lite.exercises.diagnosis.faults import TABLE
from cs231n_lite.exercises.diagnosis.showing import UNSTABLE, is_of_penalty
from cs231n_lite.exercises.verdict import Fault

MOST, ROOM = 3, 110  # slips that are told in full, and words in all
OF_LOSS, OF_BOTH = "In the data part of the loss, ", "In the data part of loss and gradient, "
BOTH = {"loss: data", "gradient: data"}
UNNAMED = {"data": "data part", "regularization": "regularization"}
# What tells of numbers alone.
NUMBERS = ("coefficients", "parts out of scale", ": scaled", "a constant added",
           "probabilities: sum", "probabilities: shares", "predict: labels", ": value",
           "search: results", "search: best", "search: grid", "search: last for best",
           "sgd: calls", "sgd: step", "sgd: history", ": special")
NAMES = {"data": "something in the data part", "regularization": "the regularization",
         "special": "batches out of the ordinary", "zero": "nothing but 0",
         "scaled": "a wrong factor", "coefficients": "wrong amounts"}


@dataclass(frozen=True)
class Slip:
    """One thing to mend: its sentences, a short name for a list of further ones, its fault."""

    text: str
    name: str
    id: str = ""


@dataclass(frozen=True)
class Story(Fault):
    """The first of several faults, whose text tells them all."""

    lead: str = ""
    slips: tuple[Slip, ...] = ()


def within(lead: str, slips: Sequence[Slip], room: int) -> str:
    """The story in so many words, if that can be: the first slips in full, the others named.

    Of two the second is told in short where there is room for that, and named where there is none.
    """
    full = next((n for n in range(min(MOST, len(slips)), 1, -1)
                 if len(told(lead, slips, n).split()) <= room), 1)
    if (len(slips), full) == (2, 1):
        short = told(lead, [slips[0], replace(slips[1], name=beginning(slips[1].text))], 1)
        if len(short.split()) <= room:
            return short
    return told(lead, slips, full)


def beginning(text: str) -> str:
    """What a text says first, up to the end of a sentence, or a colon or semicolon, in it."""
    first = re.match(r"(?:`[^`]*`|[^`])*?(?=[.:;](?:\s|$)|$)", text)
    words = first[0] if first else text
    is_word = re.match(r"(?:A|[A-Z][a-z]+)\b", words)  # no symbol, such as W
    return words[:1].lower() + words[1:] if is_word else words


def told(lead: str, slips: Sequence[Slip], full: int) -> str:
    """The story, with so many slips in full."""
    if len(slips) == 1:
        return f"{lead} {slips[0].text}".strip()
    further = "; ".join(slip.name for slip in slips[full:])
    return "\n".join([*([lead] if lead else []),
                      *(f"{n}. {slip.text}" for n, slip in enumerate(slips[:full], start=1)),
                      *([f"Besides: {further}."] if further else [])])


def story_of(first: Fault, causes: Mapping[str, Sequence[Fault]], right: Sequence[str]) -> Story:
    """The story of what is wrong with each part, led by which one is right."""
    lead = (f"The {right[0]} is right, the {next(iter(causes))} is not." if right else
            "Loss and gradient are both wrong."
            if len(causes) > 1 and causes["loss"] != causes["gradient"] else "")
    slips = tuple(slips_of(causes.get("loss", []), causes.get("gradient", [])))
    return Story(first.id, within(lead, slips, ROOM), lead=lead, slips=slips)


def slips_of(loss: Sequence[Fault], gradient: Sequence[Fault]) -> list[Slip]:
    """What is to be mended, the first on top: the data part, the regularization, far scores.

    Of each what both parts share comes first, since it stands above both; then the loss's own.
    """
    twins = [found for found in loss if any(is_twin(found, other) for other in gradient)]
    own = [found for found in dict.fromkeys([*loss, *gradient])
           if not any(found.id == twin.id or is_twin(twin, found) for twin in twins)]
    found = [*((twin.id, of_both(twin)) for twin in twins), *((slip.id, slip.text) for slip in own)]
    return [Slip(text, short_name(id, text), id) for id, text in sorted(
        found, key=lambda slip: (slip[0] in UNSTABLE, is_of_penalty(slip[0])))]


def is_twin(loss: Fault, gradient: Fault) -> bool:
    """True when the same is wrong in both, and nothing besides to be told of either."""
    return (loss.id.replace("loss: ", "gradient: ") == gradient.id != loss.id
            and "{" not in TABLE[loss.id] + TABLE[gradient.id])


def of_both(loss: Fault) -> str:
    """The sentences on a slip in the loss, where the gradient has it, too."""
    if loss.text.startswith(OF_LOSS):
        return loss.text.replace(OF_LOSS, OF_BOTH, 1)
    return f"{loss.text} The same is wrong in the gradient."


def with_clauses(slips: Sequence[Slip], clauses: Mapping[str, str]) -> list[Slip]:
    """The slips, those that have no name told by the clause on the change that mends them.

    One change that mends both parts is one slip.
    """
    found = [in_a_clause(slip, clauses) for slip in slips]
    clause = clauses.get("loss: data")
    if not clause or clauses.get("gradient: data") != clause or not BOTH <= {
            slip.id for slip in slips}:
        return found
    text = f"{OF_BOTH}{clause}."
    return [replace(slip, text=text, name=short_name(slip.id, text)) if slip.id == "loss: data"
            else slip for slip in found if slip.id != "gradient: data"]


def in_a_clause(slip: Slip, clauses: Mapping[str, str]) -> Slip:
    """A slip, told by its clause, if it has no name and there is one."""
    part, _, name = slip.id.partition(": ")
    if name in UNNAMED and slip.id in clauses:
        return replace(slip, text=f"In the {UNNAMED[name]} of the {part}, {clauses[slip.id]}.")
    return replace(slip, text=in_words(slip.text, slip.id, clauses))


def in_words(text: str, id: str, clauses: Mapping[str, str]) -> str:
    """The text of a fault; of one that tells no more than numbers with its clause."""
    clause = clauses.get(id, "")
    if not clause or not id.endswith(NUMBERS):
        return text
    sentence = f"{clause[0].upper()}{clause[1:]}."
    return f"{text} {sentence}" if id.startswith(("loss", "gradient")) else f"{sentence} {text}"


def short_name(id: str, text: str) -> str:
    """'margin left out, in the loss'."""
    part, _, name = id.rpartition(": ")
    where = "both" if text.startswith(OF_BOTH) or text.endswith("in the gradient.") else part
    where = f"the {where}" if where in ("loss", "gradient") else "loss and gradient"
    return f"{NAMES.get(name, name)}, in {where}" if part else name
