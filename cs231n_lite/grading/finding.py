"""Whose notebooks are these?  Nothing of a student's is read here, and nothing run."""
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cs231n_lite.grading.submission import ASKING, Submission, readable, stem


def found_in(paths: list[Path]) -> list[Submission]:
    """The submissions in these notebooks and folders; ValueError for a path with none, or unclear.

    A notebook is a student of that name, and so is a folder that holds a notebook
    of the assignment's, itself or in notebooks/.  Any other folder holds students:
    each of its folders is one, and each notebook beside them.  A folder cannot be
    both, with notebooks of the assignment's in itself and in other folders too.
    """
    found = []
    for path in paths:
        here = [Submission(readable(student), {readable(name): data for name, data in notebooks},
                           alone)
                for student, notebooks, alone in students_in(path)]
        if not here:
            raise ValueError(f"{path} holds no notebook; "
                             "expected one, a student's folder, or a folder of those.")
        found += here
    names = [submission.student for submission in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)}: two submissions have this name; "
                         "rename one, or grade it elsewhere.")
    return found


def students_in(path: Path) -> Iterator[tuple[str, list[tuple[str, Path]], bool]]:
    """The students in one notebook or folder: names, notebooks by name, and if one is alone."""
    if not path.is_dir():
        if path.exists():
            yield path.stem, [(path.name, path)], True
        return
    if is_student(path):
        refuse_unclear(path)
        yield path.resolve().name, list(notebooks_in(path)), False
        return
    for entry in entries_of(path):
        if entry.is_dir(follow_symlinks=False):
            yield entry.name, list(notebooks_in(Path(entry.path))), False
        elif is_notebook(entry.name):
            yield entry.name[:-len(".ipynb")], [(entry.name, Path(entry.path))], True


def entries_of(folder: Path) -> list[os.DirEntry]:
    """What lies in a folder, without what is hidden, and Python's caches."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    return [entry for entry in entries if not entry.name.startswith((".", "__"))]


def is_student(folder: Path) -> bool:
    """True for a folder with a notebook of the assignment's name, itself or in notebooks/."""
    files = [name for part in (".", "notebooks")
             for _, _, names in islice(os.walk(folder / part), 1)
             for name in names]
    return any(is_notebook(name) and stem(name) in ASKING for name in files)


def is_notebook(name: str) -> bool:
    """True for a notebook's file name, in letters of either case."""
    return name.lower().endswith(".ipynb")


def refuse_unclear(folder: Path) -> None:
    """Raise ValueError for a student's folder in which there are others', who would vanish."""
    others = [readable(entry.name) for entry in entries_of(folder) if entry.name != "notebooks"
              and entry.is_dir(follow_symlinks=False) and is_student(Path(entry.path))]
    if others:
        raise ValueError(f"{readable(str(folder))} holds notebooks of the assignment, and so do "
                         f"{', '.join(others)} in it; name the students' folders one by one, "
                         "or move the notebooks beside them away.")


def notebooks_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """The notebooks below a folder by their paths there, without copies that Jupyter kept."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            if is_notebook(name):
                yield os.path.relpath(os.path.join(where, name), folder), Path(where, name)
