"""Frames per second of the explorer while a point is dragged and updates are repeated.

    python benchmarks/explorer_frames.py [--seconds S]

The point moves at every frame, on the web page, of 9 points and of 100, and in JupyterLab.  A new
loss is one that is seen to change, computed by JavaScript on the page and by Python in the
notebook.  Needs Chromium, as the tests of the explorer do.
"""
import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

# The browser and JupyterLab of the tests.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browser import find_chromium, started
from explorer_reader import Reader
from lab import OpenNotebook, running
from playwright.sync_api import Browser

from cs231n_lite.explorer.page import write_page

NEEDED = {"page": 50, "100 points": 30, "notebook": 15}
CROWD = ";".join(f"{x / 5},{y / 10},{(x + y) % 3}" for x in range(-5, 5) for y in range(-5, 5))
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
def on_page(browser: Browser, folder: Path, fragment: str = "") -> Iterator[Reader]:
    """A reader of the web page, opened at a fragment of its address."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.goto(f"{write_page(folder / 'explorer.html').as_uri()}#{fragment}")
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


def drag(reader: Reader, seconds: float) -> tuple[list[float], float, float]:
    """Carry a point round in a circle; milliseconds of each frame, new losses and updates a second.

    A step so small that it hardly moves the lines keeps the updates from coming to an end.
    """
    reader.root.get_by_role("slider", name="step size").fill("-3")
    reader.press("Repeat")
    reader.plane.scroll_into_view_if_needed()
    reader.page.mouse.move(*reader.place(0.8, 0.3))
    reader.page.mouse.down()
    frames, losses = reader.page.evaluate(DRAG, [reader.root.element_handle(), seconds])
    reader.page.mouse.up()
    updates = int(reader.root.locator(".updates").inner_text().split()[0])
    times = [end - begin for begin, end in zip(frames, frames[1:])]
    return times, losses / seconds, updates / seconds


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
          f"{'new losses/s':>13} {'updates/s':>10}")
    with started(executable) as browser:
        crowded = partial(on_page, fragment=f"points={CROWD}")
        for name, opened in (("page", on_page), ("100 points", crowded), ("notebook", in_notebook)):
            with (TemporaryDirectory(ignore_cleanup_errors=True) as folder,
                  opened(browser, Path(folder)) as reader):
                times, losses, updates = drag(reader, seconds)
            slow = statistics.quantiles(times, n=20)[-1]
            print(f"{name:>10} {1000 / statistics.mean(times):9.1f} {NEEDED[name]:7} "
                  f"{statistics.median(times):10.1f} {slow:7.1f} {losses:13.1f} {updates:10.1f}")


if __name__ == "__main__":
    main()
