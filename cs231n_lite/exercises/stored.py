"""What the cells of a handout show as long as a function that they need is absent.

`stored("svm")` has a cell of svm.ipynb that meets an absent function say so in one sentence, where
else it would stop with an exception.  Then the cell shows what it showed in a run with all answers,
and its names get the values that they had there, weights and loss curves among them, if these were
stored for the dataset and the cell is as it was.  Once the function is there, the cell runs.
"""
import dis
import json
import sys
from hashlib import sha256
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from IPython.core.getipython import get_ipython
from IPython.display import clear_output, publish_display_data

from cs231n_lite.absent import Absent
from cs231n_lite.exercises.packing import unpacked

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "stored"
BEGINNING = "Stored, not computed: "


def stored(notebook: str) -> None:
    """Have the cells of this kernel show what is stored where they need what is absent.

    Outside of a notebook it does nothing.
    """
    if shell := get_ipython():
        player = Player(shell, notebook)
        shell.set_custom_exc((Exception,), player.stopped)
        shell.events.register("pre_run_cell", player.began)
        shell.events.register("post_run_cell", player.ended)


class Player:
    """Listens to a notebook's kernel."""

    def __init__(self, shell: Any, notebook: str) -> None:
        self.shell, self.notebook = shell, notebook
        self.lacking: dict[str, Absent] = {}  # by the name that a cell should have given a value
        self.source = ""  # of the cell that runs
        self.calm = False  # whether it was stopped, and has said why

    def began(self, info: Any) -> None:
        """What IPython calls before a cell."""
        self.source = info.raw_cell

    def stopped(self, shell: Any, kind: type, error: Exception, traceback: Any,
                tb_offset: int | None = None) -> None:
        """What IPython calls for an exception: show what is stored, if something is absent."""
        absent = cause(error, self.lacking)
        if absent is None:
            shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
            return
        self.calm = True
        cell, arrays = recording(self.notebook, dataset_of(shell.user_ns), self.source)
        self.forget(bound(shell.transform_cell(self.source)), absent)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")
        clear_output()
        print(sentence(absent, cell is not None))
        if cell:
            shell.user_ns |= {name: unpacked(tree, arrays) for name, tree in cell["names"].items()}
            for output in cell["outputs"]:
                show(output)

    def forget(self, names: set[str], absent: Absent) -> None:
        """Take the values of a cell that was stopped, so that nothing goes on from old ones."""
        for name in names:
            kept = self.shell.user_ns.get(name)
            if not isinstance(kept, (FunctionType, ModuleType, type)):
                self.shell.user_ns.pop(name, None)
                self.lacking[name] = absent

    def ended(self, result: Any) -> None:
        """What IPython calls after a cell: one that has said why it was stopped did not fail."""
        if self.calm:
            result.error_in_exec = None
        self.calm = False


def cause(error: BaseException | None, lacking: dict[str, Absent]) -> Absent | None:
    """What is absent, if that is why the error came: also by way of a name that has no value."""
    while error is not None:
        if isinstance(error, Absent):
            return error
        if isinstance(error, NameError) and error.name in lacking:
            return lacking[error.name]
        error = error.__cause__
    return None


def sentence(absent: Absent, is_stored: bool) -> str:
    """Why the cell did not run, and what it shows."""
    where = (f"an exercise of {absent.notebook}.ipynb" if absent.notebook
             else "left out of this copy")
    return (f"{BEGINNING}this cell needs {absent.name}, {where}." if is_stored else
            f"This cell needs {absent.name}, {where}, and nothing is stored for it.")


def dataset_of(names: dict[str, Any]) -> str:
    """The name of the notebook's dataset."""
    return str(getattr(names.get("dataset"), "name", ""))


def digest(source: str) -> str:
    """What a cell is known by."""
    return sha256(source.strip().encode()).hexdigest()[:16]


def place(notebook: str, dataset: str, folder: Path = FOLDER) -> Path:
    """The file with the recordings of a notebook."""
    return folder / dataset.lower() / f"{notebook}.npz"


def recording(notebook: str, dataset: str, source: str) -> tuple[dict | None, Any]:
    """What a cell showed, and the values of its names; with the arrays that these refer to."""
    path = place(notebook, dataset)
    if not path.is_file():
        return None, {}
    arrays = np.load(path, allow_pickle=False)
    return json.loads(arrays["cells"].tobytes()).get(digest(source)), arrays


def bound(source: str) -> set[str]:
    """The names to which a cell gives values."""
    return {str(step.argval) for step in dis.get_instructions(compile(source, "<cell>", "exec"))
            if step.opname == "STORE_NAME"}


def show(output: dict) -> None:
    """Show an output as it is stored in a notebook."""
    if output["output_type"] == "stream":
        print(output["text"], end="", file=getattr(sys, output["name"]))
    else:
        publish_display_data(output["data"], output["metadata"])
