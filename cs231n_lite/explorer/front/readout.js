/** What is known of one point, beside it: its scores, its loss, and in words how it fares. */
import { fareInWords } from "./marks.js";
import { RADIUS } from "./plane.js";
import { SHAPES, number } from "./text.js";

const AWAY = RADIUS + 14; // pixels between the point and what is said of it

/** Shows in `box`, which lies over the plane, the point that the view looks at. */
export function makeReadout(box, plane) {
  box.innerHTML = `<b></b><span class="scores"></span><span class="fares"></span>`;
  const [head, scores, fares] = box.children;

  return function draw({ state, result, marks, regarded, probabilistic }) {
    const point = state.points[regarded];
    box.hidden = !point;
    if (!point) return;
    const [x, y, c] = point;
    head.textContent = `${regarded + 1} ${SHAPES[c]} class ${c} at ${number(x, 2)}, ${number(y, 2)}`;
    head.className = `class-${c}`;
    const s = result?.scores[regarded] ?? [NaN, NaN, NaN];
    scores.textContent = s.map((value, j) => `s${"₀₁₂"[j]} ${number(value, 2)}`).join("   ");
    const loss = number(result?.losses[regarded] ?? NaN, 3);
    fares.textContent = `loss ${loss}` +
      (marks ? `: ${fareInWords(s, c, marks[regarded], state.loss, probabilistic)}` : "");
    settle([x, y]);
  };

  /** Above the point, or below it where there is no room, and never beside the plane. */
  function settle(point) {
    const [left, top] = plane.place(point);
    const [width, height, room] = [box.offsetWidth, box.offsetHeight, box.parentElement.clientWidth];
    const above = top - AWAY - height;
    box.style.left = `${Math.min(Math.max(left - width / 2, 4), room - width - 4)}px`;
    box.style.top = `${above >= 4 ? above : top + AWAY}px`;
  }
}
