/** The controls of samples: a new one of the shape on view, its noise, its number, and whether half is held out. */
import { MOST_NOISE, SEEDS, heldOutPoints } from "./sample.js";
import { MOST_POINTS, presetOf } from "./state.js";
import { number, setText } from "./text.js";

/** What is offered first: so few points that softmax without regularization is misled by them. */
const FIRST = { seed: 0, noise: 0.2, number: 24, split: true };

const range = (name, title, least, most, step) => `<label class="slider"><span>${title}</span>
  <span class="value" data-sample-value="${name}"></span>
  <input type="range" data-sample="${name}" aria-label="${title}" min="${least}" max="${most}" step="${step}"></label>`;

export const samplingDocument = () => `<details class="sampling"><summary>New samples, and points held out</summary>
  <div class="tools"><button type="button" data-sample="draw">New sample</button>
    ${range("noise", "noise of the sample", 0, MOST_NOISE, 0.05)}
    ${range("number", "points of the sample", 6, MOST_POINTS, 2)}
    <label class="check"><input type="checkbox" data-sample="split"> Hold half out</label></div>
  <p class="hint">New points around those of the data chosen. Held-out points are hollow, and are not trained on. Take
    the overlapping data and softmax, and regularization 0, then 0.1: what becomes of the held-out loss?</p>
</details>`;

/** Binds the controls below `root`; `take(sample, kind)` puts a sample's points in the plane. */
export function makeSampling(root, take, settle, signal) {
  const box = root.querySelector(".sampling");
  const [nodes, values] = ["sample", "sample-value"]
    .map((name) => (part) => box.querySelector(`[data-${name}=${part}]`));
  let shape = "course"; // the last preset that was seen
  let sample = { ...FIRST, shape };

  function change(parts, kind = null) {
    sample = { ...sample, shape, ...parts }; // the next change may come before the next frame
    take(sample, kind);
  }
  const on = (name, type, listener) => nodes(name).addEventListener(type, () => listener(nodes(name)), { signal });
  on("draw", "click", () => change({ seed: (sample.seed + 1) % SEEDS }));
  on("split", "change", ({ checked }) => change({ split: checked }));
  for (const name of ["noise", "number"]) {
    on(name, "input", ({ value }) => change({ [name]: Number(value) }, `sample ${name}`));
    on(name, "change", settle);
  }

  return function draw({ state }) {
    shape = state.sample?.shape ?? (presetOf(state.points) || shape);
    sample = state.sample ?? { ...sample, shape };
    if (state.sample && !box.dataset.seen) box.open = box.dataset.seen = true;
    for (const name of ["noise", "number"]) {
      setText(values(name), String(sample[name]));
      if (Number(nodes(name).value) !== sample[name]) nodes(name).value = sample[name];
    }
    nodes("split").checked = sample.split;
  };
}

/** Loss and accuracy of the held-out points, beside those of training; nothing where none is held out. */
export function heldOutInWords({ state, result }) {
  if (result?.held_data === undefined) return "";
  const { length } = heldOutPoints(state.sample);
  const right = Math.round(result.held_accuracy * length);
  return `Held out: data loss ${number(result.held_data, 4)}, ` +
    `${right} of ${length} right (${Math.round(100 * result.held_accuracy)} %)`;
}
