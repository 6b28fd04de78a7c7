"""What is said under the table: what is not graded, and by what the students' names were read."""
import json
from collections import Counter
from pathlib import Path

from cs231n_lite.grading.intake.bounds import Left
from cs231n_lite.grading.reporting.plain import on_one_line
from cs231n_lite.grading.reporting.report import write

FILE = "not_graded.json"


def note(folder: Path, left: list[Left]) -> None:
    """Write down what is not graded."""
    write(folder / FILE, json.dumps([part._asdict() for part in left], indent=1))


def not_graded(folder: Path) -> str:
    """What a run has not graded, and why, a line for each; empty if all was."""
    parts = json.loads((folder / FILE).read_text(encoding="utf-8"))
    lines = [on_one_line(f"  {part['entry']}: {part['why']}") for part in parts]
    return "\n".join(["Not graded, and why:", *lines]) if lines else ""


def names_read(results: list[dict]) -> str:
    """By what the students' names were read, and how many by each."""
    counts = Counter(result["told"].partition(":")[0] for result in results)
    return f"Names were read from: {', '.join(f'{how} ({n})' for how, n in counts.items())}."
