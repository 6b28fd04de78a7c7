/** The controls: each is bound to what a reader can do, and shows what the view holds. */
import PRESETS from "./presets.json" with { type: "json" };
import { countsInWords } from "./marks.js";
import { makeFormula } from "./formula.js";
import { makeParameters } from "./parameters.js";
import { counted, endInWords, nameOf } from "./runs.js";
import { heldOutInWords } from "./sampling.js";
import { presetOf } from "./state.js";
import { number, setText } from "./text.js";

const OWN = "Drag the points, choose a loss, press “Repeat” and watch what it makes of them.";
const SHOWN_AS_ZERO = -4.05; // the strength's slider ends in 0, which no logarithm reaches

/** From the place of a slider to its number, with two digits; and back. */
const unslid = (name, place) => (name === "reg" && place < SHOWN_AS_ZERO ? 0 : Number((10 ** place).toPrecision(2)));
const slid = (value) => (value > 0 ? Math.log10(value) : -5);

/** Binds the controls below `root` to what the explorer can do, and returns the function that shows a view. */
export function makePanel(root, act, yours, signal) {
  const all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const shown = Object.fromEntries(all("show").map((node) => [node.dataset.show, node]));
  const choice = Object.fromEntries(all("select").map((node) => [node.dataset.select, node]));
  const on = (nodes, type, listener) =>
    nodes.forEach((node) => node.addEventListener(type, () => listener(node), { signal }));
  const drawParameters = makeParameters(root, act, signal);
  const drawFormula = makeFormula(root, signal);
  const isOff = (node) => node.getAttribute("aria-disabled") === "true";
  if (yours) root.querySelector("option[value=yours]").textContent = `yours: ${yours}`;

  on(all("act"), "click", (node) => isOff(node) || act[node.dataset.act]());
  on(all("class"), "click", (node) => isOff(node) || act.classify(Number(node.dataset.class)));
  on(all("slider"), "input", (node) => act.set(node.dataset.slider, unslid(node.dataset.slider, Number(node.value))));
  on([choice.preset], "change", () => act.usePreset(choice.preset.value));
  on([choice.loss], "change", () => act.set("loss", choice.loss.value));
  for (const name of ["batch", "speed"]) on([choice[name]], "change", () => act.set(name, Number(choice[name].value)));
  on([choice.added], "change", () => act.chooseAdded(Number(choice.added.value)));
  const checks = { margins: act.showMargins, numerical: act.check };
  on(all("check"), "change", (node) => checks[node.dataset.check](node.checked));
  on([...all("slider"), ...all("select")], "change", act.settle);

  /** Greyed and without effect, but still under the keyboard's focus, which `disabled` would throw away. */
  const allow = (nodes, isAllowed) => nodes.forEach((node) => node.setAttribute("aria-disabled", String(!isAllowed)));
  const called = (name) => all("act").filter((node) => node.dataset.act === name);

  return function draw(view) {
    const { state, selected, probabilistic, running } = view;
    drawNumbers(view);
    drawParameters(view);
    drawFormula(view);
    drawChoices(state);
    drawRuns(view);
    setText(shown.hint, hint(state.loss, probabilistic));
    setText(shown.held, heldOutInWords(view));
    shown.dotted.hidden = view.result?.held_data === undefined;
    shown.held.hidden = !shown.held.textContent;
    setText(shown.point, selected < 0 ? "No point chosen" : `Point ${selected + 1}`);
    for (const name of ["status", "alarm"]) setText(shown[name], view[name]);
    shown.alarm.hidden = !view.alarm;
    shown.drawn.hidden = !view.rows;
    setText(shown.gradientOf, gradientOf(view));
    root.querySelector("[data-check=margins]").disabled = probabilistic;
    root.querySelector("[data-check=numerical]").disabled = state.loss === "yours";
    root.querySelector("[data-check=numerical]").checked = view.checking || state.loss === "yours";
    for (const node of all("class")) {
      node.setAttribute("aria-pressed", String(state.points[selected]?.[2] === Number(node.dataset.class)));
    }
    allow([...all("class"), ...called("remove")], selected >= 0);
    allow(called("back"), view.canStepBack);
    setText(called("repeat")[0], running ? "Stop" : "Repeat");
    setText(called("copy")[0], view.copied ? "Copied" : "Copy address");
  };

  function drawNumbers({ state, result, marks, probabilistic }) {
    for (const name of ["data", "regularization", "total"]) setText(shown[name], number(result?.[name] ?? NaN, 4));
    for (const node of all("slider")) drawSlider(node, state[node.dataset.slider]);
    for (const name of ["step", "reg"]) setText(shown[name], String(state[name]));
    setText(shown.counts, marks ? countsInWords(marks, probabilistic) : "");
  }

  function drawRuns({ state, curve, updates, right, last, yours: name }) {
    setText(shown.updates, counted(updates));
    setText(shown.run, curve.length > 1 ? `${nameOf(state, name)}: ${endInWords({ curve, updates, right })}` : "");
    shown.before.hidden = !last;
    setText(shown.before, last ? `Before (faint): ${last.name}: ${endInWords(last)}` : "");
  }

  function drawChoices(state) {
    const preset = presetOf(state.points);
    choice.preset.value = preset;
    const { sample } = state;
    setText(choice.preset.options[0], sample ? `a sample: ${PRESETS[sample.shape].title}` : "your own");
    shown.try.hidden = Boolean(state.experiment);
    if (preset || !shown.try.textContent) setText(shown.try, PRESETS[preset]?.try ?? OWN); // or the last one stands
    choice.loss.value = state.loss;
    drawBatch(state.batch);
    choice.speed.value = String(state.speed);
  }

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

/** Whose gradient is shown: the one that the next update takes. */
const gradientOf = ({ rows }) =>
  `Parameters; below each its gradient${rows ? `, of the minibatch: ${rows.map((i) => i + 1).join(", ")}` : ""}`;

function hint(loss, probabilistic) {
  const marks = "The halo of a point grows with its loss; a cross marks one that is put wrong";
  if (probabilistic) return `${marks}. The deeper the shade, the surer the class; thin lines: probability 0.5, 0.7, 0.9.`;
  const band = loss === "one_vs_all" ? "each score lies between −1 and 1" : "the winner leads by less than 1";
  return `${marks}, a dash one that is right but short of the margin. Hatched is the margin, where ${band}.`;
}
