"""The explorer as a web page, opened from disk in a real browser and used as a reader would use it."""
import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
from browser import Watch
from explorer_states import kinds_of_loss, random_states
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cs231n_lite.explorer.arithmetic import evaluate
from cs231n_lite.explorer.bundle import script
from cs231n_lite.explorer.page import write_page
from cs231n_lite.explorer.state import preset_state
from cs231n_lite.explorer.still import TITLES

COURSE = preset_state("course")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page lies on the disk."""
    return write_page(tmp_path_factory.mktemp("page") / "explorer.html").as_uri()


class Reader:
    """Somebody who has opened the page: what can be done there, and what is seen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.watch = page, Watch(page)
        page.set_default_timeout(10_000)
        page.goto(address)
        self.plane = page.get_by_role("application")
        expect(self.output("total loss")).not_to_have_text("–")

    def output(self, name: str):
        """The number of that name."""
        return self.page.get_by_role("status", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def loss(self, name: str = "total loss") -> float:
        """The data, regularization or total loss that is shown."""
        return number(self.output(name).inner_text())

    def row(self, i: int) -> list[str]:
        """The row of a point in the table: x, y, class, three scores, loss, verdict."""
        return self.page.locator("table.points tbody tr").nth(i).locator("td").all_inner_texts()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the plane is on the screen."""
        self.plane.scroll_into_view_if_needed()
        box = self.plane.bounding_box()
        return box["x"] + (x + 1) / 2 * box["width"], box["y"] + (1 - y) / 2 * box["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Take hold at one place of the plane and let go at another."""
        self.page.mouse.move(*self.place(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=5)
        self.page.mouse.up()

    def sees(self, **parts: object) -> None:
        """Wait until the losses are those of the course's picture with these parts instead."""
        result = evaluate(COURSE | parts)
        for name, key in (("data loss", "data"), ("regularization loss", "regularization"), ("total loss", "total")):
            least, most = (f"{result[key] + rounding:.4f}" for rounding in (-1e-9, 1e-9))
            expect(self.output(name)).to_have_text(re.compile(f"^({least}|{most})$"))


def number(text: str) -> float:
    """A number as it is shown, with a true minus sign."""
    return float(text.replace("−", "-"))


def moved(i: int, x: float, y: float) -> list[list[float]]:
    """The course's points with one of them elsewhere."""
    points = [list(point) for point in COURSE["points"]]
    points[i][:2] = [x, y]
    return points


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without a past, in light colours on a wide screen."""
    context = chromium.new_context(viewport={"width": 1200, "height": 1000}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def reader(context: BrowserContext, address: str) -> Iterator[Reader]:
    """A reader of the page as it opens; afterwards nothing has gone wrong, and nothing was fetched."""
    reader = Reader(context.new_page(), address)
    yield reader
    assert reader.watch.errors == [] and reader.watch.hosts == {""}


# --------------------------------------------------------------- arithmetic


def in_javascript(browser: Browser, expression: str, argument: object) -> object:
    """What the front end's own functions make of an argument."""
    page = browser.new_page()
    try:
        call = f"(text) => {{ {script()}\n return JSON.stringify(({expression})(JSON.parse(text))); }}"
        return json.loads(page.evaluate(call, json.dumps(argument)))
    finally:
        page.close()


def flat(result: dict) -> np.ndarray:
    """All numbers of a result in a row."""
    return np.concatenate([np.ravel(result[name]) for name in sorted(result)])


def test_javascript_computes_what_python_computes_in_a_thousand_random_states(chromium):
    asked = [(state, rows) for each, rows in random_states() for state in kinds_of_loss(each)]
    answers = in_javascript(chromium, "(asked) => asked.map(([state, rows]) => evaluate(state, rows))", asked)
    for (state, rows), answer in zip(asked, answers, strict=True):
        expected = evaluate(state, rows)
        assert answer.keys() == expected.keys()
        np.testing.assert_allclose(flat(answer), flat(expected), rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_an_address_holds_the_state_to_six_digits(chromium):
    states = [state for state, _ in random_states(200)]
    returned = in_javascript(chromium, "(states) => states.map((state) => decode(encode(state)))", states)
    for state, back in zip(states, returned, strict=True):
        assert state.keys() == back.keys() and state["loss"] == back["loss"]
        for name in ("points", "W", "b", "reg", "step", "batch"):
            np.testing.assert_allclose(back[name], state[name], rtol=1e-5)


# --------------------------------------------------------------- with a mouse


def test_the_page_opens_with_the_courses_picture(reader):
    reader.sees()
    assert reader.row(0)[:3] == ["0.50", "0.40", "● 0"]
    assert [reader.row(i)[-1] for i in (5, 0)] == ["✓ satisfied", "✗ violated"]
    expect(reader.page.get_by_label("w x of class 0", exact=True)).to_have_value("2.06")
    gradient = evaluate(COURSE)["dW"][1][1]
    expect(reader.page.locator("[data-gradient='1,1']")).to_have_text(f"{gradient:.3f}".replace("-", "−"))


def test_a_dragged_point_takes_its_loss_along(reader):
    reader.drag((0.8, 0.3), (-0.5, -0.2))
    expect(reader.page.locator("table.points tbody tr").nth(1).locator("td").first).to_have_text("−0.50")
    x, y = map(number, reader.row(1)[:2])
    assert (x, y) == pytest.approx((-0.5, -0.2), abs=0.01)
    expected = evaluate(COURSE | {"points": moved(1, x, y)})
    assert reader.loss() == pytest.approx(expected["total"], abs=0.01) and reader.loss() > 2.6


@pytest.mark.slow
def test_points_are_added_and_removed_and_change_class(reader):
    reader.page.get_by_label("class of a new point").select_option(label="▲ 2")
    reader.page.mouse.dblclick(*reader.place(-0.8, -0.8))
    expect(reader.page.locator("table.points tbody tr")).to_have_count(10)
    assert reader.row(9)[2] == "▲ 2"
    reader.press("give class 1")
    expect(reader.page.locator("table.points tbody tr").nth(9)).to_contain_text("■ 1")
    reader.press("Remove")
    reader.sees()


@pytest.mark.slow
def test_a_nudged_parameter_changes_the_loss(reader):
    reader.press("increase b of class 1 by 0.1")
    reader.sees(b=[-0.42, 0.62, -0.1])
    reader.page.get_by_label("w y of class 2", exact=True).fill("1.5")
    reader.sees(b=[-0.42, 0.62, -0.1], W=[[2.06, 1.48], [0.44, -1.82], [2.27, 1.5]])


def test_an_update_is_a_step_against_the_gradient(reader):
    reader.press("Update once")
    before = evaluate(COURSE)
    reader.sees(W=np.subtract(COURSE["W"], 0.1 * np.array(before["dW"])).tolist(),
                b=np.subtract(COURSE["b"], 0.1 * np.array(before["db"])).tolist())


@pytest.mark.slow
def test_updates_are_repeated_until_they_are_stopped(reader):
    reader.press("Repeat")
    reader.page.wait_for_function("() => document.querySelector('.curve').ariaLabel.match(/(\\d+) updates/)?.[1] > 20")
    reader.press("Stop")
    curve = reader.page.get_by_role("img", name="updates so far")
    expect(reader.page.get_by_role("button", name="Stop")).to_have_attribute("aria-disabled", "true")
    reader.page.wait_for_timeout(100)
    stopped = curve.get_attribute("aria-label"), reader.loss()
    reader.page.wait_for_timeout(300)
    assert (curve.get_attribute("aria-label"), reader.loss()) == stopped
    assert reader.loss() < 1.5


@pytest.mark.slow
@pytest.mark.parametrize("name", TITLES)
def test_each_loss_can_be_chosen(reader, name):
    reader.page.get_by_label("Loss", exact=True).select_option(label=TITLES[name])
    reader.sees(loss=name)


@pytest.mark.slow
def test_sliders_set_strength_and_step_size(reader):
    reader.page.get_by_role("slider", name="regularization strength").fill("0")
    reader.sees(reg=1.0)
    reader.page.get_by_role("slider", name="regularization strength").fill("-4.1")
    reader.sees(reg=0.0)
    reader.page.get_by_role("slider", name="step size").fill("-1.5")
    expect(reader.page.get_by_role("slider", name="step size")).to_have_attribute("aria-valuetext", "0.032")


@pytest.mark.slow
def test_a_preset_brings_its_points_and_says_what_to_try(reader):
    reader.page.get_by_label("Data", exact=True).select_option(label="a class in the middle")
    reader.sees(**{name: preset_state("middle")[name] for name in ("points", "reg")})
    expect(reader.page.get_by_text("no line has class 1 on one side")).to_be_visible()


@pytest.mark.slow
def test_a_minibatch_marks_the_points_that_it_drew(reader):
    reader.page.get_by_label("Gradient from").select_option(label="2 random points")
    reader.press("Update once")
    expect(reader.page.get_by_role("button", name="in the minibatch")).to_have_count(2)


@pytest.mark.slow
def test_a_step_too_long_is_stopped_with_a_sentence(reader):
    reader.page.get_by_label("Loss", exact=True).select_option(label="squared hinge")
    reader.page.get_by_role("slider", name="step size").fill("1")
    reader.press("Repeat")
    expect(reader.page.get_by_role("alert")).to_contain_text("the loss grows beyond all bounds")
    expect(reader.page.get_by_role("button", name="Stop")).to_have_attribute("aria-disabled", "true")


@pytest.mark.slow
def test_steps_back_lead_to_where_it_began(reader):
    reader.drag((0.8, 0.3), (-0.5, -0.2))
    reader.press("decrease w x of class 0 by 0.1")
    reader.press("Update once")
    reader.press("Randomize")
    for _ in range(4):
        reader.press("Step back")
    reader.sees()
    expect(reader.page.get_by_role("button", name="Step back")).to_have_attribute("aria-disabled", "true")


# --------------------------------------------------------------- without a mouse


NAME = "(node) => (node.ariaLabel || node.labels?.[0]?.textContent || node.textContent).trim()"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"({NAME})(document.activeElement)").startswith(name):
            return
    raise AssertionError(f"Tab never leads to {name}")


@pytest.mark.slow
def test_everything_can_be_done_with_the_keyboard(reader):
    keys, rows = reader.page.keyboard, reader.page.locator("table.points tbody tr")
    tab_to(reader.page, "Plane of points")
    keys.press("n")
    keys.press("n")
    expect(reader.page.get_by_text(re.compile("^Point 2 of 9, class 0, at 0.80 and 0.30: violated"))).to_be_visible()
    keys.press("ArrowLeft")
    keys.press("Shift+ArrowDown")
    reader.sees(points=moved(1, 0.75, 0.29))
    keys.press("2")
    expect(rows.nth(1)).to_contain_text("▲ 2")
    keys.press("Delete")
    expect(rows).to_have_count(8)
    keys.press("a")
    expect(rows).to_have_count(9)
    for _ in range(5):
        tab_to(reader.page, "Step back")
        keys.press("Enter")
    reader.sees()
    tab_to(reader.page, "increase b of class 0")
    keys.press("Space")
    reader.sees(b=[-0.32, 0.52, -0.1])


@pytest.mark.slow
def test_how_things_stand_is_said_once_the_hand_rests(reader):
    reader.press("increase b of class 0 by 0.1")
    total = evaluate(COURSE | {"b": [-0.32, 0.52, -0.1]})["total"]
    status = reader.page.locator("p[role=status]")
    expect(status).to_have_text(re.compile(rf"Total loss {total:.2f}; \d of 9 points violated\."))


@pytest.mark.slow
def test_every_control_has_a_name(reader):
    controls = reader.page.locator("button, input, select, canvas")
    assert controls.count() > 30
    assert all(controls.evaluate_all(f"(nodes) => nodes.map({NAME})"))


# --------------------------------------------------------------- the address


def test_an_address_brings_another_reader_to_the_same_picture(reader, context):
    reader.page.get_by_label("Loss", exact=True).select_option(label="softmax")
    reader.drag((-0.7, 0.2), (0.1, -0.3))
    reader.press("Update once")
    reader.press("Copy address")
    reader.page.wait_for_url(re.compile("#.*loss=softmax"))
    other = Reader(context.new_page(), reader.page.url)
    expect(other.output("total loss")).to_have_text(reader.output("total loss").inner_text())
    assert [other.row(i) for i in range(9)] == [reader.row(i) for i in range(9)]
    assert other.watch.errors == [] and other.watch.hosts == {""}


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["W=oops", "points=0,0,7", "loss=hinge", "reg=-1", "b=1,2", "%", "b=0,0,1e99"])
def test_an_address_that_cannot_be_read_is_told_and_the_course_shown(context, address, fragment):
    reader = Reader(context.new_page(), f"{address}#{fragment}")
    expect(reader.page.get_by_role("alert")).to_contain_text("holds no state that can be read")
    reader.sees()
    assert reader.watch.errors == []


# --------------------------------------------------------------- screens


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_its_width_and_nothing_beside(chromium, address, scheme):
    page = chromium.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme, has_touch=True)
    try:
        reader = Reader(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        reader.drag((0.8, 0.3), (-0.5, -0.2))
        assert reader.loss() > 2.6
    finally:
        page.close()


def brightness(page: Page) -> tuple[float, float]:
    """Of the page's ground and of the middle of the plane, from 0 to 255."""
    return tuple(page.evaluate("""() => {
        const canvas = document.querySelector(".plane");
        const [r, g, b] = canvas.getContext("2d").getImageData(canvas.width / 8, canvas.height / 4, 1, 1).data;
        const ground = getComputedStyle(document.documentElement).backgroundColor.match(/[\\d.]+/g).map(Number);
        return [ground.slice(0, 3).reduce((x, y) => x + y) / 3, (r + g + b) / 3];
    }"""))


@pytest.mark.slow
def test_page_and_plane_follow_the_colours_of_the_system(reader):
    assert min(brightness(reader.page)) > 180
    reader.page.emulate_media(color_scheme="dark")
    reader.page.wait_for_function("() => true")
    reader.page.wait_for_timeout(200)
    assert max(brightness(reader.page)) < 90
