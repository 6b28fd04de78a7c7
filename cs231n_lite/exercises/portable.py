"""Notebooks that bring the package along, each in one file: for Colab, or any Jupyter.

    python -m cs231n_lite.exercises.portable [DEST]

Their first cell holds the package, compressed, and puts it in place where it is not installed;
all else is as in notebooks/.
"""
import argparse
import base64
import io
import json
import re
import sys
import tomllib
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path, PurePosixPath

from cs231n_lite.download import CALL
from cs231n_lite.exercises import carried
from cs231n_lite.exercises.frontend import shown, written
from cs231n_lite.exercises.reading import read_or_refuse
from cs231n_lite.exercises.registry import ASKING as NOTEBOOKS

CARRIED = PurePosixPath(carried.FOLDER)
PACKAGE = Path(carried.__file__).resolve().parents[1]
ROOT = PACKAGE.parent
# What a copy without answers shows for its cells.
STORED = "notebooks/stored/cartoon"
# What is for whoever grades; and what no cell imports.
NOT_CARRIED, NOT_NEEDED = ("grading", "__pycache__"), "nbformat"
SAME_TIME = (1980, 1, 1, 0, 0, 0)
CELL = """\
#@title This cell brings the package cs231n_lite along: run it first.
PACKAGE = "{package}"
import base64, hashlib, pathlib, sys, tempfile, zlib
assert hashlib.sha256(PACKAGE.encode()).hexdigest() == "{digest}", \
    "This cell is damaged: fetch the notebook again."
archive = pathlib.Path(tempfile.mkdtemp(), "archive.zip")
archive.write_bytes(zlib.decompress(base64.urlsafe_b64decode(PACKAGE)))
sys.path.append(str(archive))
import carried; carried.bring(archive, "{digest}", {needed})"""
# What prose and outputs say where there is no clone.
INSTEAD = {
    "`cs231n_lite` beside": "`cs231n_lite` within", "./get_datasets.sh": CALL,
    "the [README](../README.md)": "the README of cs231n_lite",
    "start the notebooks by `make lab`, ": "run the first cell, ",
    "or choose the Python of .venv as the kernel (the README tells how to make it)":
        "which is folded and brings both along",
}
BROUGHT = re.compile(r'^PACKAGE = "[\w=-]++"$', re.MULTILINE)
SAYS = "cs231n_lite comes from this notebook, and is now in .cs231n_lite, beside it.\n"


def main(arguments: list[str]) -> int:
    """Write the notebooks into the folder named, or into build/portable."""
    parser = argparse.ArgumentParser("python -m cs231n_lite.exercises.portable",
                                     description="Write each notebook as one file.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build", "portable"))
    folder = parser.parse_args(arguments).folder
    if failed := written(lambda: write_all(ROOT, folder), folder):
        return failed
    shown(f"{folder} holds {', '.join(f'{name}.ipynb' for name in NOTEBOOKS)}, each of which runs "
          "wherever it is opened.")
    return 0


def write_all(root: Path, folder: Path) -> None:
    """Write the notebooks of a checkout or handout, each with the package, into a folder."""
    package = base64.urlsafe_b64encode(zlib.compress(archive_of(root), 9)).decode()
    folder.mkdir(parents=True, exist_ok=True)
    for name in NOTEBOOKS:
        text = read_or_refuse(root / "notebooks" / f"{name}.ipynb")
        (folder / f"{name}.ipynb").write_text(portable(text, package, needed_by(root)),
                                              encoding="utf-8")


def archive_of(root: Path) -> bytes:
    """The package as a ZIP archive, with what is stored for its notebooks on the cartoons.

    Beside `carried` it is in a folder, so that nothing is imported from the archive itself; and not
    compressed, so that all of it can be at once.
    """
    paths = [path.relative_to(root) for folder in (PACKAGE.name, STORED)
             for path in (root / folder).rglob("*") if path.is_file()]
    files = {(CARRIED / path).as_posix(): root / path for path in paths
             if not set(NOT_CARRIED) & set(path.parts)}
    # What makes a folder count as a clone: datasets and progress are kept there.
    files[f"{CARRIED}/pyproject.toml"] = root / "pyproject.toml"
    files["carried.py"] = root / PACKAGE.name / "exercises" / "carried.py"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, SAME_TIME), path.read_bytes())
    return data.getvalue()


def needed_by(root: Path) -> list[str]:
    """The packages without which no notebook runs."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [package for package in project["dependencies"] if not package.startswith(NOT_NEEDED)]


def portable(notebook: str, package: str, needed: list[str]) -> str:
    """The text of a notebook with a cell above all others that brings the package."""
    book = json.loads(notebook)
    for cell in book["cells"]:
        for part in (cell, *cell.get("outputs", ())):
            for field in {"source", "text"} & part.keys():
                part[field] = [elsewhere(line) for line in part[field]]
            if part.get("execution_count"):
                part["execution_count"] += 1
    book["cells"].insert(0, first_cell(package, needed))
    return json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def elsewhere(line: str) -> str:
    """A line of prose, or of what a cell printed, as it is where there is no clone."""
    for here, there in INSTEAD.items():
        line = line.replace(here, there)
    return line


def first_cell(package: str, needed: list[str]) -> dict:
    """The cell that brings the package, folded in JupyterLab; on Colab its comment is a title."""
    source = CELL.format(package=package, digest=sha256(package.encode()).hexdigest(),
                         needed=needed)
    return {"cell_type": "code", "execution_count": 1, "id": "package",
            "metadata": {"cellView": "form", "jupyter": {"source_hidden": True},
                         "tags": ["nbval-ignore-output", "nbval-ignore-words"]},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [SAYS]}],
            "source": source.splitlines(keepends=True)}


def without_package(source: str) -> str:
    """The text of a cell without the package, if it is the one that brings it."""
    return BROUGHT.sub('PACKAGE = ""', source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
