"""The modules of front/ joined into one, for a notebook and a page without a build step.

They import one another by name only, on single lines, and no two define the
same name: so their imports can be dropped and their exports made plain.
"""
import json
from pathlib import Path

FRONT = Path(__file__).with_name("front")
# In this order none needs a later one while it is read.
MODULES = (
    "sample", "arithmetic", "state", "experiments", "slopes", "descent", "geometry", "text",
    "marks", "runs", "check", "brush", "labels", "names", "shading", "plane", "readout", "hands",
    "table", "curve", "trail", "relief", "landscape", "sampling", "guide", "document", "parameters",
    "formula", "panel", "session", "explorer", "widget",
)
DATA = ("presets", "experiments")  # JSON, each a constant of its name in capitals
EXPORT = "export "
FOR_ANYWIDGET = "export default "


def text(name: str) -> str:
    """A file of the front end."""
    return (FRONT / name).read_text(encoding="utf-8")


def module() -> str:
    """The module for anywidget: the data, all modules, the one export that anywidget asks for."""
    lines = [line for name in MODULES
             for line in text(f"{name}.js").splitlines() if not line.startswith("import ")]
    plain = [line if line.startswith(FOR_ANYWIDGET) else line.removeprefix(EXPORT)
             for line in lines]
    data = [f"const {name.upper()} = {json.dumps(json.loads(text(f'{name}.json')))};"
            for name in DATA]
    return "\n".join([*data, *plain, ""])


def script() -> str:
    """The same for a script of a web page, which exports nothing."""
    return "\n".join(line for line in module().split("\n") if not line.startswith(EXPORT))
