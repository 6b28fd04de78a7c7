"""What `import cs231n_lite.losses` takes on top of `import numpy`, in fresh processes."""
from functools import partial
from importlib import import_module
from statistics import median

from benchmarks.measure import fresh_process, seconds
from benchmarks.report import Figure


def milliseconds() -> list[float]:
    """Of the two imports, one after the other."""
    return [1000 * seconds(partial(import_module, name))
            for name in ("numpy", "cs231n_lite.losses")]


def figures(quick: bool) -> list[Figure]:
    """The one figure, after a run that compiles what is imported."""
    fresh_process(milliseconds)
    runs = [fresh_process(milliseconds) for _ in range(2 if quick else 15)]
    numpy, more = zip(*runs)
    return [Figure("`import cs231n_lite.losses`, beyond numpy", "`import numpy`", list(more), 30,
                   "ms", note=f"`import numpy` takes {median(numpy):.3g} ms")]
