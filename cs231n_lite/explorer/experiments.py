"""The guided experiments: each with a sentence before, goals, and a sentence after.

Their texts and starts are in front/experiments.json; experiments.js tells when a goal is reached.
"""
import json
from pathlib import Path
from reprlib import repr as shortened

from cs231n_lite.explorer.presets import State, preset_state

EXPERIMENTS = json.loads((Path(__file__).with_name("front") / "experiments.json")
                         .read_text(encoding="utf-8"))


def experiment_state(name: str) -> State:
    """The state that an experiment begins with."""
    if not isinstance(name, str) or name not in EXPERIMENTS:
        raise ValueError(f"experiment is {shortened(name):.80}; "
                         f"expected one of {', '.join(EXPERIMENTS)}.")
    experiment = EXPERIMENTS[name]
    return preset_state(experiment["preset"]) | experiment["parts"] | {"experiment": name}
