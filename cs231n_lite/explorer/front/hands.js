/**
 * The plane under a hand: points are dragged, added and chosen with a pointer, or all of it with the keyboard.
 *
 * `act` is what the explorer can do, among it: select, regard, move, add, remove, classify, settle.
 */
import { RADIUS } from "./plane.js";

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** A coordinate kept in the plane, on a grid of thousandths so that addresses stay short. */
const kept = (value) => Math.round(1000 * Math.min(1, Math.max(-1, value))) / 1000;

/** Listens to `canvas` until `signal` aborts; `look()` is the view that is on the screen. */
export function listenToHands(canvas, plane, look, act, signal) {
  const on = (type, listener, more = {}) => canvas.addEventListener(type, listener, { signal, ...more });
  let held = null; // the point that is dragged, and the pointer that does it

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return plane.locate(event.clientX - box.left, event.clientY - box.top).map(kept);
  };

  /** The uppermost point under the pointer, with room for a thumb, or -1. */
  const pointUnder = (event) => {
    const box = canvas.getBoundingClientRect();
    const reach = RADIUS + (event.pointerType === "mouse" ? 3 : 12);
    return look().state.points.findLastIndex((point) => {
      const [left, top] = plane.place(point);
      return Math.hypot(event.clientX - box.left - left, event.clientY - box.top - top) <= reach;
    });
  };

  on("pointerdown", (event) => {
    if (event.button !== 0 || held) return; // a second finger neither drags nor lets go
    if (event.shiftKey) return act.add(...at(event));
    const i = pointUnder(event);
    act.select(i);
    if (i < 0) return;
    held = { i, pointer: event.pointerId };
    canvas.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (held && event.pointerId !== held.pointer) return;
    if (held) act.move(held.i, ...at(event));
    const i = held?.i ?? pointUnder(event);
    act.regard(i);
    canvas.style.cursor = i >= 0 ? "grab" : "crosshair";
  });
  for (const type of ["pointerup", "pointercancel"]) {
    on(type, (event) => {
      if (event.pointerId !== held?.pointer) return;
      held = null;
      act.settle();
    });
  }
  on("pointerleave", () => held || act.regard(-1));
  on("dblclick", (event) => pointUnder(event) < 0 && act.add(...at(event)));
  // A finger on a point drags it; beside the points it scrolls the page as ever.
  on("touchstart", (event) => {
    const [touch] = event.changedTouches;
    if (held || pointUnder({ clientX: touch.clientX, clientY: touch.clientY }) >= 0) event.preventDefault();
  }, { passive: false });

  on("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if ((event.ctrlKey || event.altKey || event.metaKey) && !isUndo) return;
    const { state, selected } = look();
    const count = state.points.length;
    const key = event.key.toLowerCase();
    if (key === "n" && count) act.select((selected + 1) % count);
    else if (key === "p" && count) act.select((selected <= 0 ? count : selected) - 1);
    else if (key === "home" && count) act.select(0);
    else if (key === "end" && count) act.select(count - 1);
    else if (key === "a") act.add();
    else if (key === "u") act.update();
    else if (key === "r" || key === " ") act.repeat();
    else if (key === "z") act.back();
    else if (key === "escape") act.select(-1);
    else if (selected < 0) return;
    else if (ARROWS[event.key]) {
      const step = event.shiftKey ? 0.01 : 0.05;
      const [x, y] = [0, 1].map((k) => kept(state.points[selected][k] + step * ARROWS[event.key][k]));
      act.move(selected, x, y);
    } else if (key === "delete" || key === "backspace") act.remove();
    else if (["0", "1", "2"].includes(key)) act.classify(Number(key));
    else return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab knows Ctrl+Z, too
  });
  on("keyup", (event) => ARROWS[event.key] && act.settle());
}
