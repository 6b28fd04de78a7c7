/** The document of the explorer. Labels enclose what they name, so no ids are needed and a notebook may hold many. */
import PRESETS from "./presets.json" with { type: "json" };
import { guideChooser, guideDocument } from "./guide.js";
import { landscapeDocument } from "./landscape.js";
import { samplingDocument } from "./sampling.js";
import { LOSSES, SPEEDS } from "./state.js";
import { SHAPES } from "./text.js";

const PARAMETERS = [["w<sub>x</sub>", "w x", "dW"], ["w<sub>y</sub>", "w y", "dW"], ["b", "b", "db"]]; // shown, spoken
const KEYS = "n and p choose the next point and the one before, Home and End the first and the last; the arrow keys " +
  "move it (with Shift by less), 0, 1 and 2 give it a class, Delete removes it, a adds one; u updates once, Space or r " +
  "repeats and stops, z steps back.";

const times = (list, build) => list.map(build).join("");
const eachClass = (build) => times([0, 1, 2], build);
const option = (value, title) => `<option value="${value}">${title}</option>`;
const action = (name, title, more = "") => `<button type="button" data-act="${name}" ${more}>${title}</button>`;

const chooser = (name, title, options) =>
  `<label>${title} <select data-select="${name}" aria-label="${title}">${options}</select></label>`;

const slider = (name, title, least, most) => `<label class="slider">
  <span>${title}</span> <span class="value" data-show="${name}"></span>
  <input type="range" data-slider="${name}" aria-label="${title}" min="${least}" max="${most}" step="0.1"></label>`;

const sumTerm = (name, title, spoken) =>
  `<div><span>${title}</span><output aria-live="off" aria-label="${spoken}" data-show="${name}"></output></div>`;

/** A parameter: its value to type in, its nudges, its gradient. */
const parameter = (c, k) => {
  const [, spoken, gradient] = PARAMETERS[k];
  const nudge = (by, sign, verb) => `<button type="button" data-nudge="${c},${k},${by}" tabindex="-1"
    aria-label="${verb} ${spoken} of class ${c} by 0.1">${sign}</button>`;
  return `<td><div class="nudge">${nudge(-0.1, "−", "decrease")}
    <input inputmode="decimal" data-value="${c},${k}" aria-label="${spoken} of class ${c}" autocomplete="off">
    ${nudge(0.1, "+", "increase")}</div>
    <span class="gradient">${gradient} <b data-gradient="${c},${k}"></b></span>
    <span class="gradient slope" data-slope="${c},${k}" hidden></span></td>`;
};

const bar = (yours) => `<div class="bar">
  ${chooser("preset", "Data", '<option value="" hidden>your own</option><option value="opened">as opened</option>' +
    times(Object.entries(PRESETS), ([name, { title }]) => option(name, title)))}
  ${chooser("loss", "Loss", (yours ? option("yours", "") : "") +
    times(Object.entries(LOSSES), ([name, { title }]) => option(name, title)))}
  ${chooser("batch", "Gradient from", option(0, "all points") + option(1, "1 random point") +
    times([2, 4], (n) => option(n, `${n} random points`)))}
  ${guideChooser()}
  ${action("copy", "Copy address", "hidden")}
</div>`;

const left = () => `<section class="left" aria-label="plane">
  <div class="stage"><canvas class="plane" tabindex="0" role="application" aria-label="Plane of points. Keys: ${KEYS}">
    </canvas><div class="readout" data-show="readout" aria-hidden="true" hidden></div></div>
  <p class="alarm" role="alert" data-show="alarm" hidden></p>
  <div class="tools">
    <fieldset><legend data-show="point">No point chosen</legend>
      ${eachClass((c) => `<button type="button" class="class-${c}" data-class="${c}"
        aria-label="give class ${c}">${SHAPES[c]} ${c}</button>`)}
      ${action("remove", "Remove")}</fieldset>
    <fieldset><legend>New point</legend>
      <select data-select="added" aria-label="class of a new point">
        ${eachClass((c) => option(c, `${SHAPES[c]} ${c}`))}</select>
      ${action("add", "Add")}</fieldset>
    <label class="check"><input type="checkbox" data-check="margins" checked> margins</label>
  </div>
  <p class="hint">Drag a point; double-click to add one. The line of a class is where its score is 0; its arrow
    shows where the score rises, and the longer it is, the more steeply. <span data-show="hint"></span></p>
  <details class="hint"><summary>By keyboard</summary>Tab to the plane; there ${KEYS}</details>
</section>`;

const HEADS = ["point", "s₀", "s₁", "s₂", "loss", "verdict"];

const middle = () => `<section class="middle" aria-label="losses">
  <div class="losses">${sumTerm("data", "data loss", "data loss")}<i>+</i>
    ${sumTerm("regularization", "regularization", "regularization loss")}<i>=</i>
    ${sumTerm("total", "total loss", "total loss")}</div>
  <p class="counts" data-show="counts"></p>
  <p class="held" data-show="held" hidden></p>
  <div class="wide scroll" tabindex="-1"><table class="points">
    <caption>Loss of each point<span data-show="drawn" hidden>; • marks the minibatch</span></caption>
    <thead><tr>${times(HEADS, (name) => `<th scope="col">${name}</th>`)}</tr></thead>
    <tbody data-show="points"></tbody>
  </table></div>
  <p class="formula"><span data-show="formula"></span><br><span class="term" data-show="term"></span></p>
</section>`;

const right = () => `<section class="right" aria-label="training">
  <div class="actions">${action("update", "Update once")}${action("repeat", "Repeat", 'class="main"')}
    ${action("reset", "Reset")}${action("back", "Step back")}${action("randomize", "Randomize")}</div>
  <div class="pace"><span class="updates" data-show="updates"></span>
    ${chooser("speed", "per frame", times(SPEEDS, (n) => option(n, n === 1 ? "1 update" : `${n} updates`)))}</div>
  <p class="status" role="status" data-show="status"></p>
  <p class="checked" role="status" data-show="checked" hidden></p>
  <div class="wide"><table class="parameters">
    <caption><span data-show="gradientOf"></span>
      <label class="check"><input type="checkbox" data-check="numerical"> check it numerically</label></caption>
    <thead><tr><th scope="col">class</th>${times(PARAMETERS, ([shown]) => `<th scope="col">${shown}</th>`)}</tr></thead>
    <tbody>${eachClass((c) => `<tr><th scope="row" class="class-${c}">${SHAPES[c]} ${c}</th>
      ${times([0, 1, 2], (k) => parameter(c, k))}</tr>`)}</tbody>
  </table></div>
  <div class="sliders">${slider("step", "step size", -3, 1)}${slider("reg", "regularization strength", -4.1, 1)}</div>
  <figure><canvas class="curve" role="img"></canvas>
    <figcaption>Loss after each update: total <b>—</b>, of which data <b>- -</b><i
      data-show="dotted" hidden>, held out <b>···</b></i>
      <span data-show="run"></span><span class="before" data-show="before" hidden></span></figcaption></figure>
</section>`;

/** All of it; `yours` is the name of the student's function, or "". What is needed now and then stands below. */
export const documentOf = (yours) => `${bar(yours)}
<p class="try" data-show="try"></p>
${guideDocument()}
<div class="desk">${left()}${middle()}${right()}</div>
<div class="below">${samplingDocument()}${landscapeDocument()}</div>`;
