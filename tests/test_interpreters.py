"""The textbook's and the classroom's tests under every other Python that is at hand.

`.ci/interpreters`, which CI calls, makes a venv for each of them, once; what cannot
be had is left out, and the summary says which were run.
"""
import subprocess
from pathlib import Path

import pytest
from notebook_runs import ROOT, clean_environment

pytestmark = pytest.mark.slow
# What differs between versions of Python: syntax trees, errors and their texts, signatures.
TESTED = [f"tests/test_{name}.py" for name in (
    "losses", "optim", "classifiers", "gradcheck", "preprocess", "plots", "first_steps",
    "exercises", "questions", "verdict", "crashes", "remarks", "grade")]
FOUND = sorted((ROOT / ".venv" / "interpreters").glob("*/bin/python"))


def test_the_textbook_and_the_classroom_hold_under_the_other_pythons(tmp_path, record_property):
    if not FOUND:
        pytest.skip("no other Python is in .venv/interpreters, see .ci/interpreters")
    for python in FOUND:
        version = python_version(python)
        command = [python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                   "-m", "not slow and not everything", *TESTED]
        settings = {"PYTHONPATH": str(ROOT / "tests" / "lean")}
        environment = clean_environment(tmp_path, **settings)
        for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS"):
            environment.pop(name)
        run = subprocess.run(command, cwd=ROOT, env=environment, check=False,
                             capture_output=True, text=True)
        assert run.returncode == 0, f"Python {version}: {run.stdout}{run.stderr}"
        record_property("ratio", f"Python {version}: {run.stdout.strip().splitlines()[-1]}")


def python_version(python: Path) -> str:
    """Its version, down to the patch release."""
    run = subprocess.run([python, "--version"], check=True, capture_output=True, text=True)
    return run.stdout.split()[1]
