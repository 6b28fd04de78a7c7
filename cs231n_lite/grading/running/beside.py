"""Modules of a student's own: handed in beside a notebook, or written by its cells.

They are the student's work as the notebook is, and come last: none stands in for an installed one,
and a copy of this package is none of them.
"""
import importlib.abc
import importlib.util
import linecache
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import ModuleSpec
from pathlib import PurePath
from types import ModuleType

FILE, PACKAGE = "<cell {}>", "cs231n_lite"
WRITTEN = re.compile(r"\A\s*%%(?:writefile|file)[ \t]+(-a[ \t]+)?(\S+)[ \t]*\n")
RUN = re.compile(
    r"^%(?:run|load)[ \t]+(?:-\w+[ \t]+)*[\"']?([\w./-]+\.(?:py|ipynb))\b", re.MULTILINE)


def modules_beside(notebook: str, files: Mapping[str, object]) -> dict[str, str]:
    """The texts of the modules that a notebook can import, of all files by their paths.

    Those in its own folder, and, as `sys.path.append("..")` has it, in those above.  What is not
    bytes could not be had.
    """
    found: dict[str, str] = {}
    for folder in PurePath(notebook).parents:
        for path, data in files.items():
            if isinstance(data, bytes) and PurePath(path).is_relative_to(folder):
                name = module_of(str(PurePath(path).relative_to(folder)))
                found |= {} if name in found or not name else {name: text_of(data)}
    return found


def text_of(data: bytes) -> str:
    """The text of a module."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def module_of(path: str) -> str:
    """The name that a file has as a module; empty where it cannot be one, or is this package's."""
    parts = PurePath(path).with_suffix("").parts
    fits = PurePath(path).suffix == ".py" and all(map(str.isidentifier, parts))
    return ".".join(parts) if fits and PACKAGE not in map(str.lower, parts) else ""


def written_by(cells: Iterable[str]) -> dict[str, str]:
    """The texts of the modules that cells write by `%%writefile`."""
    found: dict[str, str] = {}
    for cell in cells:
        if (magic := WRITTEN.match(cell)) and (name := module_of(magic[2])):
            found[name] = (found.get(name, "") if magic[1] else "") + cell[magic.end():]
    return found


def run_by(cell: str) -> list[str]:
    """The modules that a cell runs by `%run`, as files."""
    return [PurePath(path).as_posix() for path in RUN.findall(cell)]


def not_handed_in(cells: list[str], modules: Mapping[str, str]) -> str:
    """The first file that a cell runs and that is not there, in a sentence; empty without one."""
    return next((f"Code cell {n} runs {path}, which is no module beside the notebook: "
                 "hand one in, or copy what is needed into a cell."
                 for n, cell in enumerate(cells, start=1) for path in run_by(cell)
                 if module_of(path) not in modules), "")


class Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports these modules, after all others."""

    def __init__(self) -> None:
        self.texts: Mapping[str, str] = {}
        sys.meta_path.append(self)

    def turn_to(self, texts: Mapping[str, str]) -> None:
        """From now on import these; forget what was imported of others."""
        if texts is not self.texts:
            for name, module in list(sys.modules.items()):
                if is_beside(module):
                    del sys.modules[name]
        self.texts = texts

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where a module, or a folder of modules, is."""
        is_package = any(other.startswith(f"{name}.") for other in self.texts)
        if not is_package and name not in self.texts:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=is_package)

    def exec_module(self, module: ModuleType) -> None:
        """Run its text."""
        name = module.__name__
        text = self.texts.get(name, self.texts.get(f"{name}.__init__", ""))
        module.__file__ = FILE.format(f"{name}.py")
        linecache.cache[module.__file__] = (len(text), None, text.splitlines(keepends=True),
                                            module.__file__)
        exec(compile(text, module.__file__, "exec"), module.__dict__)


def is_beside(module: ModuleType | None) -> bool:
    """True for a module of the student's own."""
    return str(getattr(module, "__file__", "")).startswith(FILE.partition("{")[0])
