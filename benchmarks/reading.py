"""How long a notebook takes: to read, by its words and code cells, and to run.

    python -m benchmarks.reading

For each notebook, for its spine (what is not tagged `excursion`) and for the whole of it: words,
code cells, the minutes to read them, and the seconds to run them on the data that is there, on one
thread.
"""
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.measure import ROOT
from benchmarks.notebooks import executed

WORDS_A_MINUTE = 200
SECONDS_A_CODE_CELL = 20


def parts(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The cells of the spine, and all of them."""
    spine = [cell for cell in notebook.cells if "excursion" not in cell.metadata.get("tags", ())]
    return {"spine": spine, "whole": notebook.cells}


def amount(cells: list[NotebookNode]) -> tuple[int, int]:
    """Words of prose, formulas and links included, and code cells."""
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return sum(len(text.split()) for text in prose), len(cells) - len(prose)


def minutes_to_read(cells: list[NotebookNode]) -> float:
    """What words and code cells take, without running them and without the exercises."""
    words, code = amount(cells)
    return words / WORDS_A_MINUTE + code * SECONDS_A_CODE_CELL / 60


def seconds_to_run(cells: list[NotebookNode]) -> float:
    """What the code cells took when they were last run."""
    times = [cell.metadata.execution for cell in cells if cell.cell_type == "code"]
    return sum((datetime.fromisoformat(time["shell.execute_reply"])
                - datetime.fromisoformat(time["iopub.status.busy"])).total_seconds()
               for time in times)


def main() -> None:
    """Run every notebook and print the table."""
    print(f"{'':<40}{'words':>8}{'code cells':>12}{'minutes to read':>18}{'seconds to run':>16}")
    for path in sorted(Path(ROOT, "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        executed(notebook, path.parent)
        for name, cells in parts(notebook).items():
            words, code = amount(cells)
            print(f"{path.name + ', ' + name:<40}{words:>8}{code:>12}"
                  f"{minutes_to_read(cells):>18.1f}{seconds_to_run(cells):>16.1f}", flush=True)


if __name__ == "__main__":
    main()
