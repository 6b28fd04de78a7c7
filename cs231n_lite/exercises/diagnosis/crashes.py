"""What a crash says to a student: their own line that failed, its shapes, and what is wrong there.

The advice comes from the values at that line.  Where they do not tell, there is none: advice that
does not fit costs more than the exception's own words.
"""
import ast
import re
from collections.abc import Callable

from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis import calls, indices, shapes, spelling, values
from cs231n_lite.exercises.diagnosis.scene import Scene, is_own, said, scene_of, steps
from cs231n_lite.exercises.frontend import lines_above

SHAPE = r"(\([\d, ]*\))"
# The first rule whose words are in the exception's text, and that has something to say, says it.
RULES: tuple[tuple[type[BaseException], str, Callable[..., str]], ...] = (
    (ValueError, f"operands could not be broadcast together with shapes {SHAPE} {SHAPE}",
     shapes.broadcast),
    (ValueError, f"could not broadcast input array from shape {SHAPE} into shape {SHAPE}",
     shapes.assigned),
    (ValueError, f"value array of shape {SHAPE} could not be .* result of shape {SHAPE}",
     shapes.assigned),
    (ValueError, r"setting an array element with a sequence\.$", shapes.one_place),
    (ValueError, f"shapes {SHAPE} and {SHAPE} not aligned", shapes.product),
    (ValueError, r"matmul: .*\(size (\d+) is different from (\d+)\)",
     lambda scene, right, left: shapes.product(scene, left, right)),
    (ValueError, r"cannot reshape array of size (\d+) into shape (\([\d, ]*\))",
     lambda scene, size, shape: shapes.outside(scene, *shapes.shape_of(shape))),
    (ValueError, r"along dimension (\d), the array at index 0 has size (\d+) .* has size (\d+)",
     shapes.joined),
    (ValueError, r"at index 0 has (\d) dimension.* at index 1 has (\d) dim",
     shapes.joined_dimensions),
    (ValueError, r"axis (-?\d+) is out of bounds for array of dimension (\d)", indices.no_axis),
    (IndexError, r"array is (\d)-dimensional, but (\d) were indexed", indices.too_many),
    (IndexError, r"index (-?\d+) is out of bounds for axis (\d) with size (\d+)",
     indices.out_of_bounds),
    (IndexError, r"axis (\d); size of axis is (\d+) .* boolean axis is (\d+)", indices.mask),
    (IndexError, f"indexing arrays could not be .* shapes {SHAPE} {SHAPE}", indices.not_paired),
    (IndexError, r"only integers, slices|must be of integer", indices.not_integer),
    (IndexError, r"(list|tuple) (?:assignment )?index out of range", indices.no_entry),
    (IndexError, "invalid index to scalar", indices.scalar),
    (TypeError, r"list indices must be integers or slices, not (\S+)", indices.list_index),
    (TypeError, r"'(?:numpy\.)?(?:int|float)\d*' object (?:is not subscriptable|does not support)",
     indices.scalar),
    (KeyError, "", indices.no_key),
    (UnboundLocalError, r"variable '(\w+)'", spelling.no_value_yet),
    (NameError, r"name '(\w+)' is not defined", spelling.missing),
    (ImportError, r"No module named '([\w.]+)'", spelling.not_installed),
    (AttributeError, r"NoneType", values.nothing),
    (AttributeError, r"no attribute '(\w+)'", spelling.no_attribute),
    (TypeError, "NoneType", values.nothing),
    (TypeError, r"unexpected keyword argument '(\w+)'", spelling.keyword),
    (TypeError, r"'([\w.]+)' object is not callable", calls.not_callable),
    (TypeError, "unhashable type: '(.*)'", values.key),
    (TypeError, r"(?:method|function|Dispatcher|ufunc|type)' object is not subscriptable",
     calls.with_square_brackets),
    (TypeError, "'(?:numpy.)?(?:int|float)\\d*' object is not iterable", calls.not_iterable),
    (TypeError, "be interpreted as an integer|integer scalar arrays|single integer, got",
     calls.not_counted),
    (TypeError, "unsupported format string passed to numpy.ndarray", values.shown),
    (TypeError, r"output from dtype\('float\d+'\) to dtype\('(\w+)'\)", values.casting),
    (TypeError, "unsupported operand|not supported|concatenate list|multiply sequence|bad operand",
     values.operation),
    (TypeError, "", calls.misused),
    (ValueError, "truth value of an array", values.truth),
    (ValueError, "values to unpack", values.unpacked),
    (ValueError, "read-only", values.read_only),
    (ValueError, "math domain error|expected a positive input", calls.no_logarithm),
    (ValueError, "a must be 1-dimensional", calls.draws),
    (ValueError, "larger sample than population", calls.all_different),
    (OverflowError, "", calls.too_large),
    (ZeroDivisionError, "", values.zero),
    (RecursionError, "", calls.itself),
    (OSError, "", values.file),
)
SIGNATURE = "It was called with other arguments than it takes. Keep the signature of the stub."


def meaning(error: BaseException) -> str:
    """What is wrong where such an exception was raised; empty when there is nothing to say.

    An exception that was raised in another process brings this along.
    """
    if isinstance(told := getattr(error, "means", None), str):
        return told
    scene = scene_of(error)
    if scene is None:
        is_called = not any(is_own(step.tb_frame) for step in steps(error))
        return SIGNATURE if is_called and re.search(
            "positional argument|unexpected keyword", said(error)) else ""
    if scene.is_ours or isinstance(scene.node, (ast.Raise, ast.Assert)):
        return ""
    return advice(scene, type(error))


def advice(scene: Scene, kind: type[BaseException]) -> str:
    """What the first rule that knows the crash has to say."""
    for known, words, rule in RULES:
        if issubclass(kind, known) and (found := re.search(words, scene.said)):
            try:
                if text := rule(scene, *found.groups()):
                    return text
            except Exception:  # source that is not what ran: then there is nothing to say
                return ""
    return ""


def where(error: BaseException) -> str:
    """' at line 9, `...`, where W has shape (11, 4),', of the student's own; '' without source.

    An exception that was raised in another process brings this along.
    """
    if isinstance(told := getattr(error, "where", None), str):
        return told
    scene = scene_of(error)
    return f" at line {number(error)}, `{quoted(scene)}`,{shapes_on(scene)}" if scene else ""


def number(error: BaseException) -> int | None:
    """The number of that line, as the cell or the file counts; None without source.

    An exception that was raised in another process brings this along.
    """
    if isinstance(told := getattr(error, "number", None), int):
        return told
    scene = scene_of(error)
    return scene.number + lines_above(scene.frame.f_code.co_filename) if scene else None


def quoted(scene: Scene) -> str:
    """The line that failed; of an expression over several lines, that."""
    node = scene.node
    is_long = node is not None and node.end_lineno != node.lineno and not hasattr(node, "body")
    if is_long and (code := scene.code(node)):
        return code.strip("`")
    return scene.line


def shapes_on(scene: Scene) -> str:
    """The shapes of the arrays that the line names, in words."""
    last = getattr(scene.node, "end_lineno", scene.number) if isinstance(
        scene.node, ast.expr) else scene.number
    names = dict.fromkeys(node.id for node in ast.walk(scene.tree) if isinstance(node, ast.Name)
                          and scene.number <= node.lineno <= last)
    values = {name: scene.locals.get(name) for name in names}
    found = [f"{name} has shape {value.shape}" for name, value in values.items()
             if type(value) is Array]
    return f" where {' and '.join(found)}," if found else ""
