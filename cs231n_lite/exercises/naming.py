"""What to say of what names no exercise: what it is, and which one may have been meant."""
import re
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Number
from typing import Any

CALL = "name the function itself, as in check(svm_loss_naive), without calling it"
QUOTED = ('name a number in quotes, as in hint("ship_score"), '
          "and judge it by check(..., exercise=...)")


def no_exercise(asked: Any, ids: Iterable[str]) -> str:
    """Why `asked` names none of the exercises `ids`, in a sentence."""
    names = list(ids)
    if isinstance(asked, str):
        return f"{asked!r:.60} is no exercise; {meant(asked, names)}."
    if isinstance(asked, Number):
        return f"{asked!r:.60} is no exercise; {QUOTED}."
    if isinstance(asked, type):
        return f"the class {asked.__name__} is no exercise; {CALL}."
    if not callable(asked):
        kind = "None" if asked is None else f"a value of type {type(asked).__name__}"
        return f"{kind}, which a call may have returned, is no exercise: {CALL}; {QUOTED}."
    name = getattr(asked, "__name__", type(asked).__name__)
    own = "a lambda" if name == "<lambda>" else f"the function {name}"
    return (f"{own} is no exercise; {meant(name, names)}; give it the name of one, or say which "
            'it is by check(..., exercise="...").')


def meant(name: str, names: list[str]) -> str:
    """The exercises whose names are like this one, or all of them."""
    plain = re.sub(r"\W+", "_", name).strip("_").casefold()
    by_plain = {each.casefold(): each for each in names}
    near = ([each for each in by_plain if len(plain) > 2 and plain in each]
            or get_close_matches(plain, by_plain))
    listed = [by_plain[each] for each in near] or names
    return f"{'did you mean' if near else 'expected one of'} {', '.join(listed)}"
