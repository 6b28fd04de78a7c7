"""Points on results: computed at the end of every run, so that other points grade nothing anew."""
from cs231n_lite.exercises.points import Points, Worth, earned, rounded, total, written
from cs231n_lite.grading.judging.verdicts import ABSENT


def scored(result: dict, points: Points | None) -> dict:
    """A student's result with the points of each exercise and their sum; as it is without a table.

    `of` is what can be earned: of an exercise, and by the whole table, also where a notebook
    that was handed in alone is not judged on all of it.
    """
    if not points:
        return result
    rows = [row | {"points": earned(points, row["exercise"], row["verdict"], row["faults"]),
                   "of": points.get(row["exercise"], Worth(0.0)).points}
            for row in result["exercises"]]
    return result | {"exercises": rows, "points": rounded(sum(row["points"] for row in rows)),
                     "of": total(points)}


def handed_in(result: dict) -> list[dict]:
    """The exercises whose notebook was handed in; all of them where none was."""
    rows = result["exercises"]
    return [row for row in rows if ABSENT not in row["faults"]] or rows


def sum_of(result: dict) -> str:
    """'12.5 of 20 points', or nothing where no points were given."""
    return (f"{written(result['points'])} of {written(result['of'])} points"
            if "points" in result else "")


def part_of(row: dict) -> str:
    """'predict 0 of 1'."""
    return f"{row['exercise']} {written(row['points'])} of {written(row['of'])}"
