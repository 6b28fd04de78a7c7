"""Explorer(): the explorer in a notebook, with the arithmetic done by Python."""
from typing import Any

import anywidget
import traitlets
from IPython.display import publish_display_data
from numpy import ndarray as Array

from cs231n_lite.absent import Absent
from cs231n_lite.checks import Loss
from cs231n_lite.explorer.arithmetic import LOSSES, YOURS, name_of, weights
from cs231n_lite.explorer.bundle import module, text
from cs231n_lite.explorer.descent import descend
from cs231n_lite.explorer.experiments import experiment_state
from cs231n_lite.explorer.presets import PRESETS, State, preset_state
from cs231n_lite.explorer.sample import training_points
from cs231n_lite.explorer.state import check_batches, check_state
from cs231n_lite.explorer.still import still


class Explorer(anywidget.AnyWidget):
    """Three classes in a plane, told apart by hand and by gradient descent.

    `loss` is a function loss(W, X, y, reg) -> (loss, dW), the package's or one of
    your own, which then does the arithmetic, or the name of one of
    arithmetic.LOSSES.  `preset` names the data to begin with, `experiment` a guided
    experiment (one of experiments.EXPERIMENTS); `parts` are parts of the state (see
    state.py) to be used instead: Explorer(reg=0.0, step=1.0).  A `sample` draws the
    points: Explorer(sample={"shape": "overlapping", "seed": 1, "noise": 0.2,
    "number": 24, "split": True}) trains on half of 24 and holds the others out.
    Raises ValueError, naming what to mend, where these are none.
    """

    _esm = module()
    _css = text("explorer.css")

    # The front end asks with a request {serial, state, batches, check}, whose parts descent.py
    # explains; Python answers with a result of the same serial. Requests come as fast as a point
    # is dragged, so they are not sent back as ipywidgets would (`echo_update`).
    request = traitlets.Dict().tag(sync=True, echo_update=False)
    result = traitlets.Dict().tag(sync=True)
    yours = traitlets.Unicode().tag(sync=True)

    def __init__(self, loss: Loss | str | None = None, preset: str = "course",
                 experiment: str = "", **parts: Any) -> None:
        state = experiment_state(experiment) if experiment else preset_state(preset)
        state = state | {name: plain(part) for name, part in parts.items()}
        if loss is not None:
            state["loss"] = choice(loss)
        check_state(state)
        if state["sample"] and "points" not in parts:
            state["points"] = training_points(state["sample"])
        self._loss = loss if callable(loss) and state["loss"] == YOURS else None
        request = {"serial": 0, "state": state, "batches": [None]}
        super().__init__(request=request, result=answer(request, self._loss),
                         yours=name_of(self._loss) if self._loss else "")

    @property
    def state(self) -> State:
        """What is seen at the moment; state.py tells its parts."""
        moved = {name: self.result[name] for name in ("W", "b") if name in self.result}
        return self.request["state"] | moved

    @property
    def W(self) -> Array:
        """The weights at the moment, (3, 3): a column per class, the biases in the last row."""
        return weights(self.state)

    @traitlets.observe("request")
    def _answer(self, change: dict) -> None:
        self.result = answer(change["new"], self._loss)

    def _ipython_display_(self) -> None:
        """Show the widget, and a still picture below, which the widget hides where it runs.

        As another form of one output the picture would be missing wherever the widget is saved or
        exported, but cannot run.
        """
        data, metadata = self._repr_mimebundle_() or ({}, {})
        data.pop("text/plain", None)  # the picture has one, too
        publish_display_data(data, metadata)
        still(self.state, self._loss)._ipython_display_()


def answer(request: dict[str, Any], loss: Loss | None) -> dict[str, Any]:
    """The result of a request, or an error in a sentence: nothing is raised in the kernel."""
    serial = {"serial": request.get("serial")}
    try:
        state: Any = request.get("state")
        batches: Any = request.get("batches")
        if not isinstance(state, dict):
            raise ValueError("The request has no state; expected serial, state and batches.")
        check_state(state)
        check_batches(batches, state["points"])
        return serial | descend(state, batches, bool(request.get("check")), loss)
    except Absent:  # the front end knows the package's losses, too
        return serial | {"absent": True}
    except ValueError as error:
        return serial | {"error": str(error)}


def choice(loss: Loss | str) -> str:
    """The name, in a state, of a function: one of the package's five, or "yours"."""
    if isinstance(loss, str):
        if loss in PRESETS:
            raise ValueError(f"loss is {loss!r}, which is a preset; say Explorer(preset={loss!r}).")
        return loss
    if not callable(loss):
        raise ValueError(f"loss is of type {type(loss).__name__}; "
                         "expected a function of (W, X, y, reg) or a name.")
    return next((name for name, function in LOSSES.items() if function is loss), YOURS)


def plain(part: Any) -> Any:
    """An array as lists; anything else as it is."""
    return part.tolist() if hasattr(part, "tolist") else part
