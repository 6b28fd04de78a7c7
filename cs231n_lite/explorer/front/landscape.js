/**
 * The loss over the two weights of one class, the others held: contours, the way so far, and the place to be dragged.
 *
 * The losses are computed here, in a notebook too; for a student's own function there is no picture.
 */
import { lossOver } from "./arithmetic.js";
import { makeBrush, paletteOf } from "./brush.js";
import { ARROWS } from "./hands.js";
import { heightsOf, reliefOver } from "./relief.js";
import { contour, makeShader } from "./shading.js";
import { LOSSES } from "./state.js";
import { SHAPES, number } from "./text.js";
import { extended, pieces } from "./trail.js";

const FINENESS = 32; // cells a side
const RINGS = 14;
const SHARE = 5; // no more than one part in so many of the time goes into contours
const GRIP = 16; // pixels around the place

export const landscapeDocument = () => `<details class="landscape"><summary>The loss over two weights</summary>
  <label>Weights of class <select data-landscape="class" aria-label="class of the weights">
    ${[0, 1, 2].map((c) => `<option value="${c}">${SHAPES[c]} ${c}</option>`).join("")}</select></label>
  <canvas tabindex="0" role="application" aria-label="Total loss over two weights"></canvas>
  <p class="hint">Contours of the total loss, darker where it is lower, as these two weights change and all else stays;
    they move with everything else. The line is the way of the updates, the arrow where the next one leads. Drag the
    place, or move it with the arrow keys (with Shift by less).</p>
  <p class="hint" data-landscape="none" hidden>Of your own function there is no picture: choose a loss of the list.</p>
</details>`;

/** Draws views below `root`; `act.setWeights(c, w)` moves the place, `act.settle()` ends a move. */
export function makeLandscape(root, look, act, signal) {
  const box = root.querySelector(".landscape");
  const [canvas, choice, none] = ["canvas", "select", "[data-landscape=none]"].map((one) => box.querySelector(one));
  const brush = makeBrush(canvas);
  let trail = [];
  let pane = null; // { left, bottom, side } of what is seen
  let [isDragged, drawnOf, readyAt, timer] = [false, null, 0, 0];
  let heights = new Float32Array(); // at the corners of the cells, from 0 to 1
  const shade = makeShader(FINENESS);

  const on = (node, type, listener, more = {}) => node.addEventListener(type, listener, { signal, ...more });
  const current = () => Number(choice.value);
  const place = ([u, v]) =>
    [(u - pane.left) / pane.side, 1 - (v - pane.bottom) / pane.side].map((part) => part * brush.size);
  const rounded = (value) => Number(value.toFixed(3));

  function draw(view) {
    trail = extended(trail, view);
    if (!box.open) return;
    none.hidden = Object.hasOwn(LOSSES, view.state.loss);
    canvas.hidden = !none.hidden;
    if (canvas.hidden || !canvas.clientWidth) return;
    const c = current();
    brush.fit();
    const isNew = pan(view.state.W[c], pieces(trail, c).flat());
    survey(view.state, c, isNew);
    paint(view, c, paletteOf(canvas));
    canvas.setAttribute("aria-label", inWords(view, c));
  }

  /** Keeps the place in the picture, and shows as much of its way as there is; true where that changes the picture. */
  function pan([u, v], way) {
    const margin = pane && 0.06 * pane.side;
    const isIn = pane && u > pane.left + margin && u < pane.left + pane.side - margin &&
      v > pane.bottom + margin && v < pane.bottom + pane.side - margin;
    if (isDragged || isIn) return false;
    const [us, vs] = [0, 1].map((k) => [[u, v], ...way].map((one) => one[k]));
    const [least, most] = [Math.min, Math.max].map((of) => [of(...us), of(...vs)]);
    const side = Math.max(4, 1.5 * Math.max(most[0] - least[0], most[1] - least[1]));
    pane = { left: (least[0] + most[0] - side) / 2, bottom: (least[1] + most[1] - side) / 2, side };
    return true;
  }

  /** Computes the contours anew where something has changed, at once or as soon as it may take the time. */
  function survey(state, c, isNew) {
    const key = JSON.stringify([{ ...state, W: state.W.map((w, j) => (j === c ? 0 : w)) }, c]);
    if (key === drawnOf && !isNew) return;
    const start = performance.now();
    clearTimeout(timer);
    if (start < readyAt && !isNew) {
      timer = setTimeout(() => signal.aborted || draw(look()), readyAt - start);
      return;
    }
    heights = heightsOf(reliefOver(lossOver(state, c), pane, FINENESS));
    drawnOf = key;
    const end = performance.now();
    readyAt = end + SHARE * (end - start);
  }

  function paint({ state, result }, c, palette) {
    const { size } = brush;
    shade(brush.context, size, heights.map((height) => 1 - height), palette.shades[c]);
    for (let k = 0; k < RINGS; k++) brush.stroke(contour(heights, (k + 0.5) / RINGS, size), `${palette.ink}80`, 1);
    drawAxes(palette, c);
    for (const way of pieces(trail, c)) {
      const path = line(way.map(place));
      brush.stroke(path, palette.halo, 4.5);
      brush.stroke(path, palette.lines[c], 2.25);
    }
    drawPlace(place(state.W[c]), result?.dW[c], palette, c);
  }

  function drawAxes(palette, c) {
    const { size } = brush;
    const [top, right] = [pane.bottom + pane.side, pane.left + pane.side].map((value) => number(value, 1));
    const [low, left] = [pane.bottom, pane.left].map((value) => number(value, 1));
    const words = [[left, 18, size - 10], [`w x of class ${c} →`, size / 2, size - 10], [right, size - 18, size - 10],
      [`${top}  ↑ w y`, 36, 12], [low, 18, size - 28]];
    for (const [word, x, y] of words) brush.write(word, [x, y], "12px", palette.ink, palette.halo);
  }

  function drawPlace([x, y], slope, palette, c) {
    const steepness = slope && Math.hypot(...slope);
    if (steepness > 5e-4) {
      const tip = [x - (34 * slope[0]) / steepness, y + (34 * slope[1]) / steepness];
      const path = line([[x, y], tip]);
      const angle = Math.atan2(tip[1] - y, tip[0] - x);
      for (const side of [angle - 0.5, angle + 0.5]) {
        line([tip, [tip[0] - 9 * Math.cos(side), tip[1] - 9 * Math.sin(side)]], path);
      }
      brush.stroke(path, palette.halo, 5);
      brush.stroke(path, palette.ink, 2);
    }
    const dot = new Path2D();
    dot.arc(x, y, 7, 0, 7);
    brush.fill(dot, palette.points[c]);
    brush.stroke(dot, "#ffffff", 2);
  }

  // ---------------------------------------------------------------- the hand

  const under = ({ clientX, clientY }) => {
    const bounds = canvas.getBoundingClientRect();
    return [clientX - bounds.left, clientY - bounds.top];
  };
  const holds = (event) => {
    const [[x, y], [left, top]] = [under(event), place(look().state.W[current()])];
    return Math.hypot(x - left, y - top) <= GRIP;
  };
  on(canvas, "pointerdown", (event) => {
    if (event.button !== 0 || isDragged || !holds(event)) return;
    isDragged = true;
    canvas.setPointerCapture(event.pointerId);
  });
  on(canvas, "pointermove", (event) => {
    if (!isDragged) return void (canvas.style.cursor = holds(event) ? "grab" : "");
    if (!canvas.hasPointerCapture(event.pointerId)) return; // a second finger's
    const [x, y] = under(event).map((part) => Math.min(Math.max(part, 0), brush.size) / brush.size);
    act.setWeights(current(), [pane.left + x * pane.side, pane.bottom + (1 - y) * pane.side].map(rounded));
  });
  on(canvas, "lostpointercapture", () => {
    isDragged = false;
    act.settle();
  });
  on(canvas, "touchstart", (event) => event.touches.length === 1 && holds(event.touches[0]) && event.preventDefault(),
    { passive: false });
  on(canvas, "keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 0.01 : 0.1;
    act.setWeights(current(), look().state.W[current()].map((value, k) => rounded(value + step * way[k])));
  });
  on(canvas, "keyup", (event) => ARROWS[event.key] && act.settle());
  on(choice, "change", () => {
    pane = null;
    draw(look());
  });
  on(box, "toggle", () => draw(look()));
  const resized = new ResizeObserver(() => draw(look()));
  resized.observe(canvas);
  on(signal, "abort", () => resized.disconnect());
  return draw;
}

/** The path through these pixels. */
function line(places, path = new Path2D()) {
  places.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  return path;
}

/** What the picture shows, for those who do not see it. */
function inWords({ state, result }, c) {
  const [u, v] = state.W[c].map((value) => number(value, 2));
  const [du, dv] = (result?.dW[c] ?? [NaN, NaN]).map((value) => number(value, 2));
  return `Total loss over w x and w y of class ${c}: at ${u} and ${v} it is ${number(result?.total ?? NaN, 2)}, ` +
    `rising by ${du} along w x and ${dv} along w y. ` +
    "The arrow keys move the place, with Shift by less.";
}
