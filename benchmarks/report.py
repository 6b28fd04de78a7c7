"""What was measured, as tables, as JSON, and on a page between two comments."""
import json
import re
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.measure import ROOT

BUILD, HERE = ROOT / "build", ROOT / "benchmarks"
PAGE, FRONT_PAGE = HERE / "README.md", ROOT / "README.md"


class Figure(NamedTuple):
    """One row of the table: what was measured beside what, and the bound of its median.

    `measured` holds ratios of ours to the other, or quantities in `unit`; where it is empty, `note`
    says why.
    """

    what: str
    beside: str
    measured: list[float]
    bound: float
    unit: str = "×"
    at_least: bool = False
    note: str = ""

    @property
    def reached(self) -> float:
        """The part of the bound that was used up: at most 1 where it is kept."""
        share = median(self.measured) / self.bound
        return 1 / share if self.at_least else share

    def row(self) -> list[str]:
        """The cells of the table."""
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g} {self.unit}"
        if not self.measured:
            return [self.what, self.beside, "not measured", bound, "", self.note]
        return [self.what, self.beside, spread(self.measured, self.unit), bound,
                "no" if self.reached > 1 else "yes", self.note]


HEAD = ["what", "beside", "measured: median (from to)", "to reach", "ok", "in detail"]


def spread(numbers: list[float], unit: str = "") -> str:
    """Median and range."""
    low, middle, high = (f"{number:.3g}"
                         for number in (min(numbers), median(numbers), max(numbers)))
    return f"**{middle}** {unit} ({low} to {high})" if len(numbers) > 1 else f"**{middle}** {unit}"


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(list(head)), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def store(result: dict, path: Path) -> None:
    """Write as JSON, rounded, one line per list of numbers."""
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(rounded(result), indent=1, ensure_ascii=False)
    path.write_text(
        re.sub(r"\[[^][{}\"]*\]", lambda numbers: " ".join(numbers[0].split()), text) + "\n",
        encoding="utf-8")


def rounded(value: Any) -> Any:
    """The same with every number to six digits."""
    match value:
        case float():
            return float(f"{value:.6g}")
        case dict():
            return {name: rounded(item) for name, item in value.items()}
        case list():
            return [rounded(item) for item in value]
    return value


def read(path: Path) -> dict:
    """What `store` wrote; FileNotFoundError, in one sentence, where it did not."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}; measure first: make bench, or make results.")
    return json.loads(path.read_text(encoding="utf-8"))


def section(page: str, name: str) -> tuple[int, int]:
    """Where the text between the two comments of that name starts and ends.

    Raises ValueError where they are missing.
    """
    match = re.search(f"<!-- {name}: .*? -->\n(.*?)<!-- end of {name} -->", page, re.DOTALL)
    if match is None:
        raise ValueError(f"the page has no section from <!-- {name}: ... --> "
                         f"to <!-- end of {name} -->; restore it.")
    return match.span(1)


def publish(name: str, text: str, path: Path) -> None:
    """Put a text into the page's section of that name."""
    page = path.read_text(encoding="utf-8")
    start, end = section(page, name)
    path.write_text(f"{page[:start]}\n{text}\n\n{page[end:]}", encoding="utf-8")
