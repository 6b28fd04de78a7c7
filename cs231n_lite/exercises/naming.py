"""What to say of what names no exercise: what it is, and which one may have been meant."""
import re
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Number
from typing import Any

NUMBER = ('a number does not know its exercise, so write hint("ship_score"), in quotes, '
          'and check(ship_score, exercise="ship_score")')


def no_exercise(asked: Any, ids: Iterable[str], by: str) -> str:
    """Why `asked` names none of the exercises `ids`, in a sentence to whoever has called `by`."""
    names, call = list(ids), f"name the function itself, as in {by}(svm_loss_naive)"
    if asked is None:
        return f"{by}() was given nothing, or None, which names no exercise; {call}; {NUMBER}."
    if isinstance(asked, str):
        return f"{asked!r:.60} is no exercise; {meant(asked, names)}."
    if isinstance(asked, Number) or asked is ...:
        return f"{asked!r:.60} is no exercise; {NUMBER}."
    if isinstance(asked, type):
        return f"the class {asked.__name__} is no exercise; {call}, without calling it."
    if isinstance(asked, (list, set, dict)):
        return f"a {type(asked).__name__} is no exercise; {call}, one at a time, without brackets."
    if not callable(asked):
        return (f"a value of type {type(asked).__name__}, which a call may have returned, "
                f"is no exercise: {call}, without calling it; {NUMBER}.")
    name = getattr(asked, "__name__", "")
    own = {"": f"a {type(asked).__name__} without a name", "<lambda>": "a lambda"}.get(
        name, f"the function {name}")
    return (f"{own} is no exercise; {meant(name, names)}; give it the name of one, or say which "
            f'it is by {by if by == "use" else "check"}(..., exercise="...").')


def meant(name: str, names: list[str]) -> str:
    """The exercises whose names are like this one, or all of them."""
    plain = re.sub(r"\W+", "_", name).strip("_").casefold()
    by_plain = {each.casefold(): each for each in names}
    near = ([each for each in by_plain if len(plain) > 2 and plain in each]
            or get_close_matches(plain, by_plain))
    listed = [by_plain[each] for each in near] or names
    return f"{'did you mean' if near else 'expected one of'} {', '.join(listed)}"
