"""Frames per second of the explorer while a point is dragged, on the web page and in JupyterLab.

    python benchmarks/explorer_frames.py [--seconds S]

The point moves at every frame; a new loss is one that is seen to change, computed by JavaScript on
the page and by Python in the notebook.  Needs Chromium, as the tests of the explorer do.
"""
import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

# The browser and JupyterLab of the tests.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browser import find_chromium, started
from explorer_reader import Reader
from lab import OpenNotebook, running
from playwright.sync_api import Browser

from cs231n_lite.explorer.page import write_page

NEEDED = {"page": 30, "notebook": 15}
# At each frame the hand, which a real mouse has put down, moves on along a circle; returns when the
# time is over.
DRAG = """async ([root, seconds]) => {
    const plane = root.querySelector(".plane");
    const output = root.querySelector("output[aria-label='total loss']");
    const box = plane.getBoundingClientRect(), frames = [];
    let losses = 0, loss = output.textContent;
    const start = performance.now();
    for (let now = 0; now < 1000 * seconds; now = performance.now() - start) {
        const x = 1 + 0.7 * Math.cos(now / 400), y = 1 + 0.7 * Math.sin(now / 400);
        const clientX = box.left + x * box.width / 2, clientY = box.top + y * box.height / 2;
        const at = { clientX, clientY, pointerId: 1, bubbles: true };
        plane.dispatchEvent(new PointerEvent("pointermove", at));
        frames.push(await new Promise(requestAnimationFrame));
        losses += loss !== (loss = output.textContent);
    }
    return [frames, losses];
}"""


@contextmanager
def on_page(browser: Browser, folder: Path) -> Iterator[Reader]:
    """A reader of the web page."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.goto(write_page(folder / "explorer.html").as_uri())
    yield Reader(page)


@contextmanager
def in_notebook(browser: Browser, folder: Path) -> Iterator[Reader]:
    """A reader of the widget in a notebook."""
    with running(folder) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 1300})
        notebook = OpenNotebook(page, address, folder,
                                "from cs231n_lite.explorer import Explorer\nExplorer()")
        notebook.run(0)
        yield Reader(page)


def drag(reader: Reader, seconds: float) -> tuple[list[float], float]:
    """Carry a point round in a circle; milliseconds of each frame, and new losses a second."""
    reader.plane.scroll_into_view_if_needed()
    reader.page.mouse.move(*reader.place(0.8, 0.3))
    reader.page.mouse.down()
    frames, losses = reader.page.evaluate(DRAG, [reader.root.element_handle(), seconds])
    reader.page.mouse.up()
    return [end - begin for begin, end in zip(frames, frames[1:])], losses / seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to drag")
    seconds = parser.parse_args().seconds
    executable = find_chromium()
    if executable is None:
        sys.exit("There is no Chromium under its usual names; "
                 "install one, or set CHROMIUM to where it is.")
    print(f"{'':>10} {'frames/s':>9} {'needed':>7} {'median ms':>10} {'95% ms':>7} "
          f"{'new losses/s':>13}")
    with started(executable) as browser:
        for name, opened in (("page", on_page), ("notebook", in_notebook)):
            with (TemporaryDirectory(ignore_cleanup_errors=True) as folder,
                  opened(browser, Path(folder)) as reader):
                times, losses = drag(reader, seconds)
            slow = statistics.quantiles(times, n=20)[-1]
            print(f"{name:>10} {1000 / statistics.mean(times):9.1f} {NEEDED[name]:7} "
                  f"{statistics.median(times):10.1f} {slow:7.1f} {losses:13.1f}")


if __name__ == "__main__":
    main()
