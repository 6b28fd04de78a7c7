"""The stored outputs come out again, to the letter, wherever the notebooks run.

What is compared is run; of the rest, which takes most of the time, only what those cells need.
"""
import ast
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_runs import (
    ROOT,
    clean_environment,
    code_cells,
    committed_notebooks,
    complaints,
    nbval,
    normalize,
)

pytestmark = pytest.mark.slow
# In each of the two environments; so six, or twenty, runs in a row.
TURNS = [3, pytest.param(10, marks=pytest.mark.everything)]
VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE", "TZ", "LC_ALL",
             "COLUMNS", "PYTHONHASHSEED")
ENVIRONMENTS = [dict(zip(VARIABLES, values, strict=True)) for values in [
    ("1", "1", "Haswell", "America/St_Johns", "tr_TR.UTF-8", "20", "random"),
    ("2", "2", "Sandybridge", "Asia/Kathmandu", "C", "1000", "random"),
]]


def names(source: str, kind: type[ast.expr_context]) -> set[str]:
    """The names that a cell binds, for ast.Store, or reads, for ast.Load."""
    nodes = list(ast.walk(ast.parse(source)))
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}
    if kind is ast.Store:
        found |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        found |= {(node.asname or node.name).split(".")[0]
                  for node in nodes if isinstance(node, ast.alias)}
    return found


def compared_part(notebook: NotebookNode) -> NotebookNode:
    """The code cells whose outputs are compared, and all those that bind a name that these read."""
    kept, needed = [], set()
    for cell in reversed(code_cells(notebook)):
        is_compared = "nbval-ignore-output" not in cell.metadata.get("tags", ())
        if is_compared or names(cell.source, ast.Store) & needed:
            kept.insert(0, cell)
            needed |= names(cell.source, ast.Load)
    for number, cell in enumerate(kept, start=1):
        cell.execution_count = number
    notebook.cells = kept
    return notebook


PARTS = {name: normalize(compared_part(nbformat.reads(text, as_version=4)))
         for name, text in committed_notebooks().items()}


CHEAPEST = min(PARTS, key=lambda name: PARTS[name].count("nbval-ignore-output"))


@pytest.mark.parametrize("turns", TURNS)
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment["TZ"])
def test_outputs_are_the_same_over_threads_processors_time_zones_locales_widths_and_many_runs(
        environment, turns, tmp_path):
    again = {f"{turn}-{CHEAPEST}": PARTS[CHEAPEST] for turn in range(1, turns)}
    run = nbval(tmp_path, PARTS | again, **environment)
    assert (run.exit_code, run.red) == (0, {}), run.screen


@pytest.fixture
def alone() -> list[str]:
    """The start of a command without a network, and without root's right to write everywhere."""
    as_root = [] if os.name == "posix" and os.geteuid() == 0 else ["-r"]
    command = ["unshare", *as_root, "--net", "setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    exist = all(map(shutil.which, ("unshare", "setpriv")))
    if not exist or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("a network of its own cannot be given to a command here")
    return command


def test_the_checkout_may_be_read_only_home_absent_and_the_network_gone(alone, tmp_path):
    checkout, scratch = tmp_path / "checkout", tmp_path / "scratch"
    scratch.mkdir()
    shutil.copytree(ROOT / "cs231n_lite", checkout / "cs231n_lite",
                    ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "datasets").mkdir()
    (checkout / "notebooks").mkdir()
    for name in ("conftest.py", "pyproject.toml", "get_datasets.sh"):
        shutil.copy(ROOT / name, checkout)
    for name, text in PARTS.items():
        (checkout / "notebooks" / name).write_text(text, encoding="utf-8")
    before = sorted(checkout.rglob("*"))
    environment = clean_environment(scratch, PYTHONPATH=str(checkout), HOME=f"{os.devnull}/home",
                                    TMPDIR=str(scratch))
    for name in ("CS231N_LITE_PROGRESS", "IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME",
                 "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    command = [*alone, sys.executable, "-m", "pytest", "--nbval", "notebooks",
               f"--junitxml={scratch}/report.xml"]
    read_only = ["find", str(checkout), "-exec", "chmod", "a-w", "{}", "+"]
    subprocess.run(read_only, check=True)
    run = subprocess.run(command, cwd=checkout, env=environment, check=False,
                         capture_output=True, text=True)
    found, _ = complaints(scratch / "report.xml")
    red = {name for name, text in found.items() if text}
    assert (run.returncode, red) == (0, set()), run.stdout
    assert sorted(checkout.rglob("*")) == before
    subprocess.run(["chmod", "-R", "u+w", str(checkout)], check=True)
