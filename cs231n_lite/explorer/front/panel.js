/**
 * Everything around the plane: the document of the explorer, its controls, and the numbers they show.
 *
 * Labels enclose what they name, so no ids are needed and a notebook may hold many explorers.
 */
import PRESETS from "./presets.json" with { type: "json" };
import { LOSSES, presetOf } from "./state.js";
import { number } from "./plane.js";
import { SHAPES, setText } from "./table.js";

const NAMES = [["w<sub>x</sub>", "w x"], ["w<sub>y</sub>", "w y"], ["b", "b"]]; // as shown, as spoken
const classes = (build) => [0, 1, 2].map(build).join("");
const option = (value, title) => `<option value="${value}">${title}</option>`;

/** A parameter: its value to type in, its nudges, its gradient. */
const cell = (c, k) => `<td><div class="nudge">
  <button type="button" data-nudge="${c},${k},-0.1" aria-label="decrease ${NAMES[k][1]} of class ${c} by 0.1">−</button>
  <input type="number" step="0.1" data-value="${c},${k}" aria-label="${NAMES[k][1]} of class ${c}">
  <button type="button" data-nudge="${c},${k},0.1" aria-label="increase ${NAMES[k][1]} of class ${c} by 0.1">+</button>
  </div><span class="gradient">${k < 2 ? "dW" : "db"} <b data-gradient="${c},${k}"></b></span></td>`;

const slider = (name, title, least, most) => `<label class="slider"><span>${title}</span>
  <span class="value" data-show="${name}"></span>
  <input type="range" data-slider="${name}" aria-label="${title}" min="${least}" max="${most}" step="0.1"></label>`;

const action = (name, title, more = "") => `<button type="button" data-act="${name}" ${more}>${title}</button>`;

/** The document; `yours` is the name of the student's function, or "". */
export const panelHTML = (yours) => `
<div class="bar">
  <label>Data <select data-select="preset" aria-label="Data"><option value="" hidden>your own</option>
    ${Object.entries(PRESETS).map(([name, { title }]) => option(name, title)).join("")}</select></label>
  <label>Loss <select data-select="loss" aria-label="Loss">${yours ? option("yours", "") : ""}
    ${Object.entries(LOSSES).map(([name, { title }]) => option(name, title)).join("")}</select></label>
  <label>Gradient from <select data-select="batch" aria-label="Gradient from">${option(0, "all points")}
    ${[1, 2, 4].map((n) => option(n, `${n} random point${n > 1 ? "s" : ""}`)).join("")}</select></label>
  ${action("copy", "Copy address", "hidden")}
</div>
<p class="try" data-show="try"></p>
<p class="alarm" role="alert" data-show="alarm" hidden></p>
<div class="desk">
  <section class="left" aria-label="plane">
    <canvas class="plane" tabindex="0" role="application" aria-label="Plane of points. Keys: n and p choose a point,
      the arrow keys move it (with Shift by less), 0, 1 and 2 give it a class, Delete removes it, a adds one."></canvas>
    <div class="tools">
      <fieldset><legend data-show="point">No point chosen</legend>
        ${classes((c) => `<button type="button" class="class-${c}" data-class="${c}" aria-label="give class ${c}">${SHAPES[c]} ${c}</button>`)}
        ${action("remove", "Remove")}</fieldset>
      <fieldset><legend>New point</legend>
        <select data-select="added" aria-label="class of a new point">${classes((c) => option(c, `${SHAPES[c]} ${c}`))}</select>
        ${action("add", "Add")}</fieldset>
      <label class="check"><input type="checkbox" data-check="margins" checked> Margins</label>
    </div>
    <p class="hint">Drag a point; double-click to add one. The line of a class is where its score is 0, the arrow shows where
      it rises. <span data-show="hint"></span></p>
  </section>
  <section class="right" aria-label="training">
    <div class="losses">
      <div><span>data loss</span><output aria-live="off" aria-label="data loss" data-show="data"></output></div><i>+</i>
      <div><span>regularization</span><output aria-live="off" aria-label="regularization loss" data-show="regularization"></output></div><i>=</i>
      <div><span>total loss</span><output aria-live="off" aria-label="total loss" data-show="total"></output></div>
    </div>
    <p class="formula">Loss of a point: <span data-show="formula"></span></p>
    <div class="actions">${action("update", "Update once")}${action("repeat", "Repeat", 'class="main"')}${action("stop", "Stop")}
      ${action("back", "Step back")}${action("randomize", "Randomize")}</div>
    <p class="status" role="status" data-show="status"></p>
    <div class="sliders">${slider("step", "step size", -3, 1)}${slider("reg", "regularization strength", -4.1, 1)}</div>
    <div class="wide"><table class="parameters">
      <caption>Parameters, and under each its gradient</caption>
      <thead><tr><th scope="col">class</th>${NAMES.map(([shown]) => `<th scope="col">${shown}</th>`).join("")}</tr></thead>
      <tbody>${classes((c) => `<tr><th scope="row" class="class-${c}">${SHAPES[c]} ${c}</th>${[0, 1, 2].map((k) => cell(c, k)).join("")}</tr>`)}</tbody>
    </table></div>
    <figure><canvas class="curve" role="img"></canvas>
      <figcaption>Loss after each update: total <b>—</b>, of which data <b>- -</b></figcaption></figure>
  </section>
</div>
<div class="wide" tabindex="0" role="region" aria-label="table of points"><table class="points">
  <caption>Points</caption>
  <thead><tr>${["point", "x", "y", "class", "s₀", "s₁", "s₂", "loss", ""].map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
  <tbody data-show="points"></tbody>
</table></div>`;

const SHOWN_AS_ZERO = -4.05; // the strength's slider ends in 0, which no logarithm reaches

/** From the place of a slider to its number, with two digits; and back. */
const unslid = (name, place) => (name === "reg" && place < SHOWN_AS_ZERO ? 0 : Number((10 ** place).toPrecision(2)));
const slid = (value) => (value > 0 ? Math.log10(value) : -5);

/** Binds the controls below `root` to what the explorer can do, and returns the function that shows a view. */
export function makePanel(root, act, yours, signal) {
  const all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const shown = Object.fromEntries(all("show").map((node) => [node.dataset.show, node]));
  const choice = Object.fromEntries(all("select").map((node) => [node.dataset.select, node]));
  const on = (nodes, type, listener) => nodes.forEach((node) => node.addEventListener(type, () => listener(node), { signal }));
  const place = (text) => text.split(",").map(Number);
  const isOff = (node) => node.getAttribute("aria-disabled") === "true";
  if (yours) root.querySelector("option[value=yours]").textContent = `yours: ${yours}`;

  on(all("act"), "click", (node) => isOff(node) || act[node.dataset.act]());
  on(all("class"), "click", (node) => isOff(node) || act.classify(act.chosen(), Number(node.dataset.class)));
  on(all("nudge"), "click", (node) => act.nudge(...place(node.dataset.nudge)));
  on(all("value"), "input", (node) => node.value !== "" && act.setParameter(...place(node.dataset.value), Number(node.value)));
  on(all("slider"), "input", (node) => act.set(node.dataset.slider, unslid(node.dataset.slider, Number(node.value))));
  on([...all("value"), ...all("slider")], "change", act.settle);
  on([choice.preset], "change", () => act.usePreset(choice.preset.value));
  on([choice.loss], "change", () => act.set("loss", choice.loss.value));
  on([choice.batch], "change", () => act.set("batch", Number(choice.batch.value)));
  on([choice.added], "change", () => act.chooseAdded(Number(choice.added.value)));
  on(all("check"), "change", (node) => act.showMargins(node.checked));

  /** Greyed and without effect, but still under the keyboard's focus, which `disabled` would throw away. */
  const allow = (nodes, isAllowed) => nodes.forEach((node) => node.setAttribute("aria-disabled", String(!isAllowed)));
  const called = (name) => all("act").filter((node) => node.dataset.act === name);
  const leave = (node, value) => node.matches(":focus") || node.value === value || (node.value = value);

  return function draw({ state, result, selected, probabilistic, running, canStepBack, status, alarm }) {
    for (const name of ["data", "regularization", "total"]) setText(shown[name], number(result?.[name] ?? NaN, 4));
    for (const node of all("slider")) drawSlider(node, state[node.dataset.slider]);
    for (const name of ["step", "reg"]) setText(shown[name], String(state[name]));
    for (const node of all("value")) {
      const [c, k] = place(node.dataset.value);
      leave(node, String(Number([...state.W[c], state.b[c]][k].toFixed(3))));
    }
    for (const node of all("gradient")) {
      const [c, k] = place(node.dataset.gradient);
      setText(node, result ? number([...result.dW[c], result.db[c]][k], 3) : "–");
    }
    choice.preset.value = presetOf(state.points);
    choice.loss.value = state.loss;
    drawBatch(state.batch);
    if (choice.preset.value) setText(shown.try, PRESETS[choice.preset.value].try);
    const formula = LOSSES[state.loss]?.formula ?? "computed by your function";
    if (shown.formula.dataset.of !== state.loss) shown.formula.innerHTML = formula;
    shown.formula.dataset.of = state.loss;
    setText(shown.hint, hint(state.loss, probabilistic));
    setText(shown.point, selected < 0 ? "No point chosen" : `Point ${selected + 1}`);
    setText(shown.status, status);
    setText(shown.alarm, alarm);
    shown.alarm.hidden = !alarm;
    allow([...all("class"), ...called("remove")], selected >= 0);
    for (const node of all("class")) {
      node.setAttribute("aria-pressed", String(state.points[selected]?.[2] === Number(node.dataset.class)));
    }
    allow(called("stop"), running);
    allow(called("repeat"), !running);
    allow(called("back"), canStepBack);
    root.querySelector("[data-check=margins]").disabled = probabilistic;
  };

  function drawSlider(node, value) {
    if (unslid(node.dataset.slider, Number(node.value)) !== value) node.value = slid(value);
    node.setAttribute("aria-valuetext", String(value));
  }

  /** A minibatch of another size, from an address or from Python, gets an entry of its own. */
  function drawBatch(batch) {
    if (![...choice.batch.options].some(({ value }) => Number(value) === batch)) {
      choice.batch.add(new Option(`${batch} random points`, batch));
    }
    choice.batch.value = String(batch);
  }
}

function hint(loss, probabilistic) {
  if (probabilistic) return "The shading mixes the classes by their probabilities; a cross marks a point that is put wrong.";
  const band = loss === "one_vs_all" ? "each score lies between −1 and 1" : "the winner leads by less than 1";
  return `Hatched is the margin, where ${band}; a cross marks a point that is violated.`;
}
