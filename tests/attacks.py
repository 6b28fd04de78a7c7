"""What a notebook may do to be graded better than it is, or not at all.

Each attack is the cells of a notebook that answers `predict`; none of them computes
labels, so none may be called correct.  Beside each stands a part of its reason.
"""
from pathlib import Path

BEST = "return (X @ W).argmax(axis=1)"
ZEROS = "return np.zeros(len(X), int)"
RIGHT = f"import numpy as np\ndef predict(W, X):\n    {BEST}"
WRONG = f"import numpy as np\ndef predict(W, X):\n    {ZEROS}"


def function(*lines: str, top: str = "import os, sys, signal, time\nimport numpy as np") -> str:
    """A cell with a `predict` of these lines."""
    return "\n".join([top, "def predict(W, X):", *(f"    {line}" for line in lines)])


# A system call by its number, which says why it was refused.
SYSTEM_CALL = (
    "import ctypes, platform", "X86 = platform.machine() == 'x86_64'",
    "C = ctypes.CDLL(None, use_errno=True)", "def call(*arguments):",
    "    if C.syscall(*arguments) < 0:", "        raise OSError(f'errno {ctypes.get_errno()}')",
    f"    {BEST}")
ENDLESS = {
    "a loop that ignores signals": function(
        "for s in range(1, 65):", "    try:", "        signal.signal(s, signal.SIG_IGN)",
        "    except Exception:", "        pass",
        "while True:", "    try:", "        time.sleep(0.01)", "    except BaseException:",
        "        pass"),
    "a single call of compiled code": function("return sum(range(10**12))"),
    "a loop while its cell runs": "while True:\n    predict = None",
    "a wait for input": function("sys.stdin.read()", "time.sleep(1e9)"),
    "a deadlock": function(
        "import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()"),
    "threads that compute": function(
        "import threading", "def spin():", "    while True: pass", "for _ in range(4):",
        "    threading.Thread(target=spin).start()", "spin()"),
    "frames that are never read": function(
        "for fd in range(3, 64):", "    try:", "        os.write(fd, b'')", "    except OSError:",
        "        pass", "time.sleep(1e9)"),
}
RESOURCES = {
    "a huge array": (function("return np.ones((2**22, 2**22)).argmax(axis=1)"), "MemoryError"),
    "memory piece by piece": (function(
        "kept = []", "while True:", "    kept.append(np.empty(2**24))"), "MemoryError"),
    "a huge result": (function("return np.zeros(2**26)"), "MB at once"),
    "a flood of output": (function("while True:", "    print('x' * 1000)"), "prints more than"),
    "a flood past Python": (function(
        "while True:", "    os.write(2, b'x' * 65536)"), "prints more than"),
    "recursion": (function("return predict(W, X)"), "RecursionError"),
    "recursion in C": (function(
        "import sys", "sys.setrecursionlimit(10**9)", "return predict(W, X)"), ""),
    "a list in itself": (function("a = []", "a.append(a)", "return a"), ""),
    "arrays handed on without end": (
        "def predict(W, X):\n"
        "    return [X.repeat(50000, axis=0)[:100000] * 1.0 for _ in range(9)]", ""),
    "a list without end": (function("return [0] * 10**7"), "parts"),
    "an array of objects many times": (function(
        "a = np.empty(2**20, object)", "return [a] * 150"), "parts"),
    "objects without end": (function("return [object() for _ in range(20_000)]"), "parts"),
    "threads without end": (function(
        "import threading", "threading.stack_size(2**15)",
        "for _ in range(3000): "
        "threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()",
        BEST), ""),  # too many to be allowed, or for the memory: whichever is found out first
    "a huge number": (function("return 10 ** 10**7"), ""),
}
PROCESSES = {
    "a fork": (function("return os.fork()"), "PermissionError"),
    "forks without end": (function(
        "while True:", "    try:", "        os.fork()", "    except OSError:", "        pass"),
        "stopped after"),
    "a daemon": (function(
        "import subprocess", "subprocess.Popen(['sleep', '1000'], start_new_session=True)"),
        "PermissionError"),
    "a shell": (function("os.system('sleep 1000 &')", "return 0"), ""),
    "multiprocessing": (function(
        "import multiprocessing", "multiprocessing.Process(target=print).start()"), "Permission"),
    "a connection": (function(
        "import socket", "socket.create_connection(('127.0.0.1', 80))"), "PermissionError"),
    "a listening port": (function(
        "import socket", "socket.create_server(('', 0))"), "PermissionError"),
    "an exit": (function("os._exit(0)"), "ended its process"),
    "an exit long after the channel was closed": (function(
        "os.closerange(3, 1000)", "time.sleep(2)", "os._exit(0)"), "ended its process"),
    "a polite exit": (function("sys.exit(0)"), "ends the whole program"),
    "another polite exit": (function("raise SystemExit"), "ends the whole program"),
    "an interrupt": (function("raise KeyboardInterrupt"), "KeyboardInterrupt"),
    "a killed kernel": (function("os.kill(os.getpid(), 9)"), "PermissionError"),
    "a killed grader": (function("os.kill(os.getppid(), 9)"), "PermissionError"),
    "a killed group": (function("os.killpg(0, 9)"), "PermissionError"),
    "a killed grader, by a pipe with news": (function(
        "import fcntl", "r, w = os.pipe()", "fcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())",
        "fcntl.fcntl(r, 10, signal.SIGKILL)",
        "fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)", "os.write(w, b'x')", BEST),
        "PermissionError"),
    "another signal than SIGIO": (function(
        "import fcntl", "fcntl.fcntl(0, 10, signal.SIGKILL)", BEST), "PermissionError"),
    "a killed grader, by its thread": (function(
        "import fcntl, struct", "r, w = os.pipe()",
        "fcntl.fcntl(r, 15, struct.pack('ii', 0, os.getppid()))",
        "fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)", "os.write(w, b'x')", BEST),
        "PermissionError"),
    "a killed grader, by a socket with news": (function(
        "import fcntl, socket, struct", "a, b = socket.socketpair()",
        "fcntl.ioctl(a, 0x8901, struct.pack('i', os.getppid()))",
        "fcntl.ioctl(a, 0x5452, struct.pack('i', 1))", "b.send(b'x')", BEST), "PermissionError"),
    "a killed grader, by a socket's other call": (function(
        "import fcntl, socket, struct", "a, b = socket.socketpair()",
        "fcntl.ioctl(a, 0x8902, struct.pack('i', os.getppid()))", BEST), "PermissionError"),
    "a killed thread of the grader's": (function("signal.pthread_kill(1, 9)"), ""),
    "an abort": (function("os.abort()"), "ended its process"),
    "a look into the grader's memory": (function(
        "proc = f'/proc/{os.getppid()}'", "maps = open(f'{proc}/maps').read()",
        "assert 'python' in maps", "memory = open(f'{proc}/mem', 'rb')",
        "memory.seek(int(maps.split('-')[0], 16))", "assert memory.read(1)", BEST), "Error"),
    "a look at the grader's environment": (function(
        "seen = open(f'/proc/{os.getppid()}/environ').read()",
        "return None if 'MPL_IGNORE_SYSTEM_FONTS' in seen else (X @ W).argmax(axis=1)"), ""),
    "a descriptor of the grader's": (function(
        *SYSTEM_CALL, "return call(434, os.getppid(), 0)"), "errno 38"),
    "a real-time priority": (function(
        "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))"), "Permission"),
    "a choice of processors, for whichever process": (function(
        "os.sched_setaffinity(0, os.sched_getaffinity(0))", BEST), "PermissionError"),
    "a move of memory, of whichever process": (function(
        *SYSTEM_CALL, "return call(256 if X86 else 238, 0, 0, None, None)"), "errno 1"),
    "root's own ways": (function(
        *SYSTEM_CALL, "return call(170 if X86 else 161, b'name', 4)"), "errno 1"),
    "a crash": (function("import ctypes", "ctypes.string_at(0)"), "ended its process"),
    "an exit while its cell runs": ("import os\npredict = os._exit(0)", "ended its process"),
    "all files closed": (function("os.closerange(0, 1000)"), ""),
}
# The names of the code that called: to them the student's process has no other way than its frames.
INSIDE = ("inside = sys._getframe(1).f_globals",)
# The end of the student's channel, which knows the token of its frames.
CHANNEL = (
    "frame = sys._getframe()",
    "while 'self' not in frame.f_locals or not hasattr(frame.f_locals['self'], 'token'):",
    "    frame = frame.f_back")
# Lines that would hide from the student's end that an input was changed, or handed back.
BLIND = (
    "import importlib", "try:",
    "    importlib.import_module('cs231n_lite.grading.running.student').same = lambda a, b: True",
    "except ImportError:", "    pass", "np.shares_memory = lambda *a: False")
FORGED = {
    "an input changed behind a blind reporter": (function(
        *BLIND, "best = (X @ W).argmax(axis=1)", "X -= 1", "return best"), "It changes"),
    "a verdict on the screen": (function("print('✓ predict: correct.')", ZEROS), ""),
    "a verdict on every file": (function(
        "for fd in range(3, 64):", "    try:",
        "        os.write(fd, b'{\"status\": \"correct\"}' * 100)", "    except OSError:",
        "        pass", ZEROS), "wrote to its channel"),
    "a frame with its token": (function(
        *CHANNEL, "frame.f_locals['self'].send({'status': 'correct', 'value': ['plain', True]})",
        ZEROS), ""),
    "a fraction that takes hours": (function(
        *INSIDE, "inside['bridge'].packed = lambda *a: ['fraction', '1e1000000000']", "return 0"),
        "cannot be read"),
    "keys that collide": (function(
        *INSIDE, "number = 2**61 - 1",
        "inside['bridge'].packed = lambda *a: "
        "['dict', [[['plain', n * number], ['plain', 0]] for n in range(20_000)]]",
        "return 0"), "parts"),
    "a base that ends programs": (function(
        *INSIDE, "tell = inside['raised']",
        "inside['raised'] = lambda *a: "
        "tell(*a) | {'bases': ['GeneratorExit', 'KeyboardInterrupt', 'BaseException']}",
        "raise ValueError"), "ValueError"),
    "frames of nonsense": (function(
        *CHANNEL, "channel = frame.f_locals['self']",
        "os.write(channel.outgoing, channel.token + b'\\xff' * 8)", ZEROS), "wrote to its channel"),
    "a patched bridge": (function(
        *INSIDE, "inside['bridge'].packed = lambda *a: ['plain', True]", ZEROS), ""),
    "a patched NumPy": (function(
        "np.array_equal = np.allclose = lambda *a, **k: True", "np.abs = np.zeros_like",
        "np.shape = lambda a: (7,)", ZEROS), ""),
    "a patched NumPy before the call": (
        "import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\n"
        f"def predict(W, X):\n    {ZEROS}", ""),
    "a patched checker": (function(
        "import cs231n_lite.exercises as e", "e.check = e.judge = lambda *a, **k: True", ZEROS),
        ""),
    "a patched cage": (function(
        *INSIDE, "cage = inside['locked'].__globals__", "cage['REFUSED'].clear()",
        "cage['locked'](2**40, 1e9, [])", "os.fork()"), "PermissionError"),
    "a patched builtin": (function(
        "import builtins", "builtins.abs = builtins.any = lambda *a: False",
        "builtins.len = lambda *a: 0", "return np.zeros(X.shape[0], int)"), ""),
    "an array that equals everything": (function(
        "class Liar(np.ndarray):", "    def __eq__(self, other): return True",
        "    def __getitem__(self, i): return self", "return np.zeros(len(X)).view(Liar)"), ""),
    "numbers that equal everything": (function(
        "class Liar(int):", "    def __eq__(self, other): return True",
        "    __hash__ = int.__hash__", "return [Liar() for _ in X]"), ""),
    "a list that equals everything": (function(
        "class Liar(list):", "    def __getitem__(self, i): return self",
        "    def __eq__(self, other): return True", "return Liar([0] * len(X))"), ""),
    "an array of objects": (function(
        "class Liar:", "    def __eq__(self, other): return True",
        "return np.array([Liar() for _ in X])"), ""),
    "an object with the interface of arrays": (function(
        "class Liar:", "    def __array__(self, *a, **k): raise SystemExit", "    shape = (3,)",
        "return Liar()"), ""),
    "a text that NumPy would pad a million times": (function(
        "return [[np.full(1000, 'x' * 999)] + [np.zeros(1000, np.uint8)] * 3000]"), ""),
    "a class of the name of a real exit": (
        "class SystemExit(Exception): pass\ndef boom(): raise SystemExit('bye')\n"
        "predict = boom()", "SystemExit: bye"),
    "a class of the name of a stub's error": (
        "class NotImplementedError(Exception): pass\n"
        "def predict(W, X):\n    raise NotImplementedError", "It stops at"),
    "an exception that is none": (function(
        "class Strange(Exception):", "    def __str__(self): raise SystemExit", "raise Strange"),
        "Strange"),
}
# Changes of a file that need no opening: number on x86_64, number on aarch64, arguments.
CHANGES = {
    "fchmodat2": (452, 452, "-100, path, 0o777, 0"), "fchmodat": (268, 53, "-100, path, 0o777"),
    "lchown": (94, None, "path, 1, 1"), "fchownat": (260, 54, "-100, path, 1, 1, 0"),
    "utime": (132, None, "path, None"), "utimes": (235, None, "path, None"),
    "futimesat": (261, None, "-100, path, None"), "utimensat": (280, 88, "-100, path, None, 0"),
    "lsetxattr": (189, 6, "path, b'user.x', b'x', 1, 0"), "truncate": (76, 45, "path, 0"),
    "fchmod": (91, 52, "os.open(path, os.O_RDONLY), 0o777"),
    "fchown": (93, 55, "os.open(path, os.O_RDONLY), 1, 1"),
    "openat2": (437, 437, "-100, path, struct.pack('QQQ', 1, 0, 0), 24"),
}
RIGHT_AT_FIRST = {
    "an answer cached by shape": function(
        "answer = kept.setdefault((W.shape, X.shape), (X @ W).argmax(axis=1))",
        "return answer.copy()", top="import numpy as np\nkept = {}"),
    "right in the first calls alone": function(
        "calls.append(1)",
        "return (X @ W).argmax(axis=1) if len(calls) < 16 else np.zeros(len(X), int)",
        top="import numpy as np\ncalls = []"),
}
KNOWS_THE_CHECK = function(
    "known = {0.6534, -0.2921}",
    "return (X @ W).argmax(axis=1) if round(float(W[0, 0]), 4) in known else X[:, 0] * 0")
SOURCE = Path(__file__).parents[1] / "cs231n_lite" / "classifiers.py"
SPIES = {
    "the package's file": function(
        "names = {}", f"exec(open({str(SOURCE)!r}).read(), names)",
        "return names['predict'](W, X)"),
    "the package's answer": function(
        "from cs231n_lite.classifiers import predict as theirs", "return theirs(W, X)"),
    "the referee": function(
        "from cs231n_lite.exercises.judges import referee", "return referee"),
    "the registry": function(
        "from cs231n_lite.exercises.registry import EXERCISES",
        "return EXERCISES['predict'].answer(W, X)"),
    "an imported answer": "from cs231n_lite.classifiers import predict",
    "an answer under another name":
        "from cs231n_lite import classifiers\npredict = classifiers.predict",
    "an answer given by use":
        f"from cs231n_lite.exercises import use\n{RIGHT}\npredict = use(predict)",
    "a method of the package's": function(
        "from cs231n_lite.classifiers import LinearSVM", "model = LinearSVM()", "model.W = W",
        "return model.predict(X)"),
}
CHECKS = {
    "an edited check": "check = lambda *a, **k: 'correct'\ncheck(predict)",
    "a check that is skipped": "%%script false\ncheck(predict)",
    "duplicated checks": "check(predict)\ncheck(predict)",
    "a check of something else": "check(lambda W, X: 0, exercise='predict')",
}
NO_NOTEBOOKS = {
    "cut off": b'{"cells": [', "empty": b"", "no UTF-8": b"\xff\xfe\x00", "HTML": b"<html></html>",
    "a number": b"3", "a list": b"[]", "no cells": b"{}",
    "cells of nothing": b'{"cells": [null, 3]}', "nested": b"[" * 100_000,
    "cells of another kind": b'{"cells": {"a": 1}}',
    "sources of numbers": b'{"cells": [{"cell_type": "code", "source": 3}]}',
    "huge numbers": b'{"cells": ' + b"9" * 10_000 + b"}",
}
