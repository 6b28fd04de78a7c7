"""The commands of the Makefile, tried in a folder of their own with a stand-in for Python.

The stand-in installs nothing and writes down what it is asked for; only the last test starts
JupyterLab itself.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKE = shutil.which("make")
pytestmark = pytest.mark.skipif(MAKE is None or os.name == "nt",
                                reason="there is no make on this machine")

STAND_IN = """#!/bin/sh
case "$*" in
    "-c "*) exec "REAL" -c 'import sys; PRETENCE; exec(sys.argv[1])' "$2" ;;
    "-m venv --clear .venv") echo venv >>log; rm -rf .venv; mkdir -p .venv/bin
        cp "$0" .venv/bin/python; cp "$0" .venv/bin/pip ;;
    "-m pip"*) echo "install ${*##* }" >>log; [ ! -e no-network ] ;;
    *) echo "strict=$CS231N_LITE_STRICT $*" >>log ;;
esac
"""


class Checkout:
    """A copy of the files that make needs, in a folder of its own, with a stand-in as `python`."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        for name in ("Makefile", "requirements.txt", "requirements-test.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        self.python = self.interpreter("python")

    def interpreter(self, name: str, pretence: str = "sys.version_info = (3, 11)") -> Path:
        """A stand-in of that name in the folder, which pretends, in Python, to be another one."""
        path = self.folder / name
        path.write_text(STAND_IN.replace("REAL", sys.executable).replace("PRETENCE", pretence))
        path.chmod(0o755)
        return path

    def make(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        """Run make with these words; of the tests' environment it knows where programs are."""
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHON": "./python"}
        return subprocess.run([MAKE, *words], cwd=self.folder, env=known | environment,
                              check=False, capture_output=True, text=True)

    def done(self) -> list[str]:
        """What the stand-ins were asked for since the last call of this method."""
        log = self.folder / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which nothing was made yet."""
    return Checkout(tmp_path / "my checkout")


def has_started(line: str) -> bool:
    """Whether the stand-in was asked to start JupyterLab."""
    return line.startswith("strict= -m jupyterlab --notebook-dir=notebooks")


def test_make_alone_lists_every_command_with_a_line_each(checkout):
    screen = checkout.make().stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert re.findall(r"^make (\S+) +\w.+$", screen, re.MULTILINE) == phony
    assert checkout.make("help").stdout == screen


@pytest.mark.parametrize("slip", ["install", "test-fast"])
def test_what_is_no_command_is_told_where_the_commands_are(checkout, slip):
    done = checkout.make(slip)
    assert done.returncode == 2 and f"no command '{slip}' here: make help lists" in done.stderr


def test_a_folder_that_is_there_is_no_command_that_is_done(checkout):
    checkout.folder.joinpath("notebooks").mkdir(exist_ok=True)
    assert checkout.make("notebooks").returncode == 0
    assert has_started(checkout.done()[-1])


def test_the_first_call_installs_and_the_second_only_starts(checkout):
    assert checkout.make("lab").returncode == 0
    *installing, started = checkout.done()
    assert installing == ["venv", "install requirements.txt"]
    assert has_started(started)
    assert checkout.make("lab").returncode == 0
    assert checkout.done() == [started]


def test_tests_install_what_they_need_on_top_and_leave_lab_ready(checkout):
    assert checkout.make("test").returncode == 0
    assert checkout.done() == [
        "venv",
        "install requirements.txt",
        "install requirements-test.txt",
        "strict= -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m not slow",
    ]
    for command, chosen in [("test-all", "not everything"), ("EVERYTHING=1 test-all", ""),
                            ("test-slow", "slow and not everything")]:
        checkout.make(*command.split())
        assert checkout.done() == [
            f"strict= -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m {chosen}"]
    checkout.make("lab")
    assert has_started(*checkout.done())


def test_an_install_that_broke_off_goes_on_with_the_next_call(checkout):
    (checkout.folder / "no-network").touch()
    broken = checkout.make("lab")
    assert broken.returncode != 0
    assert "Not all packages of requirements.txt could be installed" in broken.stderr
    assert checkout.done() == ["venv", "install requirements.txt"]
    (checkout.folder / "no-network").unlink()
    assert checkout.make("lab").returncode == 0
    assert checkout.done()[0] == "install requirements.txt"


def test_a_venv_that_is_not_whole_is_made_anew(checkout):
    half_made = checkout.folder / ".venv" / "bin" / "python"
    half_made.parent.mkdir(parents=True)
    half_made.symlink_to(checkout.python)
    assert checkout.make("lab").returncode == 0
    assert checkout.done()[:2] == ["venv", "install requirements.txt"]


def test_an_interpreter_that_is_gone_is_replaced(checkout):
    checkout.make("lab")
    checkout.done()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    assert checkout.make("lab").returncode == 0
    assert checkout.done()[:2] == ["venv", "install requirements.txt"]


@pytest.mark.parametrize("changed", ["requirements.txt", "pyproject.toml"])
def test_changed_requirements_are_installed(checkout, changed):
    checkout.make("lab")
    checkout.done()
    soon = time.time() + 10
    os.utime(checkout.folder / changed, (soon, soon))
    checkout.make("lab")
    assert checkout.done()[0] == "install requirements.txt"


def test_a_checkout_that_moved_is_installed_again(checkout):
    checkout.make("lab")
    checkout.done()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    checkout.make("lab")
    assert checkout.done()[0] == "install requirements.txt"


def test_an_interpreter_may_be_named_with_a_space_in_its_path(checkout):
    assert checkout.make("lab", f"PYTHON={checkout.python}").returncode == 0
    assert checkout.done()[0] == "venv"


def test_the_first_interpreter_that_will_do_makes_the_venv(checkout):
    checkout.interpreter("old", "sys.version_info = (3, 10, 9)")
    checkout.interpreter("bare", "sys.modules.update(ensurepip=None)")
    run = checkout.make("lab", "PYTHON=./missing ./old ./bare ./python")
    assert run.returncode == 0 and run.stderr == ""
    assert checkout.done()[0] == "venv"


@pytest.mark.parametrize("candidates, message", [
    ("./missing ./old",
     "No Python 3.11 or newer among: ./missing ./old. Install one"),
    ("./old ./bare",
     "./bare has no venv module: install it (Debian, Ubuntu: apt install python3-venv)."),
])
def test_where_no_interpreter_will_do_one_sentence_says_what_to_install(
        checkout, candidates, message):
    checkout.interpreter("old", "sys.version_info = (3, 10, 9)")
    checkout.interpreter("bare", "sys.modules.update(ensurepip=None)")
    run = checkout.make("lab", f"PYTHON={candidates}")
    assert run.returncode != 0
    assert run.stderr.startswith(message)
    assert len(run.stderr.splitlines()) == 2, "the message and make's own line"
    assert checkout.done() == []


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY", None])
def test_a_browser_opens_only_where_there_is_a_screen(checkout, display):
    checkout.make("lab", **({display: ":0"} if display else {}))
    assert ("--no-browser" in checkout.done()[-1]) == (display is None and sys.platform != "darwin")


@pytest.mark.parametrize("user", [0, 1000])
def test_only_root_is_allowed_to_be_root(checkout, user):
    fake = checkout.folder / "bin" / "id"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho {user}\n")
    fake.chmod(0o755)
    checkout.make("lab", PATH=f"{fake.parent}:{os.environ['PATH']}")
    assert ("--allow-root" in checkout.done()[-1]) == (user == 0)


def test_jupyterlab_does_not_ask_about_news(checkout):
    checkout.make("lab")
    path = checkout.folder / ".venv/etc/jupyter/labconfig/page_config.json"
    config = json.loads(path.read_text())
    assert config["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}


def test_grade_judges_the_notebooks_strictly(checkout):
    checkout.make("grade")
    assert checkout.done()[-1] == "strict= -m cs231n_lite.exercises.grade notebooks"


def test_page_writes_the_explorer_with_what_the_notebooks_need(checkout):
    checkout.make("page")
    assert checkout.done() == ["venv", "install requirements.txt",
                               "strict= -m cs231n_lite.explorer"]


@pytest.mark.parametrize("command, module", [
    ("bench", "benchmarks"), ("results", "benchmarks.accuracy")])
def test_what_the_readme_shows_is_measured_by_one_command(checkout, command, module):
    checkout.make(command)
    assert f"strict= -m {module}" in checkout.done()


def test_data_is_fetched_without_an_install(checkout):
    fetch = checkout.folder / "get_datasets.sh"
    fetch.write_text("#!/bin/sh\necho fetched >>log\n")
    fetch.chmod(0o755)
    assert checkout.make("data").returncode == 0
    assert checkout.done() == ["fetched"]


def test_a_red_test_is_a_failed_command(checkout):
    checkout.make(".venv/requirements-test.ready")
    (checkout.folder / ".venv/bin/python").write_text("#!/bin/sh\nexit 1\n")
    for command in ("test", "test-all", "test-slow", "grade"):
        assert checkout.make(command).returncode != 0


def test_clean_removes_what_was_made_and_keeps_what_is_the_students(checkout):
    kept = ["notebooks/svm.ipynb", "notebooks/.progress.json",
            "datasets/cifar-10-batches-py/data_batch_1"]
    made = [".pytest_cache/x", "cs231n_lite.egg-info/x", "cs231n_lite/__pycache__/x", "build/x",
            ".hypothesis/x"]
    for name in kept + made:
        path = checkout.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    checkout.make("lab")
    assert checkout.make("clean").returncode == 0
    assert all((checkout.folder / name).exists() for name in kept)
    assert not any((checkout.folder / name).parent.exists() for name in [*made, ".venv/x"])


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of this machine on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def address_of(lab: subprocess.Popen) -> tuple[int, str]:
    """The port and the token that JupyterLab prints."""
    found = (re.search(r"//127.0.0.1:(\d+)/lab\?token=(\w+)", line) for line in lab.stdout)
    port, token = next(filter(None, found)).groups()
    return int(port), token


def answer(address: str) -> bytes:
    """What the server says there; it prints its address a moment before it listens."""
    for _ in range(6000):
        try:
            return urlopen(address).read()
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError(f"nobody listens at {address}")


@pytest.mark.slow
def test_lab_serves_the_notebooks_at_the_address_that_it_prints_and_leaves_a_taken_port_alone(
        checkout, taken_port):
    checkout.make(".venv/requirements.ready")
    python = checkout.folder / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (checkout.folder / "notebooks").mkdir()
    (checkout.folder / "notebooks" / "mine.ipynb").touch()
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout.folder),
                   "JUPYTER_PORT": str(taken_port)}
    lab = subprocess.Popen(
        [MAKE, "lab"],
        cwd=checkout.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        port, token = address_of(lab)
        listing = json.loads(answer(f"http://127.0.0.1:{port}/api/contents?token={token}"))
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.communicate()
    assert port != taken_port
    assert [file["name"] for file in listing["content"]] == ["mine.ipynb"]
