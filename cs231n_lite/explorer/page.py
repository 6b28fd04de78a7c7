"""The explorer as one web page that holds all it needs, from disk or any server."""
import os
from pathlib import Path

from cs231n_lite.explorer.bundle import script, text


def page() -> str:
    """The page, the same text each time."""
    parts = {"css": text("explorer.css"), "js": script()}
    result = text("page.html")
    for name, part in parts.items():
        result = result.replace(f"/*{{{name}}}*/", part)
    return result


def write_page(path: str | Path) -> Path:
    """Write the page to `path`, by one rename, and return where it is."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text(page(), encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.resolve()
