"""Grading a course of 200 students on two cores, beside starting as many Jupyter kernels.

Each student hands in all three notebooks as they are stored here, with three exercises solved as
one writes them for the course.  A kernel is started, imports NumPy and is stopped; a grader that
ran the notebooks would do that, and more.
"""
from inspect import getsource
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.iteration import course_softmax, course_svm
from benchmarks.measure import ROOT, fresh_process, seconds
from benchmarks.report import Figure

ANSWERS = {"svm_loss_naive": course_svm, "svm_loss_vectorized": course_svm,
           "softmax_loss_vectorized": course_softmax}
SOLVED = {
    id: "from numpy import ndarray as Array\n" + getsource(answer).replace(answer.__name__, id)
    for id, answer in ANSWERS.items()}


def hand_in(folder: Path, students: int) -> None:
    """Write the students' folders."""
    import nbformat
    for path in ROOT.glob("notebooks/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            ids = [tag.partition(":")[2] for tag in cell.metadata.get("tags", ())
                   if tag.startswith("exercise:")]
            cell.source = SOLVED.get(ids[0], cell.source) if ids else cell.source
        for number in range(students):
            (folder / f"student{number}").mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / f"student{number}" / path.name)


def graded(students: int) -> float:
    """Seconds to grade so many students, two at once."""
    from joblib import parallel_config

    from cs231n_lite.grading.run import grade
    with TemporaryDirectory() as folder, parallel_config(n_jobs=2):
        hand_in(Path(folder, "course"), students)
        found: list[dict] = []
        time = seconds(lambda: found.extend(grade([Path(folder, "course")], Path(folder, "out"))))
    correct = [row["exercise"] for row in found[0]["exercises"] if row["verdict"] == "correct"]
    assert sorted(correct) == sorted(SOLVED), correct
    return time


def kernels(number: int) -> float:
    """Seconds to start and stop so many kernels, two at once."""
    from joblib import Parallel, delayed
    return seconds(lambda: Parallel(n_jobs=2)(delayed(kernel)() for _ in range(number)))


def kernel() -> None:
    """Start a kernel, import NumPy in it, and stop it."""
    from jupyter_client.manager import run_kernel
    with run_kernel(kernel_name="python3", extra_arguments=["--log-level=40"]) as client:
        blocking: Any = client  # though run_kernel does not say so
        blocking.execute_interactive("import numpy", timeout=60)


def figures(quick: bool) -> list[Figure]:
    """How many times as fast the grader is."""
    students = 2 if quick else 200
    mine, theirs = fresh_process(graded, students), fresh_process(kernels, students)
    pace = (f"{60 * students / mine:.3g} students a minute beside "
            f"{60 * students / theirs:.3g} kernels")
    return [Figure(f"grading {students} students, two at once",
                   "starting and stopping as many Jupyter kernels: how many times as fast",
                   [theirs / mine], 1, at_least=True, note=pace)]
