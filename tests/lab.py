"""A real JupyterLab for tests and benchmarks, on this machine alone, with nothing of its user's."""
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat.v4
from browser import Watch
from notebook_runs import METADATA, ROOT
from playwright.sync_api import Locator, Page, expect

NO_NEWS = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
PATIENCE = 300  # seconds
PACKAGE = f"{ROOT / 'cs231n_lite'}{os.sep}"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A JupyterLab with its home in `folder`, gone at the end: a notebook's address, less its name.

    Each notebook opens in a workspace of its own, for JupyterLab restores the tabs of the last.
    """
    config, runtime, token = folder / "config", folder / "runtime", secrets.token_hex(16)
    (config / "labconfig").mkdir(parents=True)
    (config / "labconfig" / "page_config.json").write_text(json.dumps(NO_NEWS))
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "IPYTHON", "PYTEST_"))}
    own = {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(config),
           "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_DATA_DIR": str(folder / "data"),
           "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
               "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
               f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=kept | own, stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log)
    try:
        yield f"{address_of(server, runtime)}lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait()


def address_of(server: subprocess.Popen, runtime: Path) -> str:
    """Where the server listens, once it does and has said so to the end."""
    record = runtime / f"jpserver-{server.pid}.json"
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(record.read_text())["url"]
        assert server.poll() is None and time.monotonic() < end, "JupyterLab does not start"
        time.sleep(0.1)


def failures(log: str) -> list[str]:
    """The exceptions whose tracebacks in a log lead through the package.

    Lab has others of its own: it may ask twice for a notebook's kernel and interrupt one of them at
    its start, whatever comes of that; and a page may be closed while its kernel still speaks.
    """
    shown = re.findall(r"^( *)Traceback .*\n((?:\1 .*\n)*)\1(\S.*)", log, re.MULTILINE)
    return [exception for _, lines, exception in shown if PACKAGE in lines]


class OpenNotebook:
    """A notebook in a tab of JupyterLab, with a cell for each source."""

    def __init__(self, page: Page, address: str, folder: Path, *sources: str) -> None:
        self.page, self.watch = page, Watch(page)
        self.path = folder / f"{secrets.token_hex(4)}.ipynb"
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), self.path)
        # Who runs a cell before its kernel is there is asked for one, though it is about to come.
        page.add_locator_handler(page.locator("dialog.jp-Dialog"),
                                 lambda: page.keyboard.press("Escape"))
        page.goto(address.format(self.path.stem))
        self.cells = page.locator(".jp-CodeCell")
        idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first
        expect(idle).to_be_attached(timeout=1000 * PATIENCE)

    def run(self, i: int) -> Locator:
        """Run a cell for the first time, wait until it is done, and return its output."""
        cell = self.cells.nth(i)
        prompt = cell.locator(".jp-InputPrompt").first
        end = time.monotonic() + PATIENCE
        # Lab drops what comes too early.
        while not re.search(r"[*\d]", prompt.inner_text()) and time.monotonic() < end:
            cell.locator(".jp-InputArea-editor").click()
            self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(500)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=1000 * PATIENCE)
        return cell.locator(".jp-OutputArea-output")
