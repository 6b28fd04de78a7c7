"""Puts the package that a notebook carries in place: called by the first cell of such a notebook.

It is imported from the archive in that cell, and needs nothing but the standard library, for
nothing else may be there yet.
"""
from __future__ import annotations  # so that an older Python comes as far as its refusal

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from importlib import invalidate_caches
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

NAME, PLACE, DIGEST = "cs231n_lite", ".cs231n_lite", "digest"
FOLDER = "carried"  # in the archive
OLDEST = (3, 11)


def bring(archive: Path, digest: str, needed: Iterable[str]) -> None:
    """Make `import cs231n_lite` work, and say in a line what was done.

    `needed` are the packages without which the notebook does not run, as "name>=version"; pip
    fetches those that are not there.  Raises RuntimeError, in one sentence, when it cannot.
    """
    try:
        print(brought(archive, digest, list(needed)))
    finally:
        sys.path.remove(str(archive))
        shutil.rmtree(archive.parent)


def brought(archive: Path, digest: str, needed: list[str]) -> str:
    """What was done, in a line."""
    if sys.version_info < OLDEST:
        raise RuntimeError(f"This notebook needs Python {'.'.join(map(str, OLDEST))} or newer, and "
                           f"its kernel has {sys.version.split()[0]}: choose another kernel.")
    fetched = fetch([package for package in needed if is_missing(package)])
    if is_found():
        refuse_another(digest)
        return f"{NAME} is there already.{fetched}"
    place = unpacked(archive, digest)
    sys.path.insert(0, str(place))
    sys.modules.pop(NAME, None)  # a mere folder of that name, if it was imported
    where = f"{PLACE}, beside it" if place.parent == Path.cwd() else place
    return f"{NAME} comes from this notebook, and is now in {where}.{fetched}"


def is_missing(package: str) -> bool:
    """True for a package that is not there, or is older than asked for."""
    name, _, least = package.partition(">=")
    try:
        return numbers(version(name)) < numbers(least)
    except PackageNotFoundError:
        return True


def numbers(text: str) -> list[int]:
    """A version's numbers."""
    return [int(number) for number in re.findall(r"\d+", text)[:3]]


def fetch(missing: list[str]) -> str:
    """Have pip install what is missing, and say so."""
    if not missing:
        return ""
    pip = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet",
                          "--disable-pip-version-check", *missing],
                         capture_output=True, text=True, errors="replace", check=False)
    invalidate_caches()
    if pip.returncode or any(map(is_missing, missing)):
        said = (pip.stdout + pip.stderr).strip().splitlines() or ["and pip says nothing"]
        why = next((line for line in said if line.lower().startswith("error: ")), said[-1])
        raise RuntimeError(f"This notebook needs {', '.join(missing)}, and pip could not install "
                           f"that ({why[7:] if why.lower().startswith('error: ') else why}); "
                           "without a network, or without pip, install it where this kernel's "
                           "Python finds it, then run this cell again.")
    names = {re.split("[>_-]", package)[0] for package in missing}
    return (f" pip has installed {', '.join(missing)}."
            + " Restart the kernel, and run this cell again." * bool(names & sys.modules.keys()))


def is_found() -> bool:
    """Whether the package is there already; a mere folder of that name is none."""
    spec = find_spec(NAME)
    return spec is not None and spec.origin is not None


def refuse_another(digest: str) -> None:
    """Raise RuntimeError where this kernel has taken the package from another notebook's cell."""
    spec = find_spec(NAME)
    known = Path(spec.origin).with_name(DIGEST) if spec and spec.origin else Path()
    if known.is_file() and known.read_text() != digest:
        raise RuntimeError(f"This kernel has {NAME} from another edition of these notebooks: "
                           "restart it, then run this cell again.")


def unpacked(archive: Path, digest: str) -> Path:
    """The folder with the package; what else is in there stays: datasets, and the progress."""
    place = room()
    with suppress(OSError):
        if (place / NAME / DIGEST).read_text() == digest:
            return place
    scratch = Path(tempfile.mkdtemp(dir=place))
    with zipfile.ZipFile(archive) as parts:
        parts.extractall(scratch)
    new = scratch / FOLDER
    (new / NAME / DIGEST).write_text(digest)
    (new / "pyproject.toml").replace(place / "pyproject.toml")
    if (new / "notebooks").exists():
        shutil.copytree(new / "notebooks", place / "notebooks", dirs_exist_ok=True)
    with suppress(OSError):  # another notebook is doing the same
        if (place / NAME).exists():
            (place / NAME).rename(scratch / "old")
        (new / NAME).rename(place / NAME)
    shutil.rmtree(scratch)
    return place


def room() -> Path:
    """A folder beside the notebook or, where one cannot write, elsewhere."""
    place = Path.cwd() / PLACE
    try:
        (place / "datasets").mkdir(parents=True, exist_ok=True)
    except OSError:
        place = Path(tempfile.mkdtemp()) / PLACE
        (place / "datasets").mkdir(parents=True)
    return place
