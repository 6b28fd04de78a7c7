"""What the grader forbids and a notebook may do: told from the exception that comes of it.

The student's process names the kind; the words are the grader's.
"""
import errno
import re
from collections.abc import Iterator
from traceback import walk_tb

WRITING, READING, PROCESS, NETWORK, MODULE, INPUT, OTHER = (
    "writing", "reading", "process", "network", "module", "input", "other")
WORDS = {
    WRITING: "the grader lets no file be written: leave that out, and return the value instead",
    READING: "the grader has no files of yours but modules beside the notebook: compute in a cell, "
             "or in the function, what is read here",
    PROCESS: "the grader lets no process be started: compute it in the function itself",
    NETWORK: "the grader opens no connection: all that an answer works with comes in its arguments",
    MODULE: "the grader has no module {name}: if it is your own, hand it in beside the notebook; "
            "of others NumPy has all that is needed",
    INPUT: "the grader types nothing in: let the cell hold what is asked for",
    OTHER: "the grader lets an answer compute, and neither write files nor start or end processes: "
           "leave that out, and return the value",
}
# Modules of Python's, and what it is that they are used for.
USES = {"subprocess": PROCESS, "multiprocessing": PROCESS, "concurrent": PROCESS,
        "socket": NETWORK, "urllib": NETWORK, "http": NETWORK, "ssl": NETWORK}
REFUSED = {errno.EPERM, errno.EROFS, errno.EACCES, errno.ENOENT}


def refused(error: BaseException) -> tuple[str, str]:
    """The kind of what was refused, and the module that is missing; empty where nothing was."""
    for cause in causes(error):
        if isinstance(cause, ModuleNotFoundError) and not is_package_s(cause.name):
            return MODULE, str(cause.name)
        if isinstance(cause, EOFError):
            return INPUT, ""
        if isinstance(cause, OSError) and (kind := kind_of(cause)):
            return kind, ""
    return "", ""


def is_package_s(name: str | None) -> bool:
    """True for a module of this package, which is left out where it answers an exercise."""
    return str(name).partition(".")[0] == "cs231n_lite"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and what it came of; what is raised while one is handled may be anything."""
    while error is not None:
        yield error
        error = error.__cause__ or (error.__context__ if isinstance(error, OSError) else None)


def kind_of(error: OSError) -> str:
    """What the system has refused; empty where it was not that."""
    users = (str(frame.f_globals.get("__name__")).partition(".")[0]
             for frame, _ in walk_tb(error.__traceback__))
    use = next((USES[user] for user in users if user in USES), "")
    if use == NETWORK or (use and error.errno in REFUSED):
        return use
    if isinstance(error, FileNotFoundError):  # also of the package's own, which has no number
        return READING
    if error.errno not in REFUSED:
        return ""
    if error.filename is None:
        return OTHER
    return WRITING if error.errno in (errno.EPERM, errno.EROFS) else READING


def told(kind: object, module: object) -> str:
    """The grader's words on what a process says it was refused; empty for anything else."""
    name = f"`{module}`" if re.fullmatch(r"[\w.]{1,60}", str(module)) else "of that name"
    return WORDS[kind].format(name=name) if isinstance(kind, str) and kind in WORDS else ""
