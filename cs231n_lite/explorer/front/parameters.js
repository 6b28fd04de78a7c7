/** The parameters: each can be typed in or nudged, and has its gradient below it, with the numerical one if wanted. */
import { checkInWords } from "./check.js";
import { number, setText } from "./text.js";

const NUDGES = { ArrowUp: 1, ArrowDown: -1 };

/** A number as people type it, with a comma or a true minus sign; NaN where it is none. */
export const typed = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace("−", "-").replace(",", ".")));

const placeOf = (text) => text.split(",").map(Number);

/** Binds the table of parameters below `root`, and returns the function that shows a view. */
export function makeParameters(root, act, signal) {
  const all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const [values, gradients, slopes] = ["value", "gradient", "slope"].map(all);
  const checked = root.querySelector("[data-show=checked]");

  for (const node of all("nudge")) {
    node.addEventListener("click", () => act.nudge(...placeOf(node.dataset.nudge)), { signal });
  }
  for (const node of values) {
    const place = placeOf(node.dataset.value);
    const on = (type, listener) => node.addEventListener(type, listener, { signal });
    on("input", () => {
      const value = typed(node.value);
      node.setAttribute("aria-invalid", String(Number.isNaN(value)));
      if (!Number.isNaN(value)) act.setParameter(...place, value);
    });
    on("keydown", (event) => {
      if (!NUDGES[event.key]) return;
      event.preventDefault();
      act.nudge(...place, (event.shiftKey ? 0.01 : 0.1) * NUDGES[event.key]);
      node.value = ""; // to be filled in anew
      node.dataset.untouched = "";
    });
    on("input", () => delete node.dataset.untouched);
    on("focus", () => (node.dataset.untouched = ""));
    on("blur", () => (node.dataset.untouched = "", node.setAttribute("aria-invalid", "false"), act.settle()));
  }

  return function draw(view) {
    const { state, result } = view;
    for (const node of values) {
      const [c, k] = placeOf(node.dataset.value);
      const value = String(Number([...state.W[c], state.b[c]][k].toFixed(3)));
      const isTyped = node.matches(":focus") && node.dataset.untouched === undefined;
      if (!isTyped && node.value !== value) node.value = value;
    }
    for (const node of gradients) {
      const [c, k] = placeOf(node.dataset.gradient);
      setText(node, result ? number([...result.dW[c], result.db[c]][k], 3) : "–");
    }
    for (const node of slopes) {
      const [c, k] = placeOf(node.dataset.slope);
      node.hidden = !result?.slopes;
      if (node.hidden) continue;
      const differs = result.differs[c][k];
      node.classList.toggle("differs", differs);
      setText(node, `${differs ? "≠" : "="} ${number(result.slopes[c][k], 3)}`);
    }
    const [isFault, sentence] = checkInWords(view);
    checked.hidden = !sentence;
    checked.classList.toggle("fault", isFault);
    setText(checked, sentence && `${isFault ? "≠" : "✓"} ${sentence}`);
  };
}
