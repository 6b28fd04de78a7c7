"""The presets: data to begin with, each with a title, something to try, and parts of a state."""
import json
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

State = dict[str, Any]

PRESETS = json.loads((Path(__file__).with_name("front") / "presets.json")
                     .read_text(encoding="utf-8"))


def preset_state(name: str) -> State:
    """The state of a preset; what it leaves open is the course's."""
    if not isinstance(name, str) or name not in PRESETS:
        raise ValueError(f"preset is {shortened(name):.80}; "
                         f"expected one of {', '.join(PRESETS)}.")
    return PRESETS["course"]["state"] | PRESETS[name]["state"]
