"""Linear image classification: the multiclass SVM and softmax, on CIFAR-10.

The pipeline, one module per stage:

    data        which dataset; files -> arrays; splits
    cartoon     the built-in stand-in, drawn from a seed
    download    fetch, verify and unpack CIFAR-10
    preprocess  flatten, subtract the mean image, append the ones
    losses      scores -> loss and gradient
    optim       minibatches and gradient descent
    classifiers LinearSVM and Softmax: train, predict
    gradcheck   is the gradient the slope of the loss?
    tune        search for learning rate and regularization strength
    plots       pictures of all of it

`checks` holds what all of these refuse, and in which sentence (`checks_basic` of any array,
`checks_gradients` of gradients, `checks_pictures` of images); `places` what a dataset may be
called, and where things are kept; `contents` what a picture holds, for tests; `absent` what
stands in the place of an answer in a handout.  `engine` is the same mathematics where it has
to be fast, large or at home in scikit-learn; `exercises` the classroom: check, hint,
solution, use and progress; `explorer` the interactive demo; `grading` the teacher's side.
"""
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

if sys.version_info < (3, 11):  # noqa: UP036  a kernel may be any Python
    raise ImportError("cs231n_lite needs Python 3.11 or newer, and this is "
                      f"{sys.version.split()[0]}: choose the Python of .venv as the kernel.")

STAGES = ("data", "cartoon", "download", "preprocess", "losses", "optim", "classifiers",
          "gradcheck", "tune", "plots")


def __getattr__(name: str) -> Any:
    """A module by its name, imported only now; ImportError, saying where it is, for what one holds.

    AttributeError would be lost: `from cs231n_lite import load` has a text of its own for that.
    """
    if not name.startswith("_"):
        if find_spec(f"{__name__}.{name}"):
            return import_module(f"{__name__}.{name}")
        for part in (*STAGES, "exercises", "explorer"):
            found = getattr(import_module(f"{__name__}.{part}"), name, None)
            if str(getattr(found, "__module__", "")).startswith(__name__):
                raise ImportError(f"cs231n_lite itself holds no {name}; expected "
                                  f"`from cs231n_lite.{part} import {name}`.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
