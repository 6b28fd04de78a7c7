"""What stands in the place of an answer in a copy that comes without them, as a handout does.

There each function that answers an exercise, or would give an answer away, is a head under
`@absent`: it calls the student's own function once that is known to be right, and until then
raises Absent.
"""
from collections.abc import Callable
from functools import wraps
from typing import Any

OWN: dict[str, Callable] = {}  # the student's right functions, by the exercise
FINDERS: list[Callable[[str], Callable | None]] = []  # where else there may be one of that name


class Absent(NotImplementedError):
    """A function was called that this copy comes without; `notebook` asks for it, if one does."""

    def __init__(self, name: str, notebook: str) -> None:
        why = (f"it is an exercise of {notebook}.ipynb" if notebook
               else "it would give an answer away")
        super().__init__(f"{name} is not available here: {why}.")
        self.name, self.notebook = name, notebook


def absent(notebook: str) -> Callable[[Callable], Callable]:
    """The decorator of what is absent: an exercise of that notebook, or of none."""

    def decorated(head: Callable) -> Callable:
        @wraps(head)
        def instead(*args: Any, **settings: Any) -> Any:
            return present(head.__name__, notebook)(*args, **settings)

        return instead

    return decorated


def present(name: str, notebook: str = "") -> Callable:
    """The student's own function in the place of the one of that name.

    Raises Absent where there is none.
    """
    own = OWN.get(name) or next(filter(None, (find(name) for find in FINDERS)), None)
    if own is None:
        raise Absent(name, notebook)
    return own
