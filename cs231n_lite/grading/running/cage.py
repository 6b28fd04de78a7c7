"""Limits that the student's process puts on itself before its code runs, and cannot lift.

On Linux a seccomp filter refuses what a function of arrays never needs: new
processes, other programs, sockets, signals to others, and any change of a file;
Landlock refuses to read others' files.  A refused call raises PermissionError in
the student's code.
"""
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable

from cs231n_lite.grading.running.landlock import READING, confined

PROCESSES, NETWORK, FILES, SIGNALS = ("no new processes", "no network", "no writing of files",
                                      "no signals to others")
MEMORY = "memory"

# Numbers of system calls, from the kernel's tables: (x86_64, aarch64); None where there is none.
REFUSED = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "socket": (41, 198), "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "bpf": (321, 280),
    "creat": (85, None), "truncate": (76, 45), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "perf_event_open": (298, 241),
    "shmget": (29, 194), "shmat": (30, 196), "mq_open": (240, 180),
    "msgget": (68, 186), "semget": (64, 190), "memfd_create": (319, 279), "add_key": (248, 217),
    "keyctl": (250, 219), "request_key": (249, 218),
    "setpriority": (141, 140), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "ioprio_set": (251, 30),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "kcmp": (312, 272),
    "get_robust_list": (274, 100),
}
# "No such call": the C library then takes an older one.  All since the kernel's 5.1, where both
# have the same numbers.
NEWEST, MISSING = 424, 0x00050026
OPEN, OPENAT, CLONE, TGKILL, PRLIMIT, PRCTL = ((2, None), (257, 56), (56, 220), (234, 131),
                                               (302, 261), (157, 167))
# A pipe or socket may have the kernel send any signal to any process of the same user, at the news
# of a byte.
FCNTL, NEWS_BY_FCNTL = (72, 25), (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
# FIOSETOWN, SIOCSPGRP, FIOASYNC.
IOCTL, INTO_TERMINAL, NEWS_BY_IOCTL = (16, 29), 0x5412, (0x8901, 0x8902, 0x5452)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
ALLOW, EPERM = 0x7FFF0000, 0x00050001
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
THREAD = 0x00010000
CAPABILITIES = 0x20080522
NO_NEW_PRIVILEGES, SECCOMP, FILTER, DUMPABLE, DIE_WITH_PARENT, KILL = 38, 22, 2, 4, 1, 9


def locked(memory: int, seconds: float, readable: list[str]) -> list[str]:
    """Set all limits that this system has; returns their names."""
    enforced = [MEMORY] if limited(memory, seconds) else []
    if sys.platform == "linux" and unprivileged():
        enforced += [READING] if confined(readable) else []
        enforced += [PROCESSES, NETWORK, FILES, SIGNALS] if filtered() else []
    return enforced


def unprivileged() -> bool:
    """Give up every right that could lift a limit; False where the system does not let us.

    From then on this process ends with the grader.
    Without what root may do beyond others it can neither look into the grader nor change the
    machine.
    """
    header, none = struct.pack("Ii", CAPABILITIES, 0), bytes(24)
    control(DIE_WITH_PARENT, KILL)
    control(DUMPABLE, 0)
    return ctypes.CDLL(None).capset(header, none) == 0 and control(NO_NEW_PRIVILEGES, 1) == 0


def control(option: int, *values: int) -> int:
    """The system call prctl."""
    return ctypes.CDLL(None).prctl(
        option, *(ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]))


def limited(memory: int, seconds: float) -> bool:
    """Limit memory, computing time, size of files and core dumps; False where the system cannot."""
    try:
        import resource
    except ImportError:
        return False
    limits = {"CORE": 0, "FSIZE": 2**20, "CPU": int(seconds) + 5, "AS": memory}
    try:
        for name, limit in limits.items():
            which = getattr(resource, f"RLIMIT_{name}")
            _, hard = resource.getrlimit(which)
            limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(which, (limit, limit))
    except (OSError, ValueError):
        return False
    return sys.platform == "linux"


def filtered() -> bool:
    """Install the filter; False where the system has none, or does not let us."""
    known = ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    program = b"".join(filter_of(*known))
    buffer = ctypes.create_string_buffer(program)
    fprog = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8,
                                                    ctypes.addressof(buffer)))
    return control(SECCOMP, FILTER, ctypes.addressof(fprog)) == 0


def shield(on: bool) -> None:
    """Let no process of the same user look into this one, or let them again, where that works."""
    if sys.platform == "linux":
        control(DUMPABLE, int(not on))


def filter_of(column: int, architecture: int) -> list[bytes]:
    """The filter as instructions of the Berkeley packet filter, 8 bytes each."""
    program = [step(LOAD, ARCHITECTURE), step(EQUAL, architecture, 1, 0), step(RETURN, EPERM),
               step(LOAD, NUMBER), step(AT_LEAST, NEWEST, 0, 1), step(RETURN, MISSING)]
    return [
        *program,
        *refused(filter(None, (numbers[column] for numbers in REFUSED.values()))),
        *unless(OPEN[column], 1, step(ANY_BIT, WRITING, 0, 1), step(RETURN, EPERM)),
        *unless(OPENAT[column], 2, step(ANY_BIT, WRITING, 0, 1), step(RETURN, EPERM)),
        *unless(CLONE[column], 0, step(ANY_BIT, THREAD, 1, 0), step(RETURN, EPERM)),
        *unless(TGKILL[column], 0, step(EQUAL, os.getpid(), 1, 0), step(RETURN, EPERM)),
        *unless(PRCTL[column], 0, step(EQUAL, DIE_WITH_PARENT, 0, 1), step(RETURN, EPERM)),
        *unless(FCNTL[column], 1, *refused(NEWS_BY_FCNTL)),
        *unless(IOCTL[column], 1, *refused((INTO_TERMINAL, *NEWS_BY_IOCTL))),
        *unless(PRLIMIT[column], 0, step(EQUAL, 0, 1, 0), step(RETURN, EPERM)),
        step(RETURN, ALLOW)
    ]


def refused(values: Iterable[int]) -> list[bytes]:
    """Refuse each of these values."""
    return [part for value in values for part in (step(EQUAL, value, 0, 1), step(RETURN, EPERM))]


def unless(number: int | None, argument: int, *refusal: bytes) -> list[bytes]:
    """For one call: look at that argument, refuse or allow; any other call goes on behind."""
    if number is None:
        return []
    body = [step(LOAD, ARGUMENTS + 8 * argument), *refusal, step(RETURN, ALLOW)]
    return [step(EQUAL, number, 0, len(body)), *body]


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction."""
    return struct.pack("HBBI", code, if_true, if_false, value)
