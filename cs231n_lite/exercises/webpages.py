"""The notebooks as web pages, for everyone: with a text for each picture, and enough contrast.

    python -m cs231n_lite.exercises.webpages [DEST]

They are written as they were saved; JupyterLab's own export leaves the texts out.
"""
import argparse
import sys
from pathlib import Path

from nbconvert import HTMLExporter

from cs231n_lite.exercises.frontend import shown, written
from cs231n_lite.exercises.reading import read_or_refuse
from cs231n_lite.exercises.registry import ASKING

PACKAGE = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Write the pages into the folder named, or into build/html."""
    parser = argparse.ArgumentParser("python -m cs231n_lite.exercises.webpages",
                                     description="Write the notebooks as web pages.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build", "html"))
    folder = parser.parse_args(arguments).folder
    if failed := written(lambda: write_all(folder), folder):
        return failed
    shown(f"{folder} holds {', '.join(f'{name}.html' for name in ASKING)}.")
    return 0


def write_all(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ASKING:
        page = page_of(PACKAGE.parent / "notebooks" / f"{name}.ipynb")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


def page_of(notebook: Path) -> str:
    """A notebook as a page."""
    read_or_refuse(notebook)
    exporter = HTMLExporter(template_name="webpage",
                            extra_template_basedirs=[str(PACKAGE / "exercises")])
    page, _ = exporter.from_filename(str(notebook))
    return page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
