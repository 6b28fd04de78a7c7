"""Draw .github/class.png, the page of the made-up class, in this machine's Chromium.

    python .github/class.py [DIR]

DIR is where `python -m cs231n_lite.grading example DIR` has written it; else it is made for this.
"""
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / ".github" / "class.png"
SIZE, MOST = {"width": 1100, "height": 1300}, 200_000

sys.path.insert(0, str(ROOT / "tests"))
from browser import find_chromium, started  # noqa: E402  it lies among the tests

from cs231n_lite.grading.__main__ import main as grading  # noqa: E402


def main(arguments: list[str]) -> int:
    """The top of the class's page as a reader sees it first."""
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium; install one, or name yours in $CHROMIUM.", file=sys.stderr)
        return 2
    with TemporaryDirectory() as scratch:
        folder = Path(arguments[0] if arguments else scratch, "results")
        if not arguments and grading(["example", scratch]):
            return 2
        with started(chromium) as browser:
            page = browser.new_page(viewport=SIZE)
            page.goto((folder / "index.html").resolve().as_uri())
            page.screenshot(path=PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.name} has {size:,} bytes.")
    return int(size > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
