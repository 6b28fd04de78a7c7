"""hint: the next nudge.  solution: the package's answer, with its derivation."""
from collections.abc import Callable
from dataclasses import dataclass

from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.logbook import note, noted
from cs231n_lite.exercises.registry import WITH_ANSWERS, exercise_of


@dataclass(frozen=True)
class Text:
    """Markdown, which a notebook renders; a script prints it as it is."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def hint(function_or_id: Callable | str | None = None) -> Text:
    """The next hint of an exercise; the last one stays.

    After a wrong check that has found the line, the first one is about that line.
    Raises ValueError when no exercise has that name.
    """
    exercise = exercise_of(function_or_id, "hint")
    if nudge := noted(exercise.id)["nudge"]:
        note(exercise.id, nudge="")
        return shown(Text(f"**A nudge.** {nudge}"))
    number = min(noted(exercise.id)["hints"] + 1, len(exercise.hints))
    note(exercise.id, hints=number)
    return shown(Text(f"**Hint {number} of {len(exercise.hints)}.** {exercise.hints[number - 1]}"))


def solution(function_or_id: Callable | str | None = None) -> Text:
    """The package's answer after its derivation; notes that it was seen.

    Raises ValueError as `hint` does.
    """
    exercise = exercise_of(function_or_id, "solution")
    if not WITH_ANSWERS:
        return shown(Text(f"The solution of `{exercise.id}` is not available here: "
                          "this copy of the package comes without answers. "
                          f"`hint({exercise.id})` gives a nudge."))
    note(exercise.id, solution_seen=True)
    return shown(Text(f"{exercise.derivation}\n\n```python\n{exercise.source}```"))
