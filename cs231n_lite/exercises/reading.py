"""What a notebook's file holds, read as the grader and `make grade` read it; nothing is run."""
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from cs231n_lite.exercises import instead

PARTS = 10**6
OURS = ("python", "ipython")
# A notebook may name another language than that of its cells, as when a kernel was mistaken.
PYTHON = re.compile(r"^[ \t]*def[ \t]+\w+[ \t]*\([^\n]*:[ \t]*$", re.MULTILINE)


class Notebook(NamedTuple):
    """The sources of its code cells, these cells as saved, and why it cannot be read, if so.

    `aside` holds the sources of the other cells, each with its kind, `pasted` what was pasted into
    them, each with its data by type.
    """

    cells: list[str]
    saved: list[dict]
    fault: str = ""
    aside: tuple[tuple[str, str], ...] = ()
    pasted: tuple[dict, ...] = ()


def is_notebook(name: str) -> bool:
    """True for a notebook's file name, in letters of either case."""
    return name.lower().endswith(".ipynb")


def notebook_at(path: Path) -> Notebook:
    """The notebook in a file."""
    try:
        return notebook_of(path.name, path.read_bytes())
    except OSError as error:
        return Notebook([], [], f"{path.name} cannot be read: {error.strerror}.")


def read_or_refuse(path: Path) -> str:
    """The text of a notebook's file; ValueError, in a sentence, for what is none."""
    if fault := notebook_at(path).fault:
        raise ValueError(fault)
    return path.read_text(encoding="utf-8")


def notebook_of(name: str, data: bytes | str) -> Notebook:
    """A notebook from its bytes, or from the reason for which there are none."""
    if isinstance(data, str):
        return Notebook([], [], data)
    # Each takes many times the memory of its text.
    if (parts := data.count(b"{") + data.count(b"[")) > PARTS:
        return Notebook([], [], f"{name} has {parts:,} lists and objects; "
                                f"expected a notebook, with at most {PARTS:,}.")
    if fault := instead.of_bytes(name, data):
        return Notebook([], [], fault)
    text = data.decode("utf-8-sig", "replace")
    try:
        return notebook_in(name, json.loads(text))
    except json.JSONDecodeError as error:
        return Notebook([], [], instead.of_text(name, text, error))
    except (ValueError, RecursionError) as error:
        return Notebook([], [], instead.fault(name, f"no valid JSON ({error})"))
    except MemoryError:
        return Notebook([], [], f"{name} takes more memory than there is; clear its outputs.")


def notebook_in(name: str, book: Any) -> Notebook:
    """A notebook of any format from what its JSON says."""
    cells = cells_in(book)
    code, others = ([cell for cell in cells or () if (cell.get("cell_type") == "code") is is_code]
                    for is_code in (True, False))
    if cells is None or (code and not any(map(has_text, code))):
        return Notebook([], [], instead.fault(name, "JSON, but no notebook, for it has no cells "
                                                    "with texts"))
    sources = [source_of(cell) for cell in code]
    language = language_of(book, code)
    if not language.lower().startswith(OURS) and not any(map(PYTHON.search, sources)):
        return Notebook([], [], instead.fault(name, f"a notebook in {language[:40]}",
                                              "the notebook with its answers in Python"))
    attached = [named for cell in others if isinstance(named := cell.get("attachments"), dict)]
    return Notebook(
        sources, code,
        aside=tuple((str(cell.get("cell_type"))[:40], source_of(cell)) for cell in others),
        pasted=tuple(data for named in attached for data in named.values()
                     if isinstance(data, dict)))


def cells_in(book: Any) -> list[dict] | None:
    """The cells of a notebook, also of the format that has sheets of them; None without any."""
    holders = [book] if isinstance(book, dict) else []
    if holders and isinstance(sheets := book.get("worksheets"), list) and "cells" not in book:
        holders = [sheet for sheet in sheets if isinstance(sheet, dict)]
    lists = [part for holder in holders if isinstance(part := holder.get("cells"), list)]
    cells = [cell for part in lists for cell in part if isinstance(cell, dict)]
    return cells if cells or (lists and not any(lists)) else None


def has_text(cell: dict) -> bool:
    """True unless what stands for the source of a cell is no text."""
    return isinstance(cell.get("source", cell.get("input", "")), (str, list))


def source_of(cell: dict) -> str:
    """The text of a cell, a list of lines or one, its lines ended as Python ends them."""
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def language_of(book: dict, code: list[dict]) -> str:
    """The language that a notebook, or its first cell, says it is in; Python's if none."""
    metadata = book.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    info, kernel = (part if isinstance(part := said.get(key), dict) else {}
                    for key in ("language_info", "kernelspec"))
    names = (info.get("name"), kernel.get("language"), said.get("language"),
             *(cell.get("language") for cell in code[:1]))
    return next((name for name in names if name and isinstance(name, str)), OURS[0])
