"""The guard in conftest.py: what turns `pytest --nbval notebooks` red, shown on toy notebooks."""
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from notebook_runs import ROOT, WIDGET_VIEW, Run, clean_environment, execute, nbval, normalize


def value(text: str) -> list:
    """The outputs of a cell that ends in a value, shown as `text`."""
    return [new_output("execute_result", {"text/plain": text}, execution_count=1)]


def toy(*cells: tuple[str, Iterable], run: bool = True, tags: Iterable[str] = ()) -> str:
    """The text of a notebook of (source, outputs), as saved after a run or before.

    The tags are the last cell's.
    """
    notebook = new_notebook(cells=[
        new_code_cell(source, id=f"cell-{i}", outputs=list(outputs),
                      execution_count=i + 1 if run else None)
        for i, (source, outputs) in enumerate(cells)
    ])
    notebook.cells[-1].metadata["tags"] = list(tags)
    return normalize(notebook)


def changed(text: str, change: Callable[[list], object]) -> str:
    """The text of a notebook after `change` was made to its list of cells."""
    notebook = nbformat.reads(text, as_version=4)
    change(notebook.cells)
    return normalize(notebook)


ERROR = [new_output("error", ename="NameError", evalue="x", traceback=[])]
ASKS = {
    "import os, sys": [],
    "os.environ['CS231N_LITE_DATA']": value("'cartoon'"),
    "sys.flags.optimize": value("0"),
    "len(os.environ['CS231N_LITE_PROGRESS']) > len('mine')": value("True"),
    "import hashlib": [],
    "hashlib.sha256(sys.executable.encode()).hexdigest()":
        value(repr(sha256(sys.executable.encode()).hexdigest())),
    "object()": value("<object at 0x1>"),
    "import warnings; warnings.warn('of the student')": [new_output(
        "stream", name="stderr", text="/var/T/ipykernel_1/2.py:1: UserWarning: of the student\n"
                                      "  import warnings; warnings.warn('of the student')\n")],
}
FIND = ("import gc, os, signal\n"
        "kernel, = (x for x in gc.get_objects() if type(x).__name__ == 'IPythonKernel')\n")
DIES_LATE = FIND + ("kernel.shell_handlers['kernel_info_request'] = "
                    "lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n3")
MUTE = FIND + "setattr(kernel.shell, '_showtraceback', lambda *_: None)"
TOYS = {
    "sound.ipynb": toy(*ASKS.items(), ("", [])).replace('"python3"', '"of another Python"'),
    "changed.ipynb": toy(("x = 1", []), ("x + 1", value("3")), ("x + 2", [])),
    "never-run.ipynb": toy(("x = 1", []), ("x + 1", []), run=False),
    "broken.ipynb": toy(("x = 1", []), ("x", ERROR)),
    "dies-late.ipynb": toy(("x = 1", []), ("x", value("1")), (DIES_LATE, value("3"))),
    "mute.ipynb": toy(("x = 1", []), ("x", value("1")), (MUTE, []), ("undefined", [])),
    "deadly.ipynb": toy(("x = 1", []),
                        ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", []),
                        ("x", value("1"))),
}
SOUND = toy(("x = 1", []), ("x + 1", value("2")), ("x + 2", value("3")))
TOYS["torn.ipynb"] = SOUND[:200]
TOYS["transformed.ipynb"] = toy(
    ("async def one():\n    'The number.'\n    return f'{1}'", []),
    ("%matplotlib inline\nint(await one())", value("1")),
    ("from traitlets.config import Application\nshell = Application.instance().shell", []),
    ("shell.input_transformers_post.append(lambda lines: ['pass' if line == 'assert 1 == 2\\n' "
     "else line for line in lines])", []),
    ("assert 1 == 2", []),
    ("import ast\nclass Passing(ast.NodeTransformer):\n"
     "    def visit_Assert(self, node):\n        return ast.parse('pass').body[0]", []),
    ("import IPython.core.interactiveshell as of\n"
     "of.InteractiveShell.instance().ast_transformers.append(Passing())", []),
    ("assert 1 == 3", []),
    ("shell.input_transformers_cleanup.append(lambda lines: lines[:1])", []),
    ("x = 1\nassert x == 2", []),
)
DEAF = """
import signal, time
caught = []
signal.signal(signal.SIGINT, lambda *_: caught.append(1))
while {until}:
    time.sleep(0.1)
    {also}
"""
LATE = {  # cells that take longer than they may, and do not mind being interrupted
    f"{name}.ipynb": toy((DEAF.format(until=until, also=also), []), ("1", value("1")))
    for name, until, also in [("ends-well", "not caught", "pass"), ("never-ends", "True", "pass"),
                              ("babbles", "True", "print()")]
}
WIDGET = toy(("w", value("x"))).replace('"text/plain"', f'"{WIDGET_VIEW}"')
HIDDEN = {  # what may hide an error, in a cell that would be green
    "a try": "try:\n    undefined\nexcept NameError:\n    pass\n3",
    "a bare try": "def f():\n    try:\n        undefined\n    finally:\n        return 3\nf()",
    "a try star": "try:\n    undefined\nexcept* NameError:\n    pass\n3",
    "suppress": "from contextlib import suppress\nwith suppress(NameError):\n    undefined\n3",
    "suppress by another name":
        "from contextlib import suppress as s\nwith s(NameError):\n    undefined\n3",
    "suppress of a module":
        "import contextlib\nwith contextlib.suppress(NameError):\n    undefined\n3",
    "a context of its own": "class C:\n    __enter__ = id\n    def __exit__(*_): return 1\n"
                            "with C():\n    undefined\n3",
    "a shell": "!false\n3",
    "a captured shell": "_ = !false\n3",
    "a capture": "%%capture\nundefined",
    "a script": "%%script --no-raise-error false\n3",
    "a shell in a magic": "%sx false",
    "a shell in a magic without its sign": "sx false",
    "a line that is no Python": "x = = 1",
    "a child": "import subprocess\nsubprocess.run('false')\n3",
    "a child by another name": "from subprocess import run\nrun('false')\n3",
    "a pipe": "import os\nos.popen('false')\n3",
    "a pool": "from concurrent.futures import ThreadPoolExecutor\n"
              "ThreadPoolExecutor().submit(lambda: undefined)\n3",
    "a gathering": "import asyncio\nasync def f(): undefined\n"
                   "await asyncio.gather(f(), return_exceptions=True)\n3",
    "a task": "import asyncio\nasync def f(): undefined\n_ = asyncio.ensure_future(f())\n3",
    "a stack": "from contextlib import ExitStack\nwith ExitStack() as s:\n"
               "    s.push(lambda *_: 1)\n    undefined\n3",
    "an expected error": "import pytest\nwith pytest.raises(NameError):\n    undefined\n3",
    "an asserted error":
        "import numpy as np\nwith np.testing.assert_raises(NameError):\n    undefined\n3",
    "an expression for the user": "get_ipython().user_expressions({'x': 'undefined'})\n3",
    "a shell that shows nothing": "get_ipython()._showtraceback = print\n3",
    "a shell that forgets": "get_ipython().ast_transformers.append(None)\n3",
    "a shell by another name":
        "from IPython import get_ipython as g\ng().input_transformers_cleanup.append(id)\n3",
    "code in a string": "exec('try:\\n    undefined\\nexcept NameError: pass')\n3",
    "an end": "import os\nos._exit(0)",
    "an exit": "exit()",
    "an exit of the system": "import sys\nsys.exit()",
}
FOREIGN = ["open('/data.bin')", "np.load('/mnt/x/y.npy')", "'/tmp'", "'~/cifar'", "'file:///x'",
           r"r'C:\Users\me'", "'D:/a/b'", "np.load('c:/Users2/b.npy')", "'D:/cifar.npz'",
           r"'d:\cifar.npz'", r"open(r'\\server\share\x')",
           "# cache:/srv/me/x", "# see cd -q /etc", "# PATH=/mnt/x"]
INNOCENT = [r"C:\Temp\ipykernel_1\2.py:3: x", "/var/1x/T/ipykernel_1/2.py:3: UserWarning",
            "a / b", "1/10", "x/y/z", "'https://a.org/srv/me/x'", "'http://localhost:8888/tree/x'",
            "'//a.org/x/y'", "r'\\frac{a}{b}'", r"'\\n'", "'</div>'", "'A: b/c'", "'and/or'",
            "{'a':1/x}", "x[:, 0]/y", "'C:'", "'s3://b/c'"]
FLAWED = {
    "with an error": (toy(("x = 1", []), ("x", ERROR)), "Cell 1 ended in an error"),
    "skipped": (toy(("1", value("1")), ("x", value("2")), tags=["nbval-skip"]),
                "Cell 1 asks to be skipped"),
    "skipped by a comment": (toy(("1", value("1")), ("# NBVAL_SKIP\nx", [])),
                             "Cell 1 asks to be skipped"),
    "may raise": (toy(("1", value("1")), ("x", []), tags=["raises-exception"]),
                  "or may raise an exception"),
    "may raise for nbval": (toy(("1", value("1")), ("x", []), tags=["nbval-raises-exception"]),
                            "may raise"),
    "may raise by a comment": (toy(("1", value("1")), ("# NBVAL_RAISES_EXCEPTION\nx", [])),
                               "may raise"),
    "ignored and empty": (toy(("1", value("1")), ("2", []), tags=["nbval-ignore-output"]),
                          "and none is stored"),
    "ignored by a comment": (toy(("1", value("1")), ("# NBVAL_IGNORE_OUTPUT\n2", [])),
                             "and none is stored"),
    "nothing compared": (toy(("2", value("2")), tags=["nbval-ignore-output"]),
                         "no output that is compared"),
    "no outputs": (toy(("x = 1", []), ("x += 1", [])), "no output that is compared"),
    "only a picture": (toy(("x", [new_output("display_data", {"image/png": "aGk="})])),
                       "Cell 0 shows a picture that cannot be compared"),
    "a picture of another kind":
        (toy(("1", value("1")), ("x", [new_output("display_data", {"image/jpeg": "aGk="})])),
         "Cell 1 shows a picture that cannot be compared"),
    "only a widget": (WIDGET, "no output that is compared"),
    "an output of nothing": (toy(("1", value("1")), ("", value("2"))),
                             "Cell 1 has outputs, but no source"),
    "no cells": (changed(SOUND, list.clear), "no output that is compared"),
    "raw": (changed(SOUND, lambda cells: cells.append(new_raw_cell("undefined", id="raw"))),
            "'raw' is raw, so that it is not run"),
} | {
    kind: (changed(SOUND, lambda cells, kind=kind: cells[2].update(cell_type=kind)),
           f"'cell-2' is {kind}")
    for kind in ("Code", "heading", "unknown")
} | {
    f"hides by {name}": (toy(("1", value("1")), (source, value("3"))), "which may hide an error")
    for name, source in HIDDEN.items()
} | {
    f"foreign {i}": (toy((source, value("3"))), "absolute path")
    for i, source in enumerate(FOREIGN)
} | {
    "foreign output": (toy(("x", value("'/mnt/me/x'"))), "absolute path '/mnt/me/x'"),
    "foreign print":
        (toy(("x", [new_output("stream", text="found /srv/data/x")]), ("1", value("1"))),
         "/srv/data/x"),
    "foreign colours":
        (toy(("x", [new_output("stream", text="\x1b[32m/srv/me/x\x1b[0m")]), ("1", value("1"))),
         "'/srv/me/x'"),
    "foreign picture":
        (toy(("x", [new_output("display_data", {"image/svg+xml": "<a href='/srv/me/x'/>"})])),
         "'/srv/me/x'"),
    "foreign structure":
        (toy(("x", [new_output("display_data", {"application/json": {"a": ["/srv/me/x"]}})])),
         "'/srv/me/x'"),
    "foreign metadata":
        (SOUND.replace('"kernelspec"', '"papermill": {"input_path": "/srv/me/x"}, "kernelspec"'),
         "the notebook holds the absolute path '/srv/me/x'"),
    "foreign metadata of a cell":
        (changed(SOUND, lambda cells: cells[0].metadata.update(tags=["/srv/me/x"])),
         "cell 'cell-0' holds the absolute path '/srv/me/x'"),
    "foreign prose":
        (changed(SOUND, lambda cells: cells.append(new_markdown_cell("see /srv/me/x", id="see"))),
         "cell 'see' holds the absolute path '/srv/me/x'"),
}


@pytest.fixture(scope="module")
def late_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The toys that take too long."""
    return nbval(tmp_path_factory.mktemp("late"), LATE, "--nbval", "--nbval-cell-timeout=2")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All other toys in one strict run, whose caller has settings of her own.

    The flawed ones have numbers for names, so that none is the beginning of another.
    """
    flawed = {f"{i:02}.ipynb": text for i, (text, _) in enumerate(FLAWED.values())}
    return nbval(tmp_path_factory.mktemp("strict"), TOYS | flawed, "--nbval",
                 "--continue-on-collection-errors",
                 CS231N_LITE_DATA="/elsewhere", CS231N_LITE_PROGRESS="mine", PYTHONOPTIMIZE="1")


def about(run: Run, notebook: str) -> dict[str, str]:
    """The complaints on one notebook."""
    return {name: text for name, text in run.red.items() if name.startswith(notebook)}


def test_a_notebook_that_does_as_it_did_is_green_whatever_the_caller_has_set(strict):
    # It asks for this Python with asserts, the cartoons and a progress of its own.
    assert {f"sound.ipynb Cell {i}" for i in range(len(ASKS) + 1)} <= strict.complaints.keys()
    assert not about(strict, "sound.ipynb")


def test_a_changed_output_and_a_missing_one_are_red(strict):
    assert list(about(strict, "changed.ipynb")) == ["changed.ipynb Cell 1", "changed.ipynb Cell 2"]


def test_a_notebook_saved_without_having_been_run_is_refused_in_one_sentence(strict):
    assert about(strict, "never-run.ipynb") == {
        "never-run.ipynb": "never-run.ipynb was saved in the middle of work: its code cell 1 has "
                           "not been run, but outputs are compared with those of one run from top "
                           "to bottom; choose Kernel > Restart Kernel and Run All Cells, save, and "
                           "try again, or let `make grade` judge the work as it is."}


@pytest.mark.parametrize("change, state", [
    (lambda cells: None, None),
    (lambda cells: cells[1].update(execution_count=None), "its code cell 2 has not been run"),
    (lambda cells: cells[1].update(execution_count=7), "its code cell 2 bears [7] instead of [2]"),
    (list.reverse, "its code cell 1 bears [3] instead of [1]"),
    (lambda cells: cells[2].update(execution_count=2), "its code cell 3 bears [2] instead of [3]"),
    (lambda cells: cells.insert(1, new_code_cell("", id="empty")), None),
], ids=["once", "one never", "out of order", "upside down", "twice", "with an empty one"])
def test_what_shows_that_a_notebook_is_work_in_progress_is_said_with_its_cell(change, state):
    unfinished = runpy.run_path(str(ROOT / "conftest.py"))["unfinished"]
    cells = nbformat.reads(changed(SOUND, change), as_version=4).cells
    assert unfinished([SimpleNamespace(cell=cell) for cell in cells]) == state


@pytest.mark.parametrize("number, name", list(enumerate(FLAWED)))
def test_a_notebook_that_could_be_green_for_nothing_is_red(strict, number, name):
    file = f"{number:02}.ipynb"
    text, = about(strict, file).values()
    assert text.startswith(f"{file} could be green for nothing: ") and "\n" not in text
    assert FLAWED[name][1] in text


def gather(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """Let pytest collect notebooks in `folder`, and run none."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=folder, env=clean_environment(folder), capture_output=True,
                          text=True, check=False)


@pytest.mark.slow
def test_notebooks_that_pytest_passes_over_are_named_where_outputs_are_compared(tmp_path):
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    notebooks = tmp_path / "notebooks"
    lost = [notebooks / name
            for name in ("build/a.ipynb", "b.IPYNB", "folder.ipynb", "ignored.ipynb", "link.ipynb")]
    for path in (notebooks / ".ipynb_checkpoints/sound.ipynb", notebooks / "sound.ipynb",
                 lost[0], lost[1], lost[3]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOUND)
    lost[2].mkdir()
    lost[4].symlink_to("nowhere")
    (notebooks / "conftest.py").write_text("collect_ignore_glob = ['ign*']")
    run = gather(tmp_path, "--nbval", "notebooks")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: pytest passes over {', '.join(sorted(map(str, lost)))}: " in run.stderr
    asked = "notebooks/sound.ipynb", "notebooks/sound.ipynb::Cell 1"
    assert gather(tmp_path, "--nbval", *asked).returncode == 0
    assert gather(tmp_path, "--nbval-lax", "notebooks").returncode == 0


def test_addresses_fractions_and_formulas_are_no_absolute_paths():
    guard = runpy.run_path(str(ROOT / "conftest.py"))
    assert {text: found for text in INNOCENT if (found := guard["ABSOLUTE"].findall(text))} == {}


def test_the_magics_that_most_notebooks_begin_with_hide_nothing():
    hides_errors = runpy.run_path(str(ROOT / "conftest.py"))["hides_errors"]
    assert hides_errors("%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nx = 1") is None
    assert hides_errors("%matplotlib inline\n%load_ext other")
    assert hides_errors("%matplotlib inline; !false")


def test_a_cell_is_red_in_whose_place_something_else_ran(strict):
    complaints = about(strict, "transformed.ipynb")
    assert {cell[-6:]: re.search("ran .* says .*?:", text)[0] for cell, text in complaints.items()
            } == {"Cell 4": "ran `pass` where the cell says `assert 1 == 2`:",
                  "Cell 7": "ran `pass` where the cell says `assert 1 == 3`:",
                  "Cell 9": "ran `nothing` where the cell says `assert x == 2`:"}


def test_a_file_that_is_no_notebook_is_red(strict):
    assert "torn.ipynb" in strict.red


def test_a_dead_kernel_is_named_with_its_cell_long_before_the_cell_s_time_is_over(strict):
    complaints = about(strict, "deadly.ipynb")
    assert list(complaints) == ["deadly.ipynb Cell 1", "deadly.ipynb Cell 2"]
    assert "the kernel died while it ran this cell" in complaints["deadly.ipynb Cell 1"]
    assert strict.seconds["deadly.ipynb Cell 1"] < 150  # of 300


def test_a_kernel_that_dies_right_after_the_last_cell_is_noticed(strict):
    assert list(about(strict, "dies-late.ipynb")) == ["dies-late.ipynb Cell 2"]
    assert "the kernel died" in about(strict, "dies-late.ipynb")["dies-late.ipynb Cell 2"]


def test_an_error_that_does_not_show_is_red(strict):
    complaints = about(strict, "mute.ipynb")
    assert list(complaints) == ["mute.ipynb Cell 3"]
    assert "ended in an error that it did not show" in complaints["mute.ipynb Cell 3"]


@pytest.mark.slow
@pytest.mark.parametrize("name, complaint", [
    ("ends-well", "took longer than 2 seconds"),
    ("never-ends", "this cell took too long, and would not stop"),
    ("babbles", "this cell took too long, and would not stop"),
])
def test_a_cell_that_takes_too_long_is_red_though_it_is_deaf_to_interrupts(
        late_run, name, complaint):
    assert complaint in about(late_run, name)[f"{name}.ipynb Cell 0"]


IGNORED, NEAR, WORDLESS = ([], ["nbval-near-numbers"], ["nbval-ignore-words"])
PICTURE = "plots.Picture(ax.figure, 'a picture')"
SHOWN = {  # (the cell as it is stored, as it is run, its tags but for nbval's, the complaint)
    "a missing bar": ("ax.bar(['cat', 'dog', 'ship'], [1, 2, 3])", "ax.bar(['cat', 'dog'], [1, 2])",
                      None, "axes[0].patches holds `2` where `3` is stored"),
    "a wrong curve": ("ax.plot([0, 1, 2], [0, 1, 4])", "ax.plot([0, 1, 2], [0, 1, 8])",
                      None, "axes[0].lines[0] y holds `0 1 8` where `0 1 4` is stored"),
    "another font": ("ax.set_title('x')", "ax.set_title('x', fontsize=20)", None, None),
    "a missing bar, trained": ("ax.bar([0, 1, 2], [1, 2, 3])", "ax.bar([0, 1], [1, 2])", IGNORED,
                               "axes[0].patches holds `2` where `3` is stored"),
    "a curve, trained": ("ax.plot([0, 1, 2], [0, 1, 4])", "ax.plot([0, 1, 2], [0, 1, 8])",
                         IGNORED, None),
    "a curve backwards": ("ax.plot([9, 5, 2, 1])", "ax.plot([1, 2, 5, 9])", IGNORED,
                          "axes[0].lines[0] y holds `1 2 5 9` where `9 5 2 1` is stored"),
    "a curve far off": ("ax.plot([9, 5, 2])", "ax.plot([9, 5, 4])", NEAR, "axes[0].lines[0] y"),
    "a curve near": ("ax.plot([9, 5, 2])", "ax.plot([9.1, 4.9, 2.1])", NEAR, None),
    "shown by Matplotlib": ("ax.plot([1, 2]); plt.show()", "ax.plot([2, 1]); plt.show()", None,
                            "axes[0].lines[0] y holds `2 1` where `1 2` is stored"),
    "a time": ("f'{time():.1f} s'", "f'{2 * time():.1f} s'", IGNORED, None),
    "another text": ("f'{time():.1f} s'", "f'{time():.1f} ms'", IGNORED, "it says `'"),
    "a print less": ("print(time())", "pass", IGNORED,
                     "it shows nothing where print is stored"),
    "a print for a value": ("time()", "print(time())", IGNORED,
                            "it shows print where text/plain is stored"),
    "nan": ("[time()]", "[float('nan')]", IGNORED, "it says `[nan]`"),
    "wrong answers counted": ("np.mean([1, 1, 0]).item()", "np.mean([0, 0, 1]).item()", NEAR,
                              "it says `0.3333333333333333`"),
    "a warning": ("time()", "import sys\nprint('!', file=sys.stderr)\ntime()", IGNORED, None),
    "other words": ("'dog'", "'cat'", WORDLESS, None),
    "no words": ("'dog'", "None", WORDLESS, "it shows nothing where text/plain is stored"),
}
PREPARE = ("from time import time\nimport matplotlib.pyplot as plt\nimport numpy as np\n"
           "from cs231n_lite import plots\nfrom cs231n_lite.exercises import check\n"
           "plt.rcParams['figure.figsize'] = 2, 2")


def drawing(line: str) -> str:
    """A cell that draws by a line, or says something."""
    start, end = "_, ax = plt.subplots()\n", "" if line.endswith("show()") else f"\n{PICTURE}"
    return f"{start}{line}{end}" if line.startswith("ax.") else line


@pytest.mark.slow
def test_a_cell_is_red_that_shows_what_no_machine_and_no_moment_does(tmp_path):
    cells = [(PREPARE, []), *((drawing(before), []) for before, *_ in SHOWN.values()), ("1", [])]
    stored = nbformat.reads(toy(*cells), as_version=4)
    for cell, (_, _, tags, _) in zip(stored.cells[1:], SHOWN.values()):
        cell.metadata["tags"] = [] if tags is None else ["nbval-ignore-output", *tags]
    execute(stored, tmp_path, clean_environment(tmp_path))
    same = normalize(stored)
    for cell, (_, now, _, _) in zip(stored.cells[1:], SHOWN.values()):
        cell.source = drawing(now)
    run = nbval(tmp_path, {"same.ipynb": same, "other.ipynb": normalize(stored)})
    assert not about(run, "same.ipynb")
    found = {name: about(run, f"other.ipynb Cell {i}").get(f"other.ipynb Cell {i}")
             for i, name in enumerate(SHOWN, start=1)}
    expected = {name: complaint for name, (*_, complaint) in SHOWN.items()}
    assert {name for name in SHOWN if found[name]} == {name for name in SHOWN if expected[name]}
    assert {name: text for name, text in found.items() if text and
            f"does not show what is stored, since {expected[name]}" not in text} == {}


@pytest.mark.slow  # test_grade.py has lax runs in the fast tier
def test_a_lax_run_compares_nothing_and_takes_the_data_that_the_caller_named(tmp_path):
    named = toy(("import os\nassert os.environ['CS231N_LITE_DATA'] == '/elsewhere'", []),
                ("1", []), run=False)
    run = nbval(tmp_path, {"named.ipynb": named}, "--nbval-lax", CS231N_LITE_DATA="/elsewhere")
    assert (run.exit_code, run.complaints) == (
        0, {"named.ipynb Cell 0": None, "named.ipynb Cell 1": None})


@pytest.mark.parametrize("given, used", [(2000, 300), (7, 7)])
def test_a_cell_may_take_300_seconds_unless_the_caller_says_otherwise(pytestconfig, given, used):
    guard = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    option = SimpleNamespace(nbval_cell_timeout=given, nbval_kernel_name=None)
    guard.pytest_configure(SimpleNamespace(option=option))
    assert option.nbval_cell_timeout == used
