"""Somebody who uses the explorer, on its page or in a notebook: what to do there, what is seen."""
import re
from typing import Any

from browser import settle
from playwright.sync_api import Locator, Page, expect

from cs231n_lite.explorer.arithmetic import evaluate
from cs231n_lite.explorer.presets import preset_state

COURSE = preset_state("course")
REACH = 1.1  # how far the plane is seen


class Reader:
    """Looks at the explorer in a part of a page: the first one there is."""

    def __init__(self, page: Page, root: Locator | None = None) -> None:
        self.page, self.root = page, root or page.locator(".cs231n-explorer").first
        self.plane = self.root.get_by_role("application")
        expect(self.output("total loss")).not_to_have_text("–")

    def output(self, name: str) -> Locator:
        """The number of that name."""
        return self.root.get_by_role("status", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def can_press(self, name: str) -> None:
        """Wait until there is such a button."""
        expect(self.root.get_by_role("button", name=name, exact=True)).to_be_visible()

    def cannot_press(self, name: str) -> None:
        """Wait until a button is shown as one that cannot be pressed."""
        button = self.root.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")

    def loss(self) -> float:
        """The total loss that is shown."""
        settle(self.page)
        return number(self.output("total loss").inner_text())

    def row(self, i: int) -> Locator:
        """The row of a point in the table: three scores, loss, verdict."""
        return self.root.locator("table.points tbody tr").nth(i).locator("td")

    def heading(self, i: int) -> Locator:
        """Number and shape of a point in the table, with a dot where it is in the minibatch."""
        return self.root.locator("table.points tbody tr").nth(i).locator("th")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the plane is on the screen."""
        box = self.plane.bounding_box()
        return (box["x"] + (x / REACH + 1) / 2 * box["width"],
                box["y"] + (1 - y / REACH) / 2 * box["height"])

    def regarded(self) -> tuple[float, float]:
        """Where the point is that the readout speaks of."""
        settle(self.page)
        text = self.root.locator(".readout b").inner_text()
        x, y = text.partition(" at ")[2].split(", ")
        return number(x), number(y)

    def drag(self, *places: tuple[float, float], steps: int = 5) -> None:
        """Take hold at the first of these places of the plane, and let go at the last."""
        self.plane.scroll_into_view_if_needed()
        self.page.mouse.move(*self.place(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.place(*place), steps=steps)
        self.page.mouse.up()

    def sees(self, **parts: Any) -> None:
        """Wait until the losses are those of the course's picture with these parts instead."""
        result = evaluate(COURSE | parts)
        for name in ("data", "regularization", "total"):
            least, most = (f"{result[name] + rounding:.4f}" for rounding in (-1e-9, 1e-9))
            expect(self.output(f"{name} loss")).to_have_text(re.compile(f"^({least}|{most})$"))


def number(text: str) -> float:
    """A number as it is shown, with a true minus sign."""
    return float(text.replace("−", "-"))

