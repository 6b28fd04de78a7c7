"""The explorer as a web page, opened from disk in a real browser and used as a reader would."""
import json
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from browser import Watch, context_of, settle
from explorer_reader import COURSE, Reader
from explorer_states import random_states
from playwright.sync_api import Browser, Page, expect

from cs231n_lite.explorer.arithmetic import evaluate
from cs231n_lite.explorer.bundle import script
from cs231n_lite.explorer.page import write_page
from cs231n_lite.explorer.presets import preset_state
from cs231n_lite.explorer.sample import training_points
from cs231n_lite.explorer.still import TITLES


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page lies on the disk."""
    return write_page(tmp_path_factory.mktemp("page") / "explorer.html").as_uri()


def moved(i: int, x: float, y: float) -> list[list[float]]:
    """The course's points with one of them elsewhere."""
    points = [list(point) for point in COURSE["points"]]
    points[i][:2] = [x, y]
    return points


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Reader]]:
    """Opens the page at a fragment; in the end nothing went wrong, and nothing was fetched."""
    context = context_of(chromium, viewport={"width": 1200, "height": 1000}, color_scheme="light")
    watches = []

    def visit(fragment: str = "") -> Reader:
        page = context.new_page()
        watches.append(Watch(page))
        page.goto(f"{address}#{fragment}")
        return Reader(page)

    yield visit
    context.close()
    assert all(watch.errors == [] and watch.hosts == {""} for watch in watches)


@pytest.fixture
def reader(visit: Callable[..., Reader]) -> Reader:
    """A reader of the page as it opens."""
    return visit()


# --------------------------------------------------------------- in JavaScript


def in_javascript(browser: Browser, expression: str, argument: object) -> object:
    """What the front end's own functions make of an argument."""
    page = browser.new_page()
    try:
        call = (f"(text) => {{ {script()}\n"
                f" return JSON.stringify(({expression})(JSON.parse(text))); }}")
        return json.loads(page.evaluate(call, json.dumps(argument)))
    finally:
        page.close()


@pytest.mark.slow
def test_an_address_holds_the_state_to_six_digits(chromium):
    states = [state for state, _ in random_states(200)]
    to_and_fro = "(states) => states.map((state) => decode(encode(state)))"
    returned = in_javascript(chromium, to_and_fro, states)
    for state, back in zip(states, returned, strict=True):
        assert state.keys() == back.keys() and state["loss"] == back["loss"]
        for name in ("points", "W", "b", "reg", "step", "batch", "speed"):
            np.testing.assert_allclose(back[name], state[name], rtol=1e-5)


# A widget of a kernel that lacks the losses, as a handout's does.
WITHOUT_LOSSES = """(state) => {
    %s
    const values = { request: { serial: 0, state, batches: [null] }, yours: "" };
    let told;
    const model = {
        get: (name) => values[name], set: (name, value) => { values[name] = value; },
        save_changes: () => {
            values.result = { serial: values.request.serial, absent: true };
            setTimeout(told);
        },
        on: (_, take) => { told = take; }, off: () => {},
    };
    widget.render({ model, el: document.body });
}"""


def test_a_widget_whose_kernel_lacks_the_losses_computes_them_itself(chromium):
    page = chromium.new_page()
    page.evaluate(WITHOUT_LOSSES % script(), COURSE)
    reader = Reader(page)
    reader.sees()
    before = reader.output("total loss").inner_text()
    reader.press("Update once")
    expect(reader.output("total loss")).not_to_have_text(before)
    page.close()


# --------------------------------------------------------------- with a mouse


def test_the_page_opens_with_the_courses_picture(reader):
    reader.sees()
    expect(reader.row(0)).to_contain_text(["1.20", "0.01", "0.22", "0.017"])
    for i, verdict in enumerate(["– short", "– short", "✓ right", "– short", "✗ wrong"]):
        expect(reader.row(i).last).to_have_text(verdict)
    expect(reader.root.locator(".counts")).to_have_text("7 of 9 right (78 %), 5 short of the "
                                                        "margin")
    expect(reader.page.get_by_label("w x of class 0", exact=True)).to_have_value("2.06")
    gradient = f"{evaluate(COURSE)['dW'][1][1]:.3f}".replace("-", "−")
    expect(reader.page.locator("[data-gradient='1,1']")).to_have_text(gradient)


def test_a_dragged_point_takes_its_loss_along(reader):
    reader.drag((0.8, 0.3), (-0.5, -0.2))
    expect(reader.root.locator(".readout")).to_contain_text("wrong: class 1 leads by")
    x, y = reader.regarded()
    assert (x, y) == pytest.approx((-0.5, -0.2), abs=0.01)
    expected = evaluate(COURSE | {"points": moved(1, x, y)})["total"]
    assert reader.loss() == pytest.approx(expected, abs=0.01) and reader.loss() > 2.6


@pytest.mark.slow
def test_points_are_added_and_removed_and_change_class(reader):
    reader.page.get_by_label("class of a new point").select_option(label="▲ 2")
    reader.page.mouse.dblclick(*reader.place(-0.8, -0.8))
    expect(reader.page.locator("table.points tbody tr")).to_have_count(10)
    expect(reader.heading(9)).to_have_text("10 ▲")
    reader.press("give class 1")
    expect(reader.heading(9)).to_have_text("10 ■")
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
    reader.page.wait_for_function(
        "() => document.querySelector('.curve').ariaLabel.match(/(\\d+) updates/)?.[1] > 20")
    reader.press("Stop")
    curve = reader.page.get_by_role("img", name="updates so far")
    reader.can_press("Repeat")
    stopped = reader.loss(), curve.get_attribute("aria-label")
    for _ in range(5):  # a few frames each
        settle(reader.page)
    assert (reader.loss(), curve.get_attribute("aria-label")) == stopped
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
    step_size = reader.page.get_by_role("slider", name="step size")
    expect(step_size).to_have_attribute("aria-valuetext", "0.032")


@pytest.mark.slow
def test_a_preset_brings_its_points_and_says_what_to_try(reader):
    reader.page.get_by_label("Data", exact=True).select_option(label="a class in the middle")
    reader.sees(**{name: preset_state("middle")[name] for name in ("points", "reg")})
    expect(reader.page.get_by_text("no line has class 1 on one side")).to_be_visible()


@pytest.mark.slow
def test_a_minibatch_marks_the_points_that_it_drew(reader):
    reader.page.get_by_label("Gradient from").select_option(label="2 random points")
    expect(reader.page.get_by_role("button", name="in the minibatch")).to_have_count(2)


@pytest.mark.slow
def test_a_step_too_long_is_stopped_with_a_sentence(reader):
    reader.page.get_by_label("Loss", exact=True).select_option(label="squared hinge")
    reader.page.get_by_role("slider", name="step size").fill("1")
    reader.press("Repeat")
    expect(reader.page.get_by_role("alert")).to_contain_text("the loss grows beyond all bounds")
    reader.can_press("Repeat")


@pytest.mark.slow
def test_a_reset_leads_back_to_the_weights_of_the_start_and_keeps_the_curve_faintly(reader):
    for _ in range(3):
        reader.press("Update once")
    reader.page.get_by_label("Loss", exact=True).select_option(label="softmax")
    reader.press("Reset")
    reader.sees(loss="softmax")
    expect(reader.root.locator(".updates")).to_have_text("0 updates")
    expect(reader.root.locator(".before")).to_contain_text("Weston–Watkins, strength 0.1: total 2.")
    reader.page.get_by_label("Data", exact=True).select_option(label="as opened")
    reader.sees()


@pytest.mark.slow
def test_a_parameter_takes_a_comma_and_comes_back_when_it_is_left_empty(reader):
    field = reader.page.get_by_label("w x of class 0", exact=True)
    field.fill("1,5")
    reader.sees(W=[[1.5, 1.48], *COURSE["W"][1:]])
    field.fill("")
    reader.page.keyboard.press("Tab")
    expect(field).to_have_value("1.5")


@pytest.mark.slow
def test_a_second_press_on_remove_takes_no_other_point(reader):
    reader.page.get_by_role("button", name="choose point 3").click()
    reader.press("Remove")
    reader.cannot_press("Remove")
    expect(reader.page.locator("table.points tbody tr")).to_have_count(8)


@pytest.mark.slow
def test_steps_back_lead_to_where_it_began(reader):
    reader.drag((0.8, 0.3), (-0.5, -0.2))
    reader.press("decrease w x of class 0 by 0.1")
    reader.press("Update once")
    reader.press("Randomize")
    for _ in range(4):
        reader.press("Step back")
    reader.sees()
    reader.cannot_press("Step back")


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
    chosen = re.compile("^Point 2 of 9, class 0, at 0.80 and 0.30: right, but 0.43 short of")
    expect(reader.page.get_by_text(chosen)).to_be_visible()
    keys.press("ArrowLeft")
    keys.press("Shift+ArrowDown")
    reader.sees(points=moved(1, 0.75, 0.29))
    keys.press("2")
    expect(reader.heading(1)).to_have_text("2 ▲")
    keys.press("Delete")
    expect(rows).to_have_count(8)
    keys.press("a")
    expect(rows).to_have_count(9)
    for _ in range(5):
        tab_to(reader.page, "Step back")
        keys.press("Enter")
    reader.sees()
    tab_to(reader.page, "b of class 0")
    keys.press("ArrowUp")
    reader.sees(b=[-0.32, 0.52, -0.1])


@pytest.mark.slow
def test_keys_update_repeat_and_undo_on_the_plane_and_space_leaves_the_page_where_it_is(reader):
    reader.page.set_viewport_size({"width": 1200, "height": 500})
    keys = reader.page.keyboard
    reader.plane.focus()
    before = reader.page.evaluate("scrollY")
    keys.press("u")
    expect(reader.root.locator(".updates")).to_have_text("1 update")
    keys.press("Space")
    reader.can_press("Stop")
    keys.press("Space")
    reader.can_press("Repeat")
    for _ in range(2):
        keys.press("Control+z")
    reader.sees()
    keys.press("End")
    expect(reader.root.locator(".readout b")).to_have_text("9 ▲ class 2 at −0.40, −0.50")
    assert reader.page.evaluate("scrollY") == before


@pytest.mark.slow
def test_how_things_stand_is_said_once_the_hand_rests(reader):
    reader.press("increase b of class 0 by 0.1")
    total = evaluate(COURSE | {"b": [-0.32, 0.52, -0.1]})["total"]
    said = re.compile(rf"Total loss {total:.2f} after 0 updates; \d of 9 right")
    expect(reader.page.locator("p.status[role=status]")).to_have_text(said)


@pytest.mark.slow
def test_every_control_has_a_name(reader):
    controls = reader.page.locator("button, input, select, canvas")
    assert controls.count() > 30
    assert all(controls.evaluate_all(f"(nodes) => nodes.map({NAME})"))


# --------------------------------------------------------------- the address


@pytest.mark.slow
def test_an_address_brings_another_reader_to_the_same_picture(reader, visit):
    reader.page.get_by_label("Loss", exact=True).select_option(label="softmax")
    reader.drag((-0.7, 0.2), (0.1, -0.3))
    reader.press("Update once")
    reader.press("Copy address")
    reader.page.wait_for_url(re.compile("#.*loss=softmax"))
    settle(reader.page)
    other = visit(reader.page.url.partition("#")[2])
    expect(other.output("total loss")).to_have_text(reader.output("total loss").inner_text())
    points = reader.root.locator("table.points td").all_inner_texts()
    expect(other.root.locator("table.points td")).to_have_text(points)


@pytest.mark.slow
def test_an_address_of_an_older_page_still_works(visit):
    reader = visit("loss=softmax&reg=0.5&step=0.1&batch=0&W=1,0;0,1;-1,-1&b=0,0.5,0&points=0,0.2,1")
    reader.sees(loss="softmax", reg=0.5, W=[[1, 0], [0, 1], [-1, -1]], b=[0, 0.5, 0],
                points=[[0, 0.2, 1]])


@pytest.mark.slow
@pytest.mark.parametrize("fragment", [
    "W=oops", "points=0,0,7", "loss=hinge", "reg=-1", "b=1,2", "%", "b=0,0,1e99"])
def test_an_address_that_cannot_be_read_is_told_and_the_course_shown(visit, fragment):
    reader = visit(fragment)
    expect(reader.page.get_by_role("alert")).to_contain_text("holds no state that can be read")
    reader.sees()


# --------------------------------------------------------------- screens


@pytest.mark.slow
@pytest.mark.parametrize("width, height", [(1440, 900), (1000, 720), (768, 1024), (360, 740)])
def test_the_first_screen_shows_the_plane_and_the_loss_of_every_point(reader, width, height):
    reader.page.set_viewport_size({"width": width, "height": height})
    settle(reader.page)
    bottoms = [node.bounding_box()["y"] + node.bounding_box()["height"]
               for node in (reader.plane, reader.root.locator("table.points tbody"))]
    assert max(bottoms) <= height
    reader.page.mouse.move(*reader.place(0.5, 0.4))
    expect(reader.root.locator(".readout")).to_contain_text("right, but 0.02 short of the margin")


@pytest.mark.slow
def test_a_hundred_points_make_the_page_no_longer(visit):
    points = ";".join(f"{x / 10},{y / 10},{x % 3}" for x in range(-5, 5) for y in range(-5, 5))
    pages = [visit(fragment).page for fragment in ("", f"points={points}")]
    few, many = (page.evaluate("document.documentElement.scrollHeight") for page in pages)
    assert many < few + 300


@pytest.mark.slow
def test_a_second_finger_neither_drags_nor_lets_go(reader):
    reader.plane.scroll_into_view_if_needed()
    reader.page.mouse.move(*reader.place(0.8, 0.3))
    reader.page.mouse.down()
    for kind, x, y in (("down", 0.5, 0.4), ("move", 0.0, 0.0), ("up", 0.0, 0.0),
                       ("down", -0.9, -0.9), ("up", -0.9, -0.9)):
        left, top = reader.place(x, y)
        reader.plane.dispatch_event(f"pointer{kind}", {
            "pointerId": 7, "pointerType": "touch", "clientX": left, "clientY": top,
            "button": 0, "bubbles": True})
    reader.page.mouse.move(*reader.place(-0.5, -0.2))
    reader.page.mouse.up()
    assert reader.regarded() == pytest.approx((-0.5, -0.2), abs=0.01)
    expect(reader.row(0).first).to_have_text("1.20")  # point 1 stayed


@pytest.mark.slow
def test_a_phone_shows_all_of_its_width_and_nothing_beside(reader):
    reader.page.set_viewport_size({"width": 360, "height": 700})
    settle(reader.page)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 360
    reader.drag((0.8, 0.3), (-0.5, -0.2))
    assert reader.regarded() == pytest.approx((-0.5, -0.2), abs=0.01)


def brightness(page: Page) -> tuple[float, float]:
    """Of the page's ground and of the middle of the plane, from 0 to 255."""
    settle(page)
    return tuple(page.evaluate("""() => {
        const canvas = document.querySelector(".plane");
        const [x, y] = [canvas.width / 8, canvas.height / 4];
        const [r, g, b] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
        const colour = getComputedStyle(document.documentElement).backgroundColor;
        const ground = colour.match(/[\\d.]+/g).map(Number);
        return [ground.slice(0, 3).reduce((x, y) => x + y) / 3, (r + g + b) / 3];
    }"""))


@pytest.mark.slow
def test_page_and_plane_follow_the_colours_of_the_system(reader):
    assert min(brightness(reader.page)) > 180
    reader.page.emulate_media(color_scheme="dark")
    assert max(brightness(reader.page)) < 90


# --------------------------------------------------------------- samples, experiments, weights


SAMPLE = "loss=softmax&reg=0&step=0.3&sample=overlapping,1,0.2,24,split"


@pytest.mark.slow
def test_a_sample_is_drawn_by_its_sliders_and_held_out_points_have_their_loss(reader):
    reader.page.get_by_label("Data", exact=True).select_option(label="overlapping")
    reader.page.get_by_text("New samples, and points held out").click()
    held = reader.page.get_by_text("Held out: data loss")
    expect(held).to_be_hidden()
    reader.press("New sample")
    drawn = {"shape": "overlapping", "seed": 1, "noise": 0.2, "number": 24, "split": True}
    parts = {name: preset_state("overlapping")[name] for name in ("reg", "step")}
    state = COURSE | parts | {"sample": drawn, "points": training_points(drawn)}
    reader.sees(**state)
    loss = evaluate(state)["held_data"]
    expect(held).to_have_text(re.compile(rf"{loss:.4f}, \d+ of 12 right"))
    reader.page.get_by_label("Hold half out").uncheck()
    expect(held).to_be_hidden()
    reader.page.get_by_role("slider", name="points of the sample").fill("40")
    reader.page.get_by_role("slider", name="noise of the sample").fill("0.5")
    whole = drawn | {"number": 40, "noise": 0.5, "split": False}
    reader.sees(**parts, points=training_points(whole))
    for _ in range(3):
        reader.press("Step back")
    reader.sees(**state)


@pytest.mark.slow
def test_two_changes_of_a_sample_within_one_frame_both_count(reader):
    reader.page.get_by_text("New samples, and points held out").click()
    reader.page.evaluate("""() => {
        for (const [name, value] of [["number", 40], ["noise", 0.5]]) {
            const slider = document.querySelector(`[data-sample=${name}]`);
            slider.value = value;
            slider.dispatchEvent(new Event("input"));
        }
    }""")
    drawn = {"shape": "course", "seed": 0, "noise": 0.5, "number": 40, "split": True}
    reader.sees(points=training_points(drawn))


@pytest.mark.slow
def test_an_experiment_has_its_goals_checked_and_ends_where_free_play_is_chosen(reader):
    choice = reader.page.get_by_label("Experiment", exact=True)
    choice.select_option("separable")
    guide = reader.page.get_by_role("region", name="experiment")
    expect(guide.get_by_text("○")).to_have_count(2)
    reader.page.get_by_label("per frame").select_option(label="100 updates")
    reader.press("Repeat")
    expect(guide.get_by_text("✓")).to_have_count(1)
    expect(guide.get_by_role("status")).to_contain_text("One goal is reached")
    reader.page.get_by_label("Loss", exact=True).select_option(label="softmax")
    reader.press("Repeat")
    expect(guide.get_by_role("status")).to_contain_text("only regularization would make it stop")
    choice.select_option("")
    expect(guide).to_be_hidden()


@pytest.mark.slow
def test_the_place_in_weight_space_is_dragged_and_moved_by_keys(visit):
    reader = visit()
    reader.page.get_by_text("The loss over two weights").click()
    picture = reader.page.get_by_role("application", name="Total loss over w x and w y of class 0")
    expect(picture).to_have_accessible_name(re.compile("at 2.06 and 1.48 it is 2.57"))
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reader.page.mouse.move(*middle)
    reader.page.mouse.down()
    reader.page.mouse.move(middle[0] + box["width"] / 4, middle[1], steps=4)
    reader.page.mouse.up()
    reader.sees(W=[[3.06, 1.48], *COURSE["W"][1:]])
    picture.focus()
    reader.page.keyboard.press("ArrowUp")
    reader.page.keyboard.press("Shift+ArrowLeft")
    reader.sees(W=[[3.05, 1.58], *COURSE["W"][1:]])
    for _ in range(3):
        reader.press("Step back")
    reader.sees()


@pytest.mark.slow
def test_a_phone_shows_what_stands_below_in_its_width(visit):
    reader = visit(SAMPLE)
    reader.page.set_viewport_size({"width": 360, "height": 700})
    reader.page.get_by_text("The loss over two weights").click()
    reader.page.get_by_label("Experiment", exact=True).select_option("outlier")
    expect(reader.page.get_by_role("region", name="experiment")).to_be_visible()
    settle(reader.page)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 360
