"""What a crash says to a student: their own line that failed, its shapes, what it usually means."""
import ast
import linecache
import sysconfig
import traceback
from pathlib import Path
from types import FrameType

import numpy as np

LIBRARIES = tuple({sysconfig.get_paths()[key]
                   for key in ("stdlib", "platstdlib", "purelib", "platlib")}
                  | {str(Path(np.__file__).parents[1]), str(Path(__file__).parents[2])})

MEANINGS = {
    "IndexError":
        "An index is larger than the array it points into. "
        "X, y and the scores have one row per sample i, scores and W one column per class j: "
        "look for `[j]` where `[i]` belongs, or a loop that goes one too far.",
    "broadcast":
        "These shapes do not fit together entry by entry. To combine each row with one number of "
        "its own, the numbers must be a column: think of keepdims, or of a new axis.",
    "matmul":
        "In a matrix product the columns of the left factor must be as many as the rows of the "
        "right one. X is (N, D), W is (D, C); look at the order and at what has to be transposed.",
    "NameError":
        "A name is used that nothing has given a value. Is it misspelt, or from another cell? "
        "Inside the function there are only its arguments and what it computes.",
    "UnboundLocalError":
        "A variable is used before it has a value, or gets one only on a branch or in a loop that "
        "did not run. Give it a value at the top of the function.",
    "None":
        "Something is None here: "
        "a variable still at its first value, or the result of a function that returns nothing.",
    "ZeroDivisionError":
        "The divisor is 0: a count that was never increased, "
        "or an integer division that rounds down.",
    "ambiguous":
        "An `if` or `and` needs one True or False and got an array of them. "
        "Use a loop, or a mask with NumPy.",
    "float index":
        "An index must be an integer; this one is a float. Labels come as integers in y; "
        "a product or np.zeros makes floats.",
    "casting":
        "An array of integers cannot take floats in place. "
        "Make it with np.zeros, whose entries are floats.",
    "argument":
        "It was called with other arguments than it takes. Keep the signature of the stub.",
    "AttributeError":
        "The object has no such attribute: look at its type, and at the spelling.",
    "KeyError":
        "The dictionary has no such key: look at how the entries were stored.",
    "RecursionError":
        "The function calls itself without end.",
    "joined":
        "Arrays that are joined need the same number of dimensions and, "
        "but for the axis along which they meet, the same lengths. "
        "Look at that axis, and at what has one dimension where it needs two.",
    "inhomogeneous":
        "The parts have different lengths, so that they make no array.",
}
WORDS = {
    "could not be broadcast": "broadcast", "could not broadcast": "broadcast",
    "not aligned": "matmul", "matmul": "matmul", "NoneType": "None",
    "truth value of an array": "ambiguous", "same_kind": "casting",
    "only integers": "float index", "must be of integer": "float index",
    "positional argument": "argument", "unexpected keyword": "argument",
    "list indices must be integers": "float index", "inhomogeneous": "inhomogeneous",
    "arrays used as indices": "float index", "all the input array": "joined",
}


def meaning(error: BaseException) -> str:
    """What such an error usually means; empty when there is nothing to say."""
    by_words = next((MEANINGS[key] for words, key in WORDS.items() if words in str(error)), "")
    return by_words or MEANINGS.get(type(error).__name__, "")


def where(error: BaseException) -> str:
    """' at `line`, where W is (11, 4) and X (5, 11)', of the student's own line; '' without source.

    An exception that was raised in another process brings this along.
    """
    if isinstance(told := getattr(error, "where", None), str):
        return told
    frames = [(frame, number)
              for frame, number in traceback.walk_tb(error.__traceback__) if is_own(frame)]
    if not frames:
        return ""
    frame, number = frames[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    return f" at `{line}`{shapes_on(line, frame)}" if line else ""


def is_own(frame: FrameType) -> bool:
    """True unless the code comes from Python, an installed package or this one."""
    name = frame.f_code.co_filename
    return (not name.startswith(LIBRARIES) and not name.startswith("<frozen")
            and not name.startswith("<__array"))


def shapes_on(line: str, frame: FrameType) -> str:
    """The shapes of the arrays that the line names, in words."""
    names = dict.fromkeys(node.id for node in ast.walk(parsed(line)) if isinstance(node, ast.Name))
    found = [f"{name} has shape {frame.f_locals[name].shape}" for name in names
             if isinstance(frame.f_locals.get(name), np.ndarray)]
    return f", where {' and '.join(found)}," if found else ""


def parsed(line: str) -> ast.AST:
    """The syntax of a line that may be half a statement."""
    for text in (line, f"{line} pass", line.removesuffix("\\")):
        try:
            return ast.parse(text)
        except SyntaxError:
            continue
    return ast.Module([], [])
