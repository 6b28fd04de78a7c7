"""What makes `pytest --nbval notebooks` worth trusting.

nbval alone takes the kernel that a notebook names, waits 2,000 s for a dead one,
and compares nothing where a notebook was saved without outputs.  Here every
notebook runs on the Python that runs pytest, apart from the student's settings
and progress; a dead kernel is noticed within seconds; and, where stored outputs
are compared, a notebook that does not hold them all is refused.
"""
import os
from collections.abc import Callable, Generator, Iterator
from functools import partial
from math import inf
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

NBVAL_TIMEOUT, OUR_TIMEOUT = 2000, 300
HEARTBEAT = 1.0


def pytest_configure(config: pytest.Config) -> None:
    """Set nbval's options, as far as the command line did not."""
    if config.option.nbval_cell_timeout == NBVAL_TIMEOUT:
        config.option.nbval_cell_timeout = OUR_TIMEOUT
    config.option.nbval_current_env = config.option.nbval_kernel_name is None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list, list]:
    """Put a guarded notebook in the place of each of nbval's."""
    found = yield
    return [Notebook.from_parent(parent, path=file_path) if isinstance(node, IPyNbFile) else node for node in found]


class Notebook(IPyNbFile):
    """nbval's notebook, with its gaps closed."""

    def collect(self) -> Iterator[IPyNbCell]:
        """The code cells; CollectError, in one sentence, when their outputs cannot be compared."""
        cells = list(super().collect())
        flaws = [f"{cell.name}, which {flaw}" for cell in cells if (flaw := flaw_of(cell))]
        if self.compare_outputs and flaws:
            raise self.CollectError(
                f"{self.path.name} holds no output to compare with in {len(flaws)} of {len(cells)} code cells, the "
                f"first being {flaws[0]}; run all cells and save the notebook, or use --nbval-lax to compare nothing."
            )
        return iter(cells)

    def setup(self) -> None:
        """Start the kernel in an environment of its own: cartoons where outputs are compared, progress thrown away."""
        self.scratch = TemporaryDirectory(ignore_cleanup_errors=True)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("CS231N_LITE_PROGRESS", f"{self.scratch.name}/progress.json")
            environment.setenv("TQDM_DISABLE", "1")
            environment.setenv("IPYTHONDIR", f"{self.scratch.name}/ipython")
            if self.compare_outputs:
                environment.setenv("CS231N_LITE_DATA", "cartoon")
            if os.name == "posix":  # sockets in a folder of its own: no port that another kernel may take meanwhile
                own_sockets = partial(KernelManager, transport="ipc", ip=f"{self.scratch.name}/kernel")
                environment.setattr("nbval.kernel.KernelManager", own_sockets)
            super().setup()
        self.kernel.get_message = watched(self.kernel)

    def teardown(self) -> None:
        """Stop the kernel and forget what it kept."""
        super().teardown()
        self.scratch.cleanup()


def flaw_of(cell: IPyNbCell) -> str | None:
    """What keeps a cell from being compared, if anything: nbval skips one that was never run."""
    if cell.cell.source.strip() and cell.cell.get("execution_count") is None:
        return "was not run"
    if any(output.output_type == "error" for output in cell.cell.outputs):
        return "ended in an error"
    return None


def watched(kernel: RunningKernel) -> Callable:
    """The kernel's own get_message(stream, timeout), which raises RuntimeError soon after the kernel has died."""
    wait = kernel.get_message

    def get_message(stream: str, timeout: float | None = None) -> dict:
        end = monotonic() + (inf if timeout is None else timeout)
        while True:
            try:
                return wait(stream, timeout=max(0, min(HEARTBEAT, end - monotonic())))
            except Empty:
                if not kernel.is_alive():
                    raise RuntimeError("the kernel died while it ran this cell") from None
                if monotonic() >= end:
                    raise

    return get_message
