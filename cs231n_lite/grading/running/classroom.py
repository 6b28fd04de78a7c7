"""The classroom in the student's process: no checks, and `use` gives the student's own."""
from collections.abc import Callable
from typing import Any

USED: list[Callable] = []


def use(function: Callable, exercise: str | None = None) -> Callable:
    """The function itself, under a name of which the grader knows that `use` gave it."""

    def used(*args: Any, **settings: Any) -> Any:
        return function(*args, **settings)

    used.__name__ = getattr(function, "__name__", "used")
    USED.append(used)
    return used


def check(answer: Any = None, exercise: str | None = None) -> None:
    """Nothing: the verdict is made elsewhere."""


hint = solution = progress = check
