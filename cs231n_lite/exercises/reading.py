"""What a notebook's file holds, read as the grader and `make grade` read it; nothing is run."""
import json
from typing import NamedTuple

PARTS = 10**6


class Notebook(NamedTuple):
    """The sources of its code cells, the cells as saved, and why it cannot be read, if so."""

    cells: list[str]
    saved: list[dict]
    fault: str = ""


def notebook_of(name: str, data: bytes | str) -> Notebook:
    """A notebook from its bytes."""
    if isinstance(data, str):
        return Notebook([], [], data)
    # Each takes many times the memory of its text.
    if (parts := data.count(b"{") + data.count(b"[")) > PARTS:
        return Notebook([], [], f"{name} has {parts:,} lists and objects; "
                                f"expected a notebook, with at most {PARTS:,}.")
    try:
        book = json.loads(data.decode("utf-8-sig"))
        cells = book["cells"] if "cells" in book else [cell for part in book["worksheets"]
                                                       for cell in part["cells"]]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        sources = ["".join(cell.get("source", cell.get("input", ""))) for cell in code]
        return Notebook([source.encode("utf-8", "replace").decode() for source in sources], code)
    except (ValueError, RecursionError) as error:
        return Notebook([], [], f"{name} is not valid JSON: {error}.")
    except (KeyError, TypeError, IndexError, AttributeError):
        return Notebook([], [], f"{name} is JSON, but no notebook: "
                                "it has no list of cells with types and sources.")
    except MemoryError:
        return Notebook([], [], f"{name} takes more memory than there is; clear its outputs.")
