/** The whole loss as a formula, each of whose terms is explained when a reader points at it. */
import { LOSSES } from "./state.js";
import { setText } from "./text.js";

const PENALTY = "the penalty: the strength λ times the sum of all squared weights. The biases are left out, since they " +
  "only move a line. Its gradient is 2λw; the course's own demo shows λw, which belongs to half this penalty.";
const YOURS = { formula: "L<sub>i</sub>", says: "the loss of point i, computed by your function" };

const termsOf = (loss) => {
  const { formula, says } = LOSSES[loss] ?? YOURS;
  return [["(1/N) Σ<sub>i</sub>", "the mean over all N points; of it comes the data loss"], [formula, says],
    ["λ Σ<sub>c</sub> (w<sub>x</sub>² + w<sub>y</sub>²)", PENALTY]];
};

/** Shows the formula below `root`, and returns the function that shows that of another loss. */
export function makeFormula(root, signal) {
  const [formula, explained] = ["formula", "term"].map((name) => root.querySelector(`[data-show=${name}]`));
  let terms = [];
  const explain = (event) => {
    const term = event.target.closest("button");
    if (term) setText(explained, `${term.textContent} is ${terms[term.value][1]}`);
  };
  for (const type of ["pointerover", "focusin", "click"]) formula.addEventListener(type, explain, { signal });

  return function draw({ state }) {
    if (formula.dataset.of === state.loss) return;
    formula.dataset.of = state.loss;
    terms = termsOf(state.loss);
    const [mean, point, penalty] = terms.map(([html], i) => `<button type="button" value="${i}">${html}</button>`);
    formula.innerHTML = `loss = ${mean} ${point} + ${penalty}`;
    setText(explained, "Point at a term to have it explained.");
  };
}
