"""Where the classroom speaks: a notebook shows a cell's last value, a script has to be told."""
import sys
from typing import TypeVar

Shown = TypeVar("Shown")


def in_notebook() -> bool:
    """True under IPython, where the last value of a cell shows itself."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def shown(value: Shown) -> Shown:
    """`value`, printed first unless it will show itself."""
    if not in_notebook():
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        print(str(value).encode(encoding, "replace").decode(encoding))
    return value
