"""Where the classroom speaks: a notebook shows a cell's last value, a script has to be told."""
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Shown = TypeVar("Shown")


def in_notebook() -> bool:
    """True under IPython, where the last value of a cell shows itself."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def lines_above(file: str) -> int:
    """The empty lines at the top of a cell, which IPython cuts off before it counts."""
    ipython = sys.modules["IPython"].get_ipython() if in_notebook() else None
    number = getattr(getattr(ipython, "compile", None), "_filename_map", {}).get(file)
    if ipython is None or number is None:
        return 0
    cells = ipython.history_manager.input_hist_raw
    lines = (cells[number] if number < len(cells) else "").splitlines()
    return next((n for n, line in enumerate(lines) if line.strip()), 0)


def shown(value: Shown) -> Shown:
    """`value`, printed first unless it will show itself."""
    if not in_notebook():
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        print(str(value).encode(encoding, "replace").decode(encoding))
    return value


def written(write: Callable[[], None], folder: Path) -> int:
    """0 when all is written; 2, with one sentence, where something cannot be read or written."""
    try:
        write()
    except (OSError, ValueError) as error:
        reason = (f"{error.filename or folder} cannot be written or read "
                  f"({error.strerror or error}); name another folder."
                  if isinstance(error, OSError) else str(error))
        print(reason, file=sys.stderr)
        return 2
    return 0
