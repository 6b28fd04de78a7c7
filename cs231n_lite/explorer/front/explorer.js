/** The explorer on the screen: what a reader does goes to the session, and what the session knows is shown. */
import { makePlane } from "./plane.js";
import { listenToHands } from "./hands.js";
import { makeTable } from "./table.js";
import { curveInWords, drawCurve } from "./curve.js";
import { documentOf } from "./document.js";
import { makePanel } from "./panel.js";
import { makeSession } from "./session.js";
import { makeGuide } from "./guide.js";
import { makeLandscape } from "./landscape.js";
import { makeSampling } from "./sampling.js";
import { LARGEST, MOST_POINTS, experimentState, presetState, sampleState } from "./state.js";
import { countsInWords, fareInWords } from "./marks.js";
import { makeReadout } from "./readout.js";
import { counted } from "./runs.js";
import { number } from "./text.js";

const QUIET = 300; // milliseconds without a change before the status is read out

/**
 * Builds an explorer in `element` and returns the function that takes it away again.
 *
 * `descend` and `state` are those of session.js. `yours` names the student's function, if there is one;
 * `onState(state)` is told of every new state; `copyAddress()`, where there is an address, puts it on the clipboard
 * and returns a promise of whether it could; `alarm` is a sentence to begin with.
 */
export function mount(element, { descend, state, yours = "", onState = () => {}, copyAddress, alarm = "", signal }) {
  const life = new AbortController();
  const root = document.createElement("div");
  root.className = "cs231n-explorer";
  // JupyterLab would take plain keys for its own commands: b inserts a cell, x cuts one.
  const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey);
  root.addEventListener("keydown", (event) => isPlain(event) && event.stopPropagation());
  root.innerHTML = documentOf(yours);
  element.append(root);

  const [canvas, curveCanvas] = [root.querySelector(".plane"), root.querySelector(".curve")];
  const plane = makePlane(canvas);
  let chosen = { selected: -1, hovered: -1, added: 0, margins: true, status: "" };
  let [frame, timer] = [0, 0];

  const onChange = () => (show({ status: "" }), report());
  const session = makeSession({ descend, state, yours, alarm, onState, onChange });
  const look = () => {
    const seen = session.look();
    const { length } = seen.state.points;
    const [hovered, selected] = [chosen.hovered, chosen.selected].map((i) => (i < length ? i : -1));
    const regarded = hovered < 0 && document.activeElement === canvas ? selected : hovered;
    return { ...seen, ...chosen, selected, regarded };
  };
  const act = makeActions(session, look, show, copyAddress);
  const drawTable = makeTable(root.querySelector("[data-show=points]"), act);
  const drawReadout = makeReadout(root.querySelector(".readout"), plane);
  const drawPanel = makePanel(root, act, yours, life.signal);
  const drawMore = [makeGuide(root, act.beginExperiment, life.signal),
    makeSampling(root, act.takeSample, act.settle, life.signal), makeLandscape(root, look, act, life.signal)];
  root.querySelector("[data-act=copy]").hidden = !copyAddress;
  listenToHands(canvas, plane, look, act, life.signal);

  /** Draws everything before the next frame, however often it is called until then. */
  function show(choice = {}) {
    if (choice.status) clearTimeout(timer); // newer than what was about to be said
    chosen = { ...chosen, ...choice };
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const view = look();
      for (const draw of [plane.draw, drawReadout, drawTable, drawPanel, ...drawMore]) draw(view);
      drawCurve(curveCanvas, view);
      curveCanvas.setAttribute("aria-label", curveInWords(view));
    });
  }

  /** Says how things stand, once they do; while they change, nothing that was true before. */
  function report() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { marks, probabilistic, result, running, updates } = look();
      if (!result) return;
      const counts = countsInWords(marks, probabilistic);
      const stands = `Total loss ${number(result.total, 2)} after ${counted(updates)}; ${counts}.`;
      show({ status: running ? "Repeating." : stands });
    }, QUIET);
  }

  const resized = new ResizeObserver(() => show());
  for (const node of [canvas, curveCanvas]) resized.observe(node);
  for (const type of ["focus", "blur"]) canvas.addEventListener(type, () => show(), { signal: life.signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(), { signal: life.signal });
  const themed = new MutationObserver(() => show());
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });

  function leave() {
    session.close();
    life.abort();
    resized.disconnect();
    themed.disconnect();
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    root.remove();
  }
  signal?.addEventListener("abort", leave);
  return leave;
}

const replaced = (list, i, value) => list.map((old, j) => (j === i ? value : old));
const rounded = (value) => Number(value.toFixed(2));
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

/** Where a point is and how it fares, to be read out when it is chosen. */
function described({ state, marks, result, probabilistic }, i) {
  const [x, y, c] = state.points[i];
  const fares = marks ? `: ${fareInWords(result.scores[i], c, marks[i], state.loss, probabilistic)}, ` +
    `loss ${number(result.losses[i], 2)}` : "";
  return `Point ${i + 1} of ${state.points.length}, class ${c}, at ${number(x, 2)} and ${number(y, 2)}${fares}.`;
}

/** All that a reader can do, by pointer, keyboard or control. */
function makeActions(session, look, show, copyAddress) {
  const points = () => look().state.points;
  const act = {
    update: session.update,
    back: session.back,
    settle: session.settle,
    repeat: session.repeat,
    reset: session.reset,
    randomize() {
      const W = [0, 1, 2].map(() => [rounded(normal()), rounded(normal())]);
      session.begin({ W, b: [0, 1, 2].map(() => rounded(normal() / 2)) });
    },
    usePreset(name) {
      show({ selected: -1 });
      const { loss, batch, speed } = look().state;
      if (name === "opened") session.reopen();
      else session.begin(presetState(name, { loss, batch, speed }));
    },
    takeSample(sample, kind) {
      show({ selected: -1 });
      session.edit(sampleState(look().state, sample), kind, true);
    },
    beginExperiment(name) {
      show({ selected: -1 });
      if (name) session.begin(experimentState(name));
      else session.edit({ experiment: "" });
    },
    set: (name, value) => session.edit({ [name]: value }, name, name === "loss"),
    setParameter(c, k, value) {
      const { W, b } = look().state;
      const parts = k < 2 ? { W: replaced(W, c, replaced(W[c], k, value)) } : { b: replaced(b, c, value) };
      if (Math.abs(value) <= LARGEST) session.edit(parts, `parameter ${c} ${k}`);
    },
    setWeights(c, w) {
      if (w.every((value) => Math.abs(value) <= LARGEST)) {
        session.edit({ W: replaced(look().state.W, c, w) }, `weights ${c}`);
      }
    },
    nudge(c, k, by) {
      const { W, b } = look().state;
      session.settle();
      act.setParameter(c, k, Number(([...W[c], b[c]][k] + by).toFixed(6)));
      session.settle();
    },
    regard: (hovered) => look().hovered !== hovered && show({ hovered }),
    select: (i) => show({ selected: i, ...(i >= 0 && { status: described(look(), i) }) }),
    move: (i, x, y) => session.edit({ points: replaced(points(), i, [x, y, points()[i][2]]) }, `move ${i}`),
    add(x = rounded(Math.random() - 0.5), y = rounded(Math.random() - 0.5)) {
      const old = points();
      if (old.length >= MOST_POINTS) return session.warn(`There is room for ${MOST_POINTS} points; remove one first.`);
      session.edit({ points: [...old, [x, y, look().added]] });
      show({ selected: old.length });
    },
    remove() {
      const { selected } = look();
      session.edit({ points: points().filter((_, j) => j !== selected) });
      show({ selected: -1, hovered: -1 }); // or a second press would remove another
    },
    classify(c) {
      const i = look().selected;
      const [x, y] = points()[i];
      session.edit({ points: replaced(points(), i, [x, y, c]) });
    },
    chooseAdded: (added) => show({ added }),
    showMargins: (margins) => show({ margins }),
    check: session.check,
    async copy() {
      const copied = await copyAddress();
      show({ copied, status: copied ? "" : "The browser keeps the clipboard closed; copy it from the address bar." });
      setTimeout(() => show({ copied: false }), 2000);
    },
  };
  return act;
}
