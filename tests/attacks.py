"""What a notebook may do to be graded better than it is, or not at all.

Each attack is the cells of a notebook that answers `predict`; none of them computes
labels, so none may be called correct.  Beside each stands a part of its reason.
"""
RIGHT = "import numpy as np\ndef predict(W, X):\n    return (X @ W).argmax(axis=1)"
WRONG = "import numpy as np\ndef predict(W, X):\n    return np.zeros(len(X), int)"


def function(*lines: str, top: str = "import os, sys, signal, time\nimport numpy as np") -> str:
    """A cell with a `predict` of these lines."""
    return "\n".join([top, "def predict(W, X):", *(f"    {line}" for line in lines)])


ENDLESS = {
    "a loop that ignores signals": function(
        "for s in range(1, 65):", "    try:", "        signal.signal(s, signal.SIG_IGN)", "    except Exception:",
        "        pass", "while True:", "    try:", "        time.sleep(0.01)", "    except BaseException:", "        pass"),
    "a single call of compiled code": function("return sum(range(10**12))"),
    "a loop while its cell runs": "while True:\n    predict = None",
    "a wait for input": function("sys.stdin.read()", "time.sleep(1e9)"),
    "a deadlock": function("import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()"),
    "threads that compute": function(
        "import threading", "def spin():", "    while True: pass", "for _ in range(4):",
        "    threading.Thread(target=spin).start()", "spin()"),
    "frames that are never read": function(
        "for fd in range(3, 64):", "    try:", "        os.write(fd, b'')", "    except OSError:", "        pass",
        "time.sleep(1e9)"),
}
RESOURCES = {
    "a huge array": (function("return np.ones((2**22, 2**22)).argmax(axis=1)"), "MemoryError"),
    "memory piece by piece": (function("kept = []", "while True:", "    kept.append(np.empty(2**24))"), "MemoryError"),
    "a huge result": (function("return np.zeros(2**26)"), "MB at once"),
    "a flood of output": (function("while True:", "    print('x' * 1000)"), "prints more than"),
    "a flood past Python": (function("while True:", "    os.write(2, b'x' * 65536)"), "prints more than"),
    "recursion": (function("return predict(W, X)"), "RecursionError"),
    "recursion in C": (function("import sys", "sys.setrecursionlimit(10**9)", "return predict(W, X)"), ""),
    "a list in itself": (function("a = []", "a.append(a)", "return a"), ""),
    "arrays handed on without end": (
        "def predict(W, X):\n    return [X.repeat(50000, axis=0)[:100000] * 1.0 for _ in range(9)]", ""),
    "a list without end": (function("return [0] * 10**7"), "parts"),
    "a huge number": (function("return 10 ** 10**7"), ""),
}
PROCESSES = {
    "a fork": (function("return os.fork()"), "PermissionError"),
    "forks without end": (function("while True:", "    try:", "        os.fork()", "    except OSError:", "        pass"),
                          "stopped after"),
    "a daemon": (function("import subprocess", "subprocess.Popen(['sleep', '1000'], start_new_session=True)"),
                 "PermissionError"),
    "a shell": (function("os.system('sleep 1000 &')", "return 0"), ""),
    "multiprocessing": (function("import multiprocessing", "multiprocessing.Process(target=print).start()"), "Permission"),
    "a connection": (function("import socket", "socket.create_connection(('127.0.0.1', 80))"), "PermissionError"),
    "a listening port": (function("import socket", "socket.create_server(('', 0))"), "PermissionError"),
    "an exit": (function("os._exit(0)"), "ended its process"),
    "a polite exit": (function("sys.exit(0)"), "ends the whole program"),
    "another polite exit": (function("raise SystemExit"), "ends the whole program"),
    "an interrupt": (function("raise KeyboardInterrupt"), "KeyboardInterrupt"),
    "a killed kernel": (function("os.kill(os.getpid(), 9)"), "PermissionError"),
    "a killed grader": (function("os.kill(os.getppid(), 9)"), "PermissionError"),
    "a killed group": (function("os.killpg(0, 9)"), "PermissionError"),
    "a killed thread of the grader's": (function("signal.pthread_kill(1, 9)"), ""),
    "an abort": (function("os.abort()"), "ended its process"),
    "a crash": (function("import ctypes", "ctypes.string_at(0)"), "ended its process"),
    "an exit while its cell runs": ("import os\npredict = os._exit(0)", "ended its process"),
    "all files closed": (function("os.closerange(0, 1000)"), ""),
}
FORGED = {
    "a verdict on the screen": (function("print('✓ predict: correct.')", "return np.zeros(len(X), int)"), ""),
    "a verdict on every file": (function(
        "for fd in range(3, 64):", "    try:", "        os.write(fd, b'{\"status\": \"correct\"}' * 100)",
        "    except OSError:", "        pass", "return np.zeros(len(X), int)"), "wrote to its channel"),
    "a frame with its token": (function(
        "frame = sys._getframe()", "while 'self' not in frame.f_locals or not hasattr(frame.f_locals['self'], 'token'):",
        "    frame = frame.f_back", "frame.f_locals['self'].send({'status': 'correct', 'value': ['plain', True]})",
        "return np.zeros(len(X), int)"), ""),
    "frames of nonsense": (function(
        "frame = sys._getframe()", "while 'self' not in frame.f_locals or not hasattr(frame.f_locals['self'], 'token'):",
        "    frame = frame.f_back", "channel = frame.f_locals['self']",
        "os.write(channel.outgoing, channel.token + b'\\xff' * 8)", "return np.zeros(len(X), int)"), "wrote to its channel"),
    "a patched bridge": (function(
        "import cs231n_lite.grading.bridge as bridge", "bridge.packed = lambda *a: ['plain', True]",
        "return np.zeros(len(X), int)"), ""),
    "a patched NumPy": ("import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\nnp.abs = np.zeros_like\n" + WRONG,
                        ""),
    "a patched checker": ("import cs231n_lite.exercises as e\ne.check = e.judge = lambda *a: True\n" + WRONG, ""),
    "a patched builtin": ("import builtins\nbuiltins.abs = builtins.any = lambda *a: False\n" + WRONG, ""),
    "an array that equals everything": (function(
        "class Liar(np.ndarray):", "    def __eq__(self, other): return True", "    def __getitem__(self, i): return self",
        "return np.zeros(len(X)).view(Liar)"), ""),
    "numbers that equal everything": (function(
        "class Liar(int):", "    def __eq__(self, other): return True", "    __hash__ = int.__hash__",
        "return [Liar() for _ in X]"), ""),
    "a list that equals everything": (function(
        "class Liar(list):", "    def __getitem__(self, i): return self", "    def __eq__(self, other): return True",
        "return Liar([0] * len(X))"), ""),
    "an array of objects": (function(
        "class Liar:", "    def __eq__(self, other): return True", "return np.array([Liar() for _ in X])"), ""),
    "an object with the interface of arrays": (function(
        "class Liar:", "    def __array__(self, *a, **k): raise SystemExit", "    shape = (3,)", "return Liar()"), ""),
    "an exception that is none": (function(
        "class Strange(Exception):", "    def __str__(self): raise SystemExit", "raise Strange"), "Strange"),
}
RIGHT_AT_FIRST = {
    "an answer cached by shape": function(
        "answer = kept.setdefault((W.shape, X.shape), (X @ W).argmax(axis=1))", "return answer.copy()",
        top="import numpy as np\nkept = {}"),
    "right in the first calls alone": function(
        "calls.append(1)", "return (X @ W).argmax(axis=1) if len(calls) < 16 else np.zeros(len(X), int)",
        top="import numpy as np\ncalls = []"),
}
KNOWS_THE_CHECK = function(
    "known = {0.6534, -0.2921}", "return (X @ W).argmax(axis=1) if round(float(W[0, 0]), 4) in known else X[:, 0] * 0")
SPIES = {
    "the package's answer": function("from cs231n_lite.classifiers import predict as theirs", "return theirs(W, X)"),
    "the referee": function("from cs231n_lite.exercises import referee", "return referee"),
    "the registry": function("from cs231n_lite.exercises.registry import EXERCISES", "return EXERCISES['predict'].answer(W, X)"),
    "an imported answer": "from cs231n_lite.classifiers import predict",
    "an answer under another name": "from cs231n_lite import classifiers\npredict = classifiers.predict",
    "an answer given by use": "from cs231n_lite.exercises import use\n" + RIGHT + "\npredict = use(predict)",
    "a method of the package's": function(
        "from cs231n_lite.classifiers import LinearSVM", "model = LinearSVM()", "model.W = W", "return model.predict(X)"),
}
CHECKS = {
    "an edited check": "check = lambda *a, **k: 'correct'\ncheck(predict)",
    "a check that is skipped": "%%script false\ncheck(predict)",
    "duplicated checks": "check(predict)\ncheck(predict)",
    "a check of something else": "check(lambda W, X: 0, exercise='predict')",
}
NO_NOTEBOOKS = {
    "cut off": b'{"cells": [', "empty": b"", "no UTF-8": b"\xff\xfe\x00", "HTML": b"<html></html>", "a number": b"3",
    "a list": b"[]", "no cells": b"{}", "cells of nothing": b'{"cells": [null, 3]}', "nested": b"[" * 100_000,
    "cells of another kind": b'{"cells": {"a": 1}}', "sources of numbers": b'{"cells": [{"cell_type": "code", "source": 3}]}',
    "huge numbers": b'{"cells": ' + b"9" * 10_000 + b"}",
}
