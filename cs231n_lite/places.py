"""What a dataset may be called, what stands in a folder that holds none, and a folder of one's own.

Datasets, caches and progress go into the clone.  Where the package was installed without
`-e` there is none, and they go to a folder in the user's home, which is said in one line.
"""
import os
import re
from functools import cache
from pathlib import Path
from shlex import quote

from cs231n_lite.checks_basic import kind_of, short
from cs231n_lite.download import CIFAR10, CLONE, DATASETS, FETCH, FOLDER, HOME, MEMBERS

CALLED = {"auto": "auto", "cartoon": "cartoon", "cartoons": "cartoon",
          "cifar10": "CIFAR-10", "cifar": "CIFAR-10"}
FOREIGN = {"cifar-10-batches-bin": "the version of CIFAR-10 for C",
           "data_batch_1.bin": "the version of CIFAR-10 for C",
           "cifar-10-batches-mat": "the version of CIFAR-10 for Matlab",
           "data_batch_1.mat": "the version of CIFAR-10 for Matlab",
           "cifar-100-python": "CIFAR-100"}


def meant(name: str | Path) -> str | Path:
    """The dataset of that name, however it is spelled; a folder as it was given."""
    if not isinstance(name, (str, Path)):
        found, loaded = ((kind_of(name), ": preprocess(split(dataset)) takes one that was loaded")
                         if hasattr(name, "_fields") else (short(name), ""))
        raise ValueError(f"name is {found}; expected the word cartoon, CIFAR-10 or a folder"
                         f"{loaded}.")
    plain = re.sub(r"[-_\s]", "", str(name)).casefold()
    if not plain:
        raise ValueError("name is an empty text; expected the word cartoon, CIFAR-10 or a folder.")
    if name not in CALLED.values() and os.path.isdir(name):
        return name
    return CALLED.get(plain, name)


def folder_of(root: str | Path, named: str = "") -> Path:
    """The folder that holds the six files: `root`, or cifar-10-batches-py inside it.

    Raises FileNotFoundError, in a sentence that begins with `named`, where there is none.
    """
    if not isinstance(root, (str, Path)):
        raise ValueError(f"root is {short(root)}; expected a folder.")
    folder = Path(os.path.expanduser(root))  # Path.expanduser raises where there is no HOME
    if not os.path.isdir(folder):  # Path.is_dir raises for a name that is too long
        check_no_archive(folder)
        to_fetch = f"run {FETCH} to fetch CIFAR-10"
        if folder.name == FOLDER and os.path.isdir(folder.parent):
            check_no_archive(*folder.parent.iterdir())
            raise FileNotFoundError(f"{named}{folder.parent.absolute()} holds no CIFAR-10 yet; "
                                    f'{to_fetch}, or take the cartoons, data.load("cartoon").')
        raise FileNotFoundError(
            f"{named}{root} is no folder, expected one that is or holds {FOLDER} (data.load also "
            f"takes the names cartoon and CIFAR-10); {to_fetch}."
        )
    if os.path.isdir(folder / FOLDER):
        return folder / FOLDER
    check_batches(folder)
    return folder


def check_batches(folder: Path) -> None:
    """Raise FileNotFoundError, saying what a folder holds, where not one of the six files is."""
    try:
        there = sorted(os.listdir(folder))
    except OSError:  # it is said of the first file
        return
    if MEMBERS.keys() & there:
        return
    check_no_archive(*(folder / name for name in there))
    held = next((f"holds {FOREIGN[name]}" for name in there if name in FOREIGN),
                "holds no file of CIFAR-10" if there else "is empty")
    raise FileNotFoundError(f"{folder} {held}, expected {FOLDER} or its files; "
                            f"run {FETCH} to fetch CIFAR-10, the version for Python.")


def check_no_archive(*paths: Path) -> None:
    """Raise FileNotFoundError, with the command to go on, where one is the archive or a part."""
    for path in paths:
        if path.name == f"{CIFAR10.name}.part":
            raise FileNotFoundError(f"{path} is a download that was broken off, expected {FOLDER}; "
                                    f"run {FETCH} --to {quote(str(path.parent))} to go on with it.")
        if path.name.startswith("cifar-10-python") and path.is_file():
            raise FileNotFoundError(f"{path} is the archive of CIFAR-10, expected {FOLDER}; "
                                    f"run {FETCH} --from {quote(str(path))} to unpack it.")


@cache
def own_folder() -> Path:
    """The clone; without one the folder in the user's home, made now, which is said once."""
    if HOME != CLONE:
        try:
            DATASETS.mkdir(parents=True, exist_ok=True)
        except OSError:  # read-only, say: nothing is kept
            return HOME
        print(f"cs231n_lite was installed without -e: datasets and progress go to {HOME}")
    return HOME
