"""What the files at the root promise one another: commands, pins, the CI and its matrix."""
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text())
             for path in (ROOT / ".github" / "workflows").glob("*.yml")}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
OF_ONE_MACHINE = re.compile(
    r"/(?:home|root|work|opt|tmp|Users)/\w|index-url|find-links|trusted-host")


def requirements(name: str) -> list[str]:
    """The lines of a requirements file."""
    return (ROOT / name).read_text().splitlines()


def test_readme_names_the_two_commands_and_none_that_does_not_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"lab", "test"} <= named <= TARGETS


def test_ci_runs_the_readmes_test_command_then_lint_then_the_slow_tests():
    commands = re.findall(r"^make (\S+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert commands == ["test", "lint", "test-slow"]


def test_every_requirement_is_pinned_and_the_package_itself_comes_last():
    *pinned, last = requirements("requirements.txt")
    first, *more = requirements("requirements-test.txt")
    assert (first, last) == ("-r requirements.txt", "-e .")
    assert [line for line in pinned + more if not re.fullmatch(r"[a-z-]+==\d+(\.\d+)*", line)] == []


def test_the_package_asks_only_for_lower_bounds_that_the_pins_meet():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = dict(line.split("==") for line in requirements("requirements.txt") if "==" in line)
    for name, bound in (dependency.split(">=") for dependency in wanted):
        least, pinned = ([int(part) for part in text.split(".")] for text in (bound, pins[name]))
        assert least <= pinned


def test_the_matrix_holds_every_python_with_its_oldest_and_its_newest_numpy():
    matrix = WORKFLOWS["test"]["jobs"]["fast"]["strategy"]["matrix"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert (matrix["python"], matrix["numpy"]) == (pythons, [""])
    assert [row["python"] for row in matrix["include"] if row["numpy"]] == pythons


def test_in_a_fork_only_the_students_notebooks_are_judged():
    conditions = {(name, job["if"]) for name, workflow in WORKFLOWS.items()
                  for job in workflow["jobs"].values()}
    fork = "github.event.repository.fork"
    assert conditions == {("test", f"${{{{ !{fork} }}}}"), ("grade", f"${{{{ {fork} }}}}")}


def test_workflows_may_only_read_and_make_only_what_exists():
    assert all(workflow["permissions"] == {"contents": "read"} for workflow in WORKFLOWS.values())
    jobs = [job for workflow in WORKFLOWS.values() for job in workflow["jobs"].values()]
    run = "\n".join(step.get("run", "") for job in jobs for step in job["steps"])
    assert set(re.findall(r"make ([a-z-]+)", run)) == {"test", "lint", "grade"} <= TARGETS


def committed(*folders: str) -> list[str]:
    """What git holds, in these folders or in all; skips the test where git is not."""
    listing = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, check=False,
                             capture_output=True, text=True)
    if listing.returncode or not listing.stdout:
        pytest.skip("this is not a git checkout")
    return listing.stdout.rstrip("\0").split("\0")


def test_the_folder_of_notebooks_holds_nothing_but_notebooks():
    # A pytest.ini or conftest.py there, or a notebook that is not seen as one, would turn the
    # guard off without a word.
    there = committed("notebooks")
    assert [name for name in there if not re.fullmatch(r"notebooks/\w+\.ipynb", name)] == []


def test_no_file_names_a_folder_of_one_machine_or_an_index_of_packages():
    texts = [path for name in committed() if (path := ROOT / name).is_file()
             and path.suffix not in (".ipynb", ".png") and path != Path(__file__)]
    assert not [path.name for path in texts
                if OF_ONE_MACHINE.search(path.read_text(encoding="utf-8"))]
