"""What the cells of a handout show as long as something is absent: made by running them with it.

Each notebook runs twice: with all answers, where the outputs of every cell are recorded, and the
values of its names; then in the handout, which tells what it asks for.  That alone is stored.
"""
import json
import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from cs231n_lite.data import cache_folder
from cs231n_lite.download import DATASETS, FOLDER
from cs231n_lite.exercises.stored import BEGINNING, digest, place
from cs231n_lite.grading.handout.handed import PACKAGE

ROOT = PACKAGE.parent
STORED = Path("notebooks", "stored")


def datasets_here() -> list[str]:
    """The cartoons, and CIFAR-10 where it is, as $CS231N_LITE_DATA names them."""
    named = os.environ.get("CS231N_LITE_DATA") or "auto"
    if named == "auto":
        named = str(DATASETS) if (DATASETS / FOLDER).is_dir() else "cartoon"
    return list(dict.fromkeys(["cartoon", named]))


def recorded(handout: Path, names: list[str], data: str) -> Path:
    """What these notebooks of the handout ask for on the dataset: a folder in the cache.

    Raises ValueError where a cell stops.
    """
    cache = cache_folder() / "stored" / known_by(data)
    if not cache.is_dir():
        for name in names:
            with TemporaryDirectory() as scratch:
                whole = Path(scratch, "all.npz")
                dataset = run_with_answers(name, data, whole)
                path = place(name, dataset, handout / STORED)
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(whole, path)
            prune(path, set(run_in_handout(handout, name, data)))
        shutil.copytree(path.parent, cache / path.parent.name)
    return cache


def known_by(data: str) -> str:
    """What the recordings depend on, in a few letters."""
    parts = [data.encode()]
    for path in sorted([*ROOT.glob("notebooks/*.ipynb"), *PACKAGE.rglob("*.py")]):
        parts += [path.relative_to(ROOT).as_posix().encode(), path.read_bytes()]
    return sha256(b"\0".join(parts)).hexdigest()[:16]


def run_with_answers(name: str, data: str, path: Path) -> str:
    """Record a notebook of this checkout, all of its cells; the name of its dataset."""
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = code_cells(book)
    sources = [cell.source for cell in cells]
    begin = ("from cs231n_lite.grading.handout.recorder import Recorder\n"
             f"_recorder = Recorder({sources!r})")
    book.cells = [new_code_cell(begin), *cells, new_code_cell(f"_recorder.save({str(path)!r})")]
    run(book, ROOT, data)
    with np.load(path, allow_pickle=False) as kept:
        arrays = dict(kept)
    known = json.loads(arrays.pop("cells").tobytes())
    shown = {digest(cell.source): {"outputs": list(outputs_of(cell)),
                                   "names": known["cells"].get(digest(cell.source), {})}
             for cell in cells}
    write(path, shown, arrays)
    return known["dataset"]


def run_in_handout(handout: Path, name: str, data: str) -> Iterator[str]:
    """The cells of a notebook of the handout that ask for what is stored."""
    book = nbformat.read(handout / "notebooks" / f"{name}.ipynb", as_version=4)
    run(book, handout, data)
    for cell in code_cells(book):
        if any(output.get("text", "").startswith(BEGINNING) for output in cell.outputs):
            yield digest(cell.source)


def run(book: NotebookNode, folder: Path, data: str) -> None:
    """Run a notebook in place, with the package in `folder`; ValueError where a cell stops."""
    from nbclient import NotebookClient  # which a teacher needs in this moment alone
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    with TemporaryDirectory() as scratch:
        own = {"PYTHONPATH": str(folder), "CS231N_LITE_DATA": data, "TQDM_DISABLE": "1",
               "CS231N_LITE_PROGRESS": f"{scratch}/progress.json", "IPYTHONDIR": scratch}
        foreign = ("CS231N_LITE_", "MPLBACKEND")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        client = NotebookClient(book, timeout=None, kernel_name="python3", record_timing=False,
                                coalesce_streams=True, store_widget_state=False,
                                extra_arguments=["--log-level=40"],  # a kernel warns of itself
                                resources={"metadata": {"path": str(folder / "notebooks")}})
        try:
            client.execute(env=kept | own)
        except (CellExecutionError, DeadKernelError) as error:
            raise ValueError("a notebook stopped, so that there is nothing to store; mend it, "
                             f"or the data that it runs on ({data}): {error}") from error


def code_cells(book: NotebookNode) -> list[NotebookNode]:
    """The cells that run."""
    return [cell for cell in book.cells if cell.cell_type == "code"]


def outputs_of(cell: NotebookNode) -> Iterator[dict]:
    """What a cell showed; no warnings, which are of that run."""
    for output in cell.outputs:
        if output.output_type != "stream":
            yield {"output_type": "display_data", "data": output.data, "metadata": output.metadata}
        elif output.name == "stdout":
            yield {"output_type": "stream", "name": output.name, "text": output.text}


def prune(path: Path, asked: set[str]) -> None:
    """Leave in a file the cells that were asked for, and the arrays of their names."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = dict(kept)
    cells = json.loads(arrays.pop("cells").tobytes())
    cells = {known: cell for known, cell in cells.items() if known in asked}
    numbers = set(references([cell["names"] for cell in cells.values()]))
    write(path, cells, {number: arrays[number] for number in numbers})


def references(tree: object) -> Iterator[str]:
    """The numbers of the arrays that something packed refers to."""
    if isinstance(tree, dict):
        for kind in ("array", "floats"):
            if isinstance(number := tree.get(kind), int):
                yield str(number)
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from references(part)


def write(path: Path, cells: dict, arrays: dict[str, Any]) -> None:
    """Write cells and arrays into one file, as small as it can be."""
    np.savez_compressed(path, cells=np.frombuffer(json.dumps(cells).encode(), np.uint8), **arrays)
