"""Every notebook, run from start to end on CIFAR-10 as it is stored here."""
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import cifar10
from benchmarks.measure import ROOT, fresh_process, seconds
from benchmarks.report import Figure

if TYPE_CHECKING:
    from nbformat import NotebookNode


def run(path: str, data: str) -> float:
    """Seconds, the start of the kernel included."""
    import nbformat
    notebook = nbformat.read(path, as_version=4)
    return seconds(lambda: executed(notebook, Path(path).parent, CS231N_LITE_DATA=data))


def executed(notebook: "NotebookNode", folder: Path, **settings: str) -> None:
    """Run a notebook in place; progress is kept apart from the student's."""
    from nbclient import NotebookClient
    with TemporaryDirectory() as scratch:
        own = {"CS231N_LITE_PROGRESS": f"{scratch}/progress.json", "IPYTHONDIR": scratch}
        client = NotebookClient(notebook, timeout=600, kernel_name="python3",
                                resources={"metadata": {"path": str(folder)}})
        client.execute(env=os.environ | own | settings)


def figures(quick: bool) -> list[Figure]:
    """One figure for each notebook; where it should be quick, of the first, on the cartoons."""
    paths = sorted(ROOT.glob("notebooks/*.ipynb"))
    data = "cartoon" if quick else cifar10.folder()
    if data is None:
        return [Figure("every notebook, from start to end", "", [], 60, "s", note=cifar10.MISSING)]
    paths, threads = (paths[:1], 1) if quick else (paths, os.cpu_count() or 1)
    return [Figure(f"{path.name}, from start to end", "",
                   [fresh_process(run, str(path), str(data), threads=threads)], 60, "s")
            for path in paths]
