"""How the student's process is started: inside bubblewrap where that works, else with what the cage can do alone."""
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.grading.cage import FILES, MEMORY, NETWORK, PROCESSES, SIGNALS

OTHERS = "no view of other files, HOME and other submissions among them"
ALL = (MEMORY, PROCESSES, NETWORK, FILES, SIGNALS, OTHERS)
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg", "MPLCONFIGDIR": "/nonexistent",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives")


class Limits(NamedTuple):
    """What a submission may use: seconds of waiting, all in all; bytes of memory; bytes of output."""

    seconds: float = 60.0
    memory: int = 2 * 2**30
    output: int = 2**20

    @property
    def share(self) -> float:
        """The seconds that one exercise may take of them."""
        return self.seconds / 4


def libraries() -> list[str]:
    """The folders of installed packages, without what their .pth files add."""
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"]]))


def interpreter(*arguments: str) -> list[str]:
    """The command of a Python that reads no settings, no .pth files and nothing from the folder that it runs in."""
    return [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", *arguments]


def bubblewrap(life: int | None = None) -> list[str]:
    """The command that goes before another one: no network, its own processes, of the files Python's alone.

    The descriptor `life` stays open as long as anything in there lives.
    """
    prefixes = [sys.base_prefix, sys.prefix, *libraries()]
    seen = [part for path in dict.fromkeys([*SYSTEM, *prefixes]) for part in ("--ro-bind-try", path, path)]
    hidden = [part for path in libraries() if Path(path, "cs231n_lite").is_dir()
              for part in ("--tmpfs", f"{path}/cs231n_lite")]
    watched = [] if life is None else ["--sync-fd", str(life)]
    return ["bwrap", *watched, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *seen, *hidden,
            "--proc", "/proc", "--dev", "/dev", "--size", str(2**24), "--tmpfs", "/tmp", "--chdir", "/tmp", "--"]


@cache
def isolates() -> bool:
    """True where bubblewrap is installed and does start a Python; it is tried, not merely found."""
    if not shutil.which("bwrap"):
        return False
    try:
        tried = subprocess.run([*bubblewrap(), *interpreter("import json, ctypes; print('in')")], env=ENVIRONMENT,
                               capture_output=True, timeout=20, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.stdout.strip() == b"in"


def command(isolated: bool, life: int | None, *arguments: str) -> list[str]:
    """The command that runs Python code, isolated or not."""
    return [*(bubblewrap(life) if isolated else []), *interpreter(*arguments)]
