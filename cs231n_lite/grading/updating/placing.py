"""Files put in their places, so that whoever kills the update finds the old folder or the new one.

A twin of the folder is made beside it: the new files, and links to all that stays.  The two change
places in one step of the system.  Then, out of sight, the folder itself gets the new files, and
takes its place again, so that shells and kernels that stand in it still do.  Where the system
cannot exchange two folders (Windows, network drives, a folder that is a disk of its own) the new
files lie ready inside of it first, and the next run puts in place what a killed one did not.
"""
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PENDING = ".update"  # where two folders cannot be exchanged: what is still to be put in place
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
TWIN = re.compile(r"\.(.+)\.update-(\d+)")  # the number is the inode of the folder itself


def put(folder: Path, changes: dict[str, bytes | None], backup: str) -> None:
    """Write these files, and remove those that are None; the old ones are kept in `backup`.

    OSError where that cannot be done; then the folder is as it was.
    """
    twin = twin_of(folder)
    try:
        if sys.platform not in ("linux", "darwin"):
            raise ImportError
        with cleared(twin):
            make_twin(folder, twin, changes, backup)
        exchange(folder, twin)
    except (OSError, AttributeError, ImportError) as error:
        if twin == twin_of(folder):
            scrap(twin)
        if getattr(error, "errno", 0) in FULL:
            raise
        put_here(folder, changes, backup)
    else:
        settle(folder, twin)


def recover(folder: Path) -> Path:
    """Finish what a killed update left; the folder, whose name is another one meanwhile."""
    named = TWIN.fullmatch(folder.name)
    if named and folder.stat().st_ino == int(named[2]):
        folder = folder.with_name(named[1])
    if twin_of(folder).exists():  # it was not exchanged yet, or was exchanged back
        scrap(twin_of(folder))
    for twin in folder.parent.glob(f".{glob_of(folder.name)}.update-*"):
        if twin.name.endswith(f".update-{twin.stat().st_ino}") and share(folder, twin):
            settle(folder, twin)
    if (folder / PENDING).exists():
        finish_here(folder)
    scrap(folder / f"{PENDING}.part")
    return folder


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a lock of the folder that this one lies in; ValueError where another update runs."""
    try:
        import fcntl
        handle = os.open(folder.parent, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"Another update is at work in {folder.parent}; "
                             "wait until it is done.") from None
        except OSError:  # there are no locks here
            pass
        yield
    finally:
        os.close(handle)


# With a twin.

def share(folder: Path, twin: Path) -> bool:
    """True where one is the twin of the other: a folder of the same name may be a newer one."""
    paths = (Path(where, name) for where, _, names in os.walk(twin) for name in names)
    return any(os.path.lexists(other := folder / path.relative_to(twin))
               and path.lstat().st_ino == other.lstat().st_ino for path in paths)


def twin_of(folder: Path) -> Path:
    """Where the twin of a folder is made."""
    return folder.with_name(f".{folder.name}.update-{folder.stat().st_ino}")


@contextmanager
def cleared(path: Path) -> Iterator[None]:
    """Remove a folder if what makes it fails."""
    try:
        yield
    except BaseException:
        scrap(path)
        raise


def make_twin(folder: Path, twin: Path, changes: dict[str, bytes | None], backup: str) -> None:
    """Make the new folder beside the old one, of new files and of links to old ones."""
    for where, folders, names in os.walk(folder):
        there = twin / Path(where).relative_to(folder)
        there.mkdir()
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in (*names, *links):
            place = (there / name).relative_to(twin).as_posix()
            with suppress(FileNotFoundError):  # an editor's, which is gone again
                link(Path(where, name), twin / backup / place if place in changes else there / name)
    for name, data in changes.items():
        if data is not None:
            write(twin / name, data)
    for where, _, _ in os.walk(folder):
        shutil.copystat(where, twin / Path(where).relative_to(folder))


def settle(folder: Path, twin: Path) -> None:
    """Where the two have changed places: give the twin what the folder shows, and change back."""
    follow(folder, twin, removing=True)
    exchange(folder, twin)
    follow(twin, folder, removing=False)  # what was saved meanwhile
    scrap(twin)


def follow(source: Path, target: Path, removing: bool) -> None:
    """Link into target what is newer in source, and what takes the place of a file kept elsewhere.

    Removing: also take away from target what source does not hold and is kept elsewhere.
    """
    for where, _, names in os.walk(target, topdown=False) if removing else ():
        there = source / Path(where).relative_to(target)
        for name in names:
            path = Path(where, name)
            if not os.path.lexists(there / name) and path.lstat().st_nlink > 1:
                path.unlink()
        if not there.is_dir():
            with suppress(OSError):  # something is in it
                os.rmdir(where)
    for where, folders, names in os.walk(source):
        there = target / Path(where).relative_to(source)
        there.mkdir(exist_ok=True)
        for name in (*names, *(each for each in folders if os.path.islink(Path(where, each)))):
            new, old = Path(where, name), there / name
            if is_newer(new, old):
                with suppress(FileNotFoundError):
                    link(new, there / f"{PENDING}.link")
                    os.replace(there / f"{PENDING}.link", old)


def is_newer(new: Path, old: Path) -> bool:
    """True where the new file should take the place of the old one."""
    try:
        a, b = new.lstat(), old.lstat()
    except FileNotFoundError:
        return True
    return a.st_ino != b.st_ino and (b.st_nlink > 1 or a.st_mtime_ns > b.st_mtime_ns)


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places, in one step; OSError or AttributeError where none can."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    names = [os.fsencode(path) for path in (one, other)]
    if sys.platform == "darwin":
        failed = libc.renamex_np(*names, 2)  # RENAME_SWAP
    else:
        failed = libc.renameat2(-100, names[0], -100, names[1], 2)  # AT_FDCWD; RENAME_EXCHANGE
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


# Without a twin.

def put_here(folder: Path, changes: dict[str, bytes | None], backup: str) -> None:
    """Lay the new files ready in the folder, then put them in their places one by one."""
    part = folder / f"{PENDING}.part"
    with cleared(part):
        for name, data in changes.items():
            if os.path.lexists(folder / name):
                keep(folder / name, part / "files" / backup / name)
            if data is not None:
                write(part / "files" / name, data)
        gone = [name for name, data in changes.items() if data is None]
        write(part / "gone.json", json.dumps(gone).encode())
        part.rename(folder / PENDING)
    finish_here(folder)


def finish_here(folder: Path) -> None:
    """Put in place what lies ready; as often as it takes."""
    pending = folder / PENDING
    for where, _, names in os.walk(pending / "files"):
        for name in names:
            place = folder / Path(where, name).relative_to(pending / "files")
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(Path(where, name), place)
    if (pending / "gone.json").exists():
        for name in json.loads((pending / "gone.json").read_bytes()):
            (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # something else is in it
                (folder / name).parent.rmdir()
    scrap(pending)


# Both.

def link(old: Path, new: Path) -> None:
    """Give a file, or a link to something, one more name."""
    new.parent.mkdir(parents=True, exist_ok=True)
    os.link(old, new, follow_symlinks=False)


def keep(old: Path, new: Path) -> None:
    """Give a file one more name, or copy it where files have one alone."""
    try:
        link(old, new)
    except (OSError, NotImplementedError):
        shutil.copy2(old, new, follow_symlinks=False)


def write(path: Path, data: bytes) -> None:
    """Write a file, and have it on the disk; a script may be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if data.startswith(b"#!"):
        path.chmod(0o755)


def scrap(tree: Path) -> None:
    """Remove a folder of ours, if it is there; its folders may be copies of read-only ones."""
    for where, _, _ in os.walk(tree):
        os.chmod(where, 0o700)
    shutil.rmtree(tree, ignore_errors=True)


def glob_of(name: str) -> str:
    """A pattern that matches this name alone."""
    return re.sub(r"([*?[])", r"[\1]", name)
