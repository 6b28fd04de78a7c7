"""Grades for Gradescope: the results of one submission, and the autograder that makes them there.

Source: gradescope-autograders.readthedocs.io/en/latest/specs, for the files and the results' JSON.
"""
import json
import secrets
import shutil
from pathlib import Path
from time import monotonic

from cs231n_lite.exercises.points import Points, Worth, total
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT
from cs231n_lite.grading.handout.handed import PACKAGE
from cs231n_lite.grading.intake.listing import below
from cs231n_lite.grading.intake.submission import parts_of
from cs231n_lite.grading.judging import sandbox
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.verdicts import graded
from cs231n_lite.grading.reporting import report
from cs231n_lite.grading.reporting.scoring import scored

EQUAL: Points = {id: Worth(1.0) for id in EXERCISES}  # where no table says otherwise
NEEDED = ("numpy", "matplotlib", "joblib", "scikit-learn", "tqdm", "threadpoolctl", "ipykernel",
          "nbformat")
SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, with network, when it builds the autograder.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y bubblewrap python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=python3.11  # Ubuntu 22.04 has both
    apt-get install -y python3.11 python3.11-venv
fi
"$python" -m venv /autograder/venv
/autograder/venv/bin/python -m pip install --requirement /autograder/source/requirements.txt
cd /autograder/source
/autograder/venv/bin/python -m cs231n_lite.grading --help > /dev/null  # rather red here than later
"""
# Where the grader itself fails, there are no results: Gradescope then says that the autograder
# failed, and shows the teacher what it printed, where a score of 0 would be taken for a grade.
RUN = """#!/usr/bin/env bash
# Gradescope runs this for each submission; it needs no network.
set -euo pipefail
cd /autograder/source
exec /autograder/venv/bin/python -m cs231n_lite.grading run /autograder/submission \\
    --gradescope /autograder/results/results.json --seconds 120{points}
"""


def autograder(destination: str | Path, points: str | Path | None = None) -> None:
    """Write the folder whose files are zipped and uploaded: package, pins, points, two scripts.

    Raises ValueError where there is something already.
    """
    folder = Path(destination)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is not empty; "
                         "name a folder that does not exist yet, since nothing is overwritten.")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    pins = (PACKAGE.parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    report.write(folder / "requirements.txt", "".join(
        f"{pin}\n" for pin in pins if pin.partition("==")[0] in NEEDED))
    if points:
        shutil.copy(points, folder / "points.csv")
    for name, text in (("setup.sh", SETUP), ("run_autograder", RUN.format(
            points=" --points points.csv" if points else ""))):
        report.write(folder / name, text)
        (folder / name).chmod(0o755)


def grade_one(path: str | Path, limits: Limits, points: Points | None) -> tuple[dict, dict]:
    """What one student handed in, whatever it is called: its result, and that for Gradescope.

    Raises whatever stops the grader itself.
    """
    start, folder = monotonic(), Path(path)
    if not folder.exists():
        raise ValueError(f"there is no {folder}; expected a notebook, or a student's folder.")
    files = below(folder).files if folder.is_dir() else {folder.name: folder}
    submission = parts_of(folder.resolve().name, {**files}).read()
    first, second, third, fourth = (secrets.randbits(62) for _ in range(4))
    verdicts = graded(submission, limits, sandbox.isolates(), (first, second, third, fourth))
    result = scored(report.entry(submission, verdicts, {}), points or EQUAL)
    return result, results_of(result, points or EQUAL, monotonic() - start)


def results_of(result: dict, points: Points, seconds: float) -> dict:
    """A result with points as Gradescope reads it: a test for each exercise that has any."""
    tests = [{"name": row["exercise"], "score": row["points"], "max_score": row["of"],
              "status": "passed" if row["verdict"] == CORRECT else "failed",
              "output": told(row)}
             for row in result["exercises"] if row["exercise"] in points]
    right = sum(test["status"] == "passed" for test in tests)
    return {"score": result["points"], "execution_time": round(seconds, 1),
            "output": f"{right} of {len(tests)} exercises are correct.",
            "output_format": "text", "test_output_format": "text", "test_name_format": "text",
            "stdout_visibility": "hidden", "tests": tests,
            "extra_data": {"of": total(points), "not_enforced": result["not_enforced"]}}


def told(row: dict) -> str:
    """The verdict on an exercise as text, with what is noted of a correct answer."""
    note = row["fault"] if row["verdict"] == CORRECT else ""
    return "\n".join(filter(None, [f"{row['verdict']}. {row['message']}", note]))


def write_results(path: str | Path, results: dict) -> None:
    """Write Gradescope's results.json."""
    report.write(Path(path), json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False))
