"""How the student's process is started: in bubblewrap, or with what the cage can do alone."""
import os
import shutil
import site
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cs231n_lite.grading.handout.handed import PACKAGE
from cs231n_lite.grading.running.cage import FILES, MEMORY, NETWORK, PROCESSES, SIGNALS
from cs231n_lite.grading.running.landlock import READING

OTHERS = "no view of other processes, and of what other files there are"
OF_BUBBLEWRAP = (READING, OTHERS)
ALL = (MEMORY, PROCESSES, NETWORK, FILES, SIGNALS, *OF_BUBBLEWRAP)
# Without a virtual environment, whose folder may be anybody's.
PYTHON = os.path.realpath(sys.executable)
# matplotlib wants a folder that it could write to, and writes nothing but a list of fonts, which it
# does without.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg", "MPLCONFIGDIR": "/tmp", "MATPLOTLIBRC": os.devnull,
    "MPL_IGNORE_SYSTEM_FONTS": "1",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/local/lib", "/usr/share/zoneinfo", "/lib",
          "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/alternatives")


class Limits(NamedTuple):
    """What a submission may use: seconds of waiting in all, bytes of memory, bytes of output.

    `search` are the seconds of computing in which the line of a wrong answer is looked for; 0 for
    no search.
    """

    seconds: float = 60.0
    memory: int = 2 * 2**30
    output: int = 2**20
    search: float = 1.0

    @property
    def set_up(self) -> float:
        """The seconds that imports, and the loading of images, may take beside them."""
        return self.seconds / 2

    @property
    def share(self) -> float:
        """The seconds that one exercise may take of them."""
        return self.seconds / 4


def libraries() -> list[str]:
    """The folders of installed packages, wherever NumPy is from; without what .pth files add."""
    paths = sysconfig.get_paths()
    own = [paths["purelib"], paths["platlib"], str(Path(np.__file__).parents[1]),
           *site.getsitepackages()]
    return [path for path in dict.fromkeys(own) if Path(path).is_dir()]


def interpreter(*arguments: str) -> list[str]:
    """The command of a Python that reads no settings, no .pth files, nothing where it runs."""
    return [PYTHON, "-I", "-S", "-B", "-X", "utf8", "-c", *arguments]


def bubblewrap(life: int | None = None) -> list[str]:
    """The command before another one: no network, its own processes, Python's files alone.

    The descriptor `life` stays open as long as anything in there lives.
    """
    seen = [part for path in visible() for part in ("--ro-bind-try", path, path)]
    emptied = [part for path in hidden() for part in ("--tmpfs", path)]
    watched = [] if life is None else ["--sync-fd", str(life)]
    return ["bwrap", *watched, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop",
            "ALL", "--proc", "/proc", "--dev", "/dev", "--size", str(2**24), "--tmpfs", "/tmp",
            *seen, *emptied, "--chdir", "/tmp", "--"]


def visible() -> list[str]:
    """What is seen in there: Python and its libraries, not the folders around them."""
    paths = sysconfig.get_paths()
    own = [PYTHON, f"{sys.base_prefix}/lib", f"{sys.base_prefix}/lib64", paths["stdlib"]]
    return list(dict.fromkeys([*SYSTEM, *own, *libraries()]))


def hidden() -> list[str]:
    """What of the visible is to be empty: every copy of this package, under every path to it."""
    installed = [Path(path, PACKAGE.name) for path in libraries()]
    copies = {PACKAGE, *(path.resolve() for path in installed if path.is_dir())}
    return sorted({str(Path(path, copy.relative_to(real))) for path in visible() for copy in copies
                   if copy.is_relative_to(real := Path(path).resolve())})


def readable() -> list[str]:
    """What may be read: the visible but the hidden; Landlock allows, and takes nothing back."""
    return [part for path in visible() for part in without(path, hidden())]


def without(path: str, left_out: list[str]) -> list[str]:
    """The path, or what is below it where something there is left out."""
    if path in left_out:
        return []
    if not any(Path(other).is_relative_to(path) for other in left_out):
        return [path]
    return [part for name in os.listdir(path) for part in without(f"{path}/{name}", left_out)]


@cache
def isolates() -> bool:
    """True where bubblewrap starts a Python with NumPy; it is tried, not merely found."""
    if not shutil.which("bwrap"):
        return False
    trial = f"import sys; sys.path[:0] = {libraries()}; import ctypes, numpy; print('in')"
    try:
        tried = subprocess.run([*bubblewrap(), *interpreter(trial)], env=ENVIRONMENT,
                               capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
                               check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.stdout.strip() == b"in"


def command(isolated: bool, life: int | None, *arguments: str) -> list[str]:
    """The command that runs Python code, isolated or not."""
    return [*(bubblewrap(life) if isolated else []), *interpreter(*arguments)]
