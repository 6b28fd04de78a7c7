"""The folder for students: the repository without answers, and without what teachers need."""
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from cs231n_lite.exercises.checking import ELSEWHERE
from cs231n_lite.exercises.portable import write_all
from cs231n_lite.exercises.registry import ASKING
from cs231n_lite.grading.handout import handed
from cs231n_lite.grading.handout.handed import PACKAGE, answers_in, without_answers
from cs231n_lite.grading.handout.recording import STORED, recorded
from cs231n_lite.grading.updating.record import record_in

ROOT = PACKAGE.parent
FILES = ("LICENSE", "pyproject.toml", "requirements.txt", "conftest.py", "get_datasets.sh",
         "datasets/README.md", ".github/overview.png", ".binder/requirements.txt",
         ".binder/runtime.txt", ".devcontainer/devcontainer.json")
NOTEBOOKS = tuple(f"notebooks/{name}.ipynb" for name in ASKING)
COMMANDS = ("help", "lab", "grade", "data", "page", "html", "portable", "clean")
# The parts of update.py, inner ones first; it is one file, which needs no package.
UPDATING = ("__init__", "record", "cells", "reading", "changes", "placing", "command")
# Parts for teachers in the README: paragraphs between marks on lines of their own, or words between
# marks within a line.  GitHub takes a line that begins with a mark for HTML, and shows Markdown
# that follows there as it is.
TEACHER = re.compile(
    r"^<!-- teacher -->\n.*?^<!-- /teacher -->\n|<!-- teacher -->.*?<!-- /teacher -->",
    re.DOTALL | re.MULTILINE)
MODEL_ANSWER = re.compile(r"\n*<details>\s*<summary>A model answer</summary>.*?</details>",
                          re.DOTALL)
STUDENT = re.compile(r"<!-- student: (.*?) -->", re.DOTALL)
OWN_IMPORT = re.compile(r"^from cs231n_lite\.grading\.updating\.\w+ import (\(.*?\)|[^(]*?)\n",
                        re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"^<!-- .*? -->\n+", re.MULTILINE)
IN_THIS_COPY = """

**In this copy** the package comes without the functions that are yours to write, and without a \
few that would give them away. A cell that needs one says so in its first line, and shows what was \
stored when nothing was missing. Once your function is right, such cells compute with it, in all \
three notebooks if it stands on its own, with `np` alone. What nobody writes stays stored."""
SHOWING = """

from cs231n_lite.exercises.stored import stored

stored("{}")  # which cells show as long as a function that they need is not there"""
# What a copy without answers says where this one says something else.
WITHOUT = {
    "__init__.py": (r"; `grading` the teacher's side\.$", "."),
    "engine/__init__.py": (r"^(?:    (?:search|grid|matrix|mapped) [^\n]*\n)+", ""),
    "exercises/registry.py": (r"^WITH_ANSWERS = True$", "WITH_ANSWERS = False"),
    "exercises/texts.py": (r"^DERIVATIONS\b.*?^\}$", "DERIVATIONS: dict[str, str] = {}"),
}


def hand_out(destination: str | Path, datasets: Iterable[str] = (),
             with_portable: bool = False, points: str | Path | None = None) -> None:
    """Write the folder, with what is stored for its cells on these datasets, see `recording`.

    `with_portable` adds the notebooks once more in portable/, each as one file; `points` is the
    file by which `make grade` adds up.
    Raises ValueError where there is something already, or no checkout to take it from, or where a
    cell of a notebook stops.
    """
    folder = Path(destination)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is not empty; "
                         "name a folder that does not exist yet, since nothing is overwritten.")
    if missing := [name for name in (*FILES, "README.md", "Makefile", *NOTEBOOKS)
                   if not (ROOT / name).exists()]:
        raise ValueError(f"{ROOT} lacks {', '.join(missing)}; "
                         "a handout is made from a checkout, with its Python.")
    with TemporaryDirectory() as scratch:  # where the notebooks run, and leave caches
        fill(Path(scratch))
        recordings = [recorded(Path(scratch), list(ASKING), data) for data in datasets]
    fill(folder)
    for recording in recordings:
        shutil.copytree(recording, folder / STORED, dirs_exist_ok=True)
    if with_portable:
        write_all(folder, folder / "portable")
    if points:
        shutil.copy(points, folder / "points.csv")
    record_in(folder)


def fill(folder: Path) -> None:
    """Write all into the folder but what is stored for the cells."""
    texts = {name: untouched(ROOT / name) for name in NOTEBOOKS}
    texts |= {"README.md": for_students(text_of("README.md")),
              "Makefile": without_targets(text_of("Makefile")),
              "update.py": in_one(UPDATING)}
    for name, text in texts.items():
        write(folder / name, text)
    for name in FILES:
        copy(ROOT / name, folder / name)
    for path in (Path(part, name) for part, names in handed.FILES.items()
                 for name in names.split()):
        hand_over(PACKAGE / path, path, folder / PACKAGE.name / path)


def hand_over(path: Path, name: Path, target: Path) -> None:
    """Copy a file of the package, without the answers in it."""
    module = ".".join(name.with_suffix("").parts)
    if answers_in(module):
        write(target, without_answers(module))
    elif name.as_posix() in WITHOUT:
        pattern, instead = WITHOUT[name.as_posix()]
        text, count = re.subn(pattern, instead, path.read_text(encoding="utf-8"),
                              flags=re.MULTILINE | re.DOTALL)
        if count != 1:
            raise ValueError(f"{path} does not hold {pattern} once; "
                             "its answers would be handed out.")
        write(target, text)
    else:
        copy(path, target)


def untouched(path: Path) -> str:
    """A notebook without model answers; its first cell has the others show what is stored."""
    book = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    book["cells"][0]["source"] += IN_THIS_COPY.splitlines(keepends=True)
    code[0]["source"] += SHOWING.format(path.stem).splitlines(keepends=True)
    book["metadata"].pop("widgets", None)
    for output in (output for cell in code for output in cell["outputs"]):
        # A widget without its kernel hides the still picture that is stored beside it.
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            text = MODEL_ANSWER.sub("", "".join(cell["source"]))
            cell["source"] = in_parts(text).splitlines(keepends=True)
        elif "use" in cell["metadata"].get("tags", ()):
            for output in cell["outputs"]:
                output["text"] = [line.replace("the package's", ELSEWHERE)
                                  for line in output["text"]]
    return json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def in_parts(text: str) -> str:
    """A text without its parts for teachers, and with those for students, which are comments."""
    return STUDENT.sub(r"\1", TEACHER.sub("", text))


def for_students(readme: str) -> str:
    """The README without comments and parts for teachers; parts for students are comments, too."""
    text = COMMENT.sub("", in_parts(readme))
    grade = "make grade   # judges your notebooks as you have saved them"
    return re.sub(r"^make test .*$", grade, text, flags=re.MULTILINE)


def without_targets(makefile: str) -> str:
    """The Makefile without the commands for what is not handed out."""
    parts = ((part, re.match(r"([a-z-]+|\$\(TESTS\)):", part)) for part in makefile.split("\n\n"))
    kept = [part for part, target in parts
            if (target is None and "PYTEST :=" not in part) or (target and target[1] in COMMANDS)]
    phony = f".PHONY: {' '.join(COMMANDS)}"
    return re.sub(r"^\.PHONY:.*$", phony, "\n\n".join(kept), count=1, flags=re.MULTILINE)


def in_one(parts: Iterable[str]) -> str:
    """The modules of `updating` as one, which imports none of them."""
    paths = [(PACKAGE / "grading/updating" / part).with_suffix(".py") for part in parts]
    texts = [OWN_IMPORT.sub("", path.read_text(encoding="utf-8")) for path in paths]
    return "\n\n".join(text.rstrip() + "\n" for text in texts)


def text_of(name: str) -> str:
    """A text file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    """Copy a file with its permissions, and make the folders that it lies in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
