"""What the tests of the notebooks share: reading, running, writing them in a clean environment."""
import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.etree import ElementTree

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

ROOT = Path(__file__).resolve().parent.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def committed_notebooks() -> dict[str, str]:
    """The text of each notebook by file name: as committed, or without git as it lies there."""
    try:
        archive = subprocess.run(["git", "archive", "HEAD", "notebooks"], cwd=ROOT,
                                 capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return {path.name: path.read_text(encoding="utf-8")
                for path in sorted(ROOT.glob("notebooks/*.ipynb"))}
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tree:
        names = [name for name in tree.getnames() if name.endswith(".ipynb")]
        return {Path(name).name: TextIOWrapper(tree.extractfile(name), encoding="utf-8").read()
                for name in names}


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that nbval counts, in its order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(cell: NotebookNode, kind: str) -> list[str]:
    """The ids of a cell's tags `kind:id`."""
    return [tag.partition(":")[2] for tag in cell.metadata.get("tags", ())
            if tag.startswith(f"{kind}:")]


def clean_environment(scratch: Path, **settings: str) -> dict[str, str]:
    """This environment less what would change outputs; progress and IPython's own in `scratch`."""
    foreign = ("CS231N_LITE_", "MPLBACKEND", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    own = {"CS231N_LITE_PROGRESS": str(scratch / "progress.json"),
           "IPYTHONDIR": str(scratch / "ipython")}
    own["TQDM_DISABLE"] = "1"  # nobody looks at a bar
    # Pytest takes three times as long to start with all plugins and what tests/lean stands for.
    own |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "nbval.plugin"}
    given = settings.get("PYTHONPATH") or kept.get("PYTHONPATH")
    paths = os.pathsep.join(filter(None, [given, str(ROOT / "tests" / "lean")]))
    return kept | own | settings | {"PYTHONPATH": paths}


def execute(notebook: NotebookNode, folder: Path, environment: dict[str, str]) -> None:
    """Run `notebook` in place from `folder`, on a kernel of this Python.

    Raises CellExecutionError or DeadKernelError.
    """
    for cell in code_cells(notebook):
        cell.execution_count = None
    with TemporaryDirectory() as sockets:
        # No port that another kernel may take meanwhile.
        own = {"transport": "ipc", "ip": f"{sockets}/kernel"} if os.name == "posix" else {}
        client = NotebookClient(
            notebook,
            km=AsyncKernelManager(kernel_name=CURRENT_ENV_KERNEL_NAME,
                                  kernel_spec_manager=NbvalKernelspecManager(), **own),
            startup_timeout=600,
            timeout=600,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)
        except DeadKernelError as error:
            last = next(cell for cell in code_cells(notebook) if cell.execution_count is None)
            raise DeadKernelError(f"the kernel died in the cell\n{last.source}") from error


def normalize(notebook: NotebookNode) -> str:
    """The one text in which a notebook is stored.

    Its keys are sorted, it ends in one newline, and it holds no timings, versions or view states.
    """
    own = {"metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    notebook = nbformat.from_dict(notebook | own)
    for cell in notebook.cells:
        cell.metadata = {name: value for name, value in cell.metadata.items()
                         if name in ("jupyter", "tags")}
        if "outputs" in cell:  # a widget without its kernel cannot be shown
            cell.outputs = [output for output in cell.outputs
                            if WIDGET_VIEW not in output.get("data", ())]
    return nbformat.writes(notebook).rstrip("\n") + "\n"


class Run(NamedTuple):
    """What `pytest --nbval` made of notebooks: its exit code, and what it complains of, by cell."""

    exit_code: int
    complaints: dict[str, str | None]
    seconds: dict[str, float]
    screen: str

    @property
    def red(self) -> dict[str, str]:
        """The complaints alone."""
        return {name: text for name, text in self.complaints.items() if text is not None}


def nbval(folder: Path, notebooks: dict[str, str], *options: str, **settings: str) -> Run:
    """Run `pytest --nbval notebooks` at the root of a copy of this checkout, made in `folder`.

    Cells are named as in "svm.ipynb Cell 3".  `settings` are environment variables; the number of
    threads is 1 unless they say otherwise, since several kernels share the processors.
    """
    (folder / "notebooks").mkdir()
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name, text in notebooks.items():
        (folder / "notebooks" / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", *(options or ("--nbval",)), "notebooks",
               "--junitxml=report.xml"]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = clean_environment(folder, **one_thread | settings)
    run = subprocess.run([*command, "--color=no"], cwd=folder, env=environment,
                         capture_output=True, text=True, check=False)
    screen = run.stdout + run.stderr
    assert (folder / "report.xml").exists(), screen
    return Run(run.returncode, *complaints(folder / "report.xml"), screen)


def complaints(report: Path) -> tuple[dict[str, str | None], dict[str, float]]:
    """The failure, error or skip of each test case in a JUnit report, and the seconds it took."""
    found, seconds = {}, {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')} {case.get('name')}".strip().removeprefix("notebooks.")
        found[name] = case[0].text or case[0].get("message") if len(case) else None
        seconds[name] = float(case.get("time"))
    return found, seconds
