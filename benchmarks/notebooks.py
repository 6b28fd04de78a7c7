"""Every notebook, run from start to end on CIFAR-10 as it is stored here."""
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import cifar10
from benchmarks.measure import ROOT, fresh_process, seconds
from benchmarks.report import Figure


def run(path: str, data: str) -> float:
    """Seconds, the start of the kernel included; progress is kept apart from the student's."""
    import nbformat
    from nbclient import NotebookClient
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as scratch:
        own = {"CS231N_LITE_DATA": data, "CS231N_LITE_PROGRESS": f"{scratch}/progress.json",
               "IPYTHONDIR": scratch}
        client = NotebookClient(notebook, timeout=600, kernel_name="python3",
                                resources={"metadata": {"path": str(Path(path).parent)}})
        return seconds(lambda: client.execute(env=os.environ | own))


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
