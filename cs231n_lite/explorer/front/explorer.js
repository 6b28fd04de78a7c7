/**
 * The explorer: it owns the state, asks the arithmetic for each new one, and shows what comes back.
 *
 * The arithmetic is one function, `evaluate(state, rows)`, which gives a result or a promise of one: JavaScript's
 * on the web page, Python's in a notebook.
 */
import { makePlane, number } from "./plane.js";
import { listenToHands } from "./hands.js";
import { makeTable, verdict } from "./table.js";
import { curveInWords, drawCurve } from "./curve.js";
import { makePanel, panelHTML } from "./panel.js";
import { LARGEST, MOST_POINTS, drawnRows, isProbabilistic, presetState, satisfied, stepped } from "./state.js";

const REMEMBERED = 200; // states to step back to
const CURVE_LENGTH = 1000; // updates that the curve shows
const QUIET = 300; // milliseconds without a change before the status is read out

/**
 * Builds an explorer in `element` and returns the function that takes it away again.
 *
 * `yours` names the student's function, if there is one; `onState(state)` is told of every new state;
 * `copyAddress()`, where there is an address, puts it on the clipboard and returns a promise of what to say;
 * `alarm` is a sentence to begin with, for an address that could not be read.
 */
export function mount(element, { evaluate, state, yours = "", onState = () => {}, copyAddress, alarm = "", signal }) {
  const life = new AbortController();
  const root = document.createElement("div");
  root.className = "cs231n-explorer";
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take 0, a and the arrows for its own commands
  root.innerHTML = panelHTML(yours);
  element.append(root);

  let session = { state, curve: [], updates: 0 };
  let result = null; // the newest that is known, and the state that it belongs to
  let resultOf = null;
  let history = [];
  let lastEdit = null; // edits of one kind in a row, as in a drag, are undone together
  let running = false;
  let view = { selected: -1, added: 0, margins: true, rows: null, status: "", alarm };
  let [frame, timer] = [0, 0];

  // ---------------------------------------------------------------- showing

  const canvas = root.querySelector(".plane");
  const curveCanvas = root.querySelector(".curve");
  const plane = makePlane(canvas);

  function seen() {
    const { state } = session;
    const known = result && result.scores.length === state.points.length ? result : null;
    const good = known && satisfied(state, known, yours);
    const probabilistic = isProbabilistic(state.loss, yours);
    return { ...view, state, result: known, good, probabilistic, running, canStepBack: history.length > 0 };
  }

  function show(changes = {}) {
    view = { ...view, ...changes };
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const now = seen();
      [plane.draw, drawTable, drawPanel].forEach((draw) => draw(now));
      drawCurve(curveCanvas, session.curve.length || !now.result ? session.curve : [now.result], session.updates);
      curveCanvas.setAttribute("aria-label", curveInWords(session.curve, session.updates));
    });
  }

  /** Says how things stand, once the hand rests. */
  function report() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { good, probabilistic, result: known } = seen();
      if (!known || running) return;
      const count = good.filter((isGood) => !isGood).length;
      const word = probabilistic ? "wrong" : "violated";
      show({ status: `Total loss ${number(known.total, 2)}; ${count} of ${good.length} points ${word}.` });
    }, QUIET);
  }

  // ---------------------------------------------------------------- asking the arithmetic

  /** A result, or null where it came to nothing: overtaken by a newer request, refused, or too late. */
  async function ask(asked, rows) {
    const answer = await evaluate(asked, rows);
    if (life.signal.aborted || !answer) return null;
    if (!answer.error) return answer;
    running = false;
    show({ alarm: answer.error });
    return null;
  }

  async function refresh() {
    const asked = session.state;
    onState(asked);
    show();
    const answer = await ask(asked, null);
    if (!answer) return null;
    [result, resultOf] = [answer, asked];
    show();
    report();
    return answer;
  }

  // ---------------------------------------------------------------- training

  async function update() {
    const { points, batch, step } = session.state;
    const rows = drawnRows(batch, points.length);
    const known = rows || resultOf !== session.state ? await ask(session.state, rows) : result;
    if (!known) return;
    const next = stepped(session.state, known);
    if (![...next.W.flat(), ...next.b].every((value) => Math.abs(value) <= LARGEST)) return diverged(step);
    remember(null);
    const curve = session.curve.length ? session.curve : [{ total: known.total, data: known.data }];
    session = { state: next, curve, updates: session.updates + 1 };
    show({ rows, alarm: "" });
    const after = await refresh();
    if (!after) return;
    if (!(after.total <= LARGEST)) return diverged(step);
    session = { ...session, curve: [...session.curve, { total: after.total, data: after.data }].slice(-CURVE_LENGTH) };
    const slopes = [...after.dW.flat(), ...after.db];
    if (running && !rows && slopes.every((slope) => Math.abs(slope) < 1e-9)) arrived();
  }

  function diverged(step) {
    running = false;
    show({ alarm: `With a step size of ${step} the loss grows beyond all bounds, so the updates have stopped. ` +
      "Make the step smaller, then step back or randomize." });
  }

  function arrived() {
    running = false;
    report();
  }

  async function repeat() {
    if (running) return;
    running = true;
    show({ status: "Repeating the update.", alarm: "" });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches; // as many updates, but few pictures
    while (running && !life.signal.aborted) {
      for (let i = 0; i < (calm ? 15 : 1) && running; i++) await update();
      await (calm ? new Promise((go) => setTimeout(go, 250)) : new Promise(requestAnimationFrame));
    }
  }

  // ---------------------------------------------------------------- what a reader can do

  function remember(kind) {
    if (kind === null || kind !== lastEdit) history = [...history, session].slice(-REMEMBERED);
    lastEdit = kind;
  }

  /** Changes parts of the state; a fresh start forgets the curve. */
  function edit(parts, kind = null, isFresh = false) {
    remember(kind);
    const start = isFresh ? { curve: [], updates: 0 } : {};
    session = { ...session, ...start, state: { ...session.state, ...parts } };
    view = { ...view, rows: null, alarm: "" };
    refresh();
  }

  const replaced = (list, i, value) => list.map((old, j) => (j === i ? value : old));
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const rounded = (value) => Number(value.toFixed(2));

  function describe(i) {
    const { state, good, result: known, probabilistic } = seen();
    const [x, y, c] = state.points[i];
    const standing = good ? `${verdict(good[i], probabilistic).slice(2)}, loss ${number(known.losses[i], 2)}` : "";
    return `Point ${i + 1} of ${state.points.length}, class ${c}, at ${number(x, 2)} and ${number(y, 2)}: ${standing}.`;
  }

  const act = {
    update,
    repeat,
    stop() {
      running = false;
      report();
      show();
    },
    back() {
      if (!history.length) return;
      [session, history, running, lastEdit] = [history.at(-1), history.slice(0, -1), false, null];
      view = { ...view, rows: null, alarm: "", selected: Math.min(view.selected, session.state.points.length - 1) };
      refresh();
    },
    randomize: () => edit({ W: [0, 1, 2].map(() => [rounded(normal()), rounded(normal())]),
      b: [0, 1, 2].map(() => rounded(normal() / 2)) }, null, true),
    settle: () => (lastEdit = null),
    set: (name, value) => edit({ [name]: value }, name, name === "loss"),
    usePreset: (name) => {
      view.selected = -1;
      edit(presetState(name, session.state), null, true);
    },
    setParameter(c, k, value) {
      if (!(Math.abs(value) <= LARGEST)) return;
      const { W, b } = session.state;
      edit(k < 2 ? { W: replaced(W, c, replaced(W[c], k, value)) } : { b: replaced(b, c, value) }, `parameter ${c} ${k}`);
    },
    nudge(c, k, by) {
      const { W, b } = session.state;
      act.settle();
      act.setParameter(c, k, Number(([...W[c], b[c]][k] + by).toFixed(6)));
      act.settle();
    },
    chosen: () => view.selected,
    select(i) {
      if (i < 0) return show({ selected: i });
      clearTimeout(timer);
      show({ selected: i, status: describe(i) });
    },
    move(i, x, y) {
      edit({ points: replaced(session.state.points, i, [x, y, session.state.points[i][2]]) }, `move ${i}`);
    },
    add(x = rounded(Math.random() - 0.5), y = rounded(Math.random() - 0.5)) {
      const { points } = session.state;
      if (points.length >= MOST_POINTS) return show({ alarm: `There is room for ${MOST_POINTS} points.` });
      view.selected = points.length;
      edit({ points: [...points, [x, y, view.added]] });
    },
    remove(i = view.selected) {
      if (i < 0) return;
      const points = session.state.points.filter((_, j) => j !== i);
      view.selected = Math.min(i, points.length - 1);
      edit({ points });
    },
    classify(i, c) {
      const [x, y] = session.state.points[i];
      edit({ points: replaced(session.state.points, i, [x, y, c]) });
    },
    chooseAdded: (added) => show({ added }),
    showMargins: (margins) => show({ margins }),
    copy: async () => show({ status: await copyAddress() }),
  };

  const drawPanel = makePanel(root, act, yours, life.signal);
  const drawTable = makeTable(root.querySelector("[data-show=points]"), act.select);
  root.querySelector("[data-act=copy]").hidden = !copyAddress;
  listenToHands(canvas, plane, seen, act, life.signal);

  // ---------------------------------------------------------------- beginning and end

  const resized = new ResizeObserver(() => show());
  [canvas, curveCanvas].forEach((node) => resized.observe(node));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(), { signal: life.signal });
  const themed = new MutationObserver(() => show());
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  refresh();

  function leave() {
    running = false;
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

// -------------------------------------------------------------------- in a notebook

/** Puts the arithmetic into Python: a request goes out with each state, and its result comes back by its serial. */
function render({ model, el }) {
  const waiting = new Map();

  function evaluate(state, rows) {
    const serial = model.get("request").serial + 1;
    model.set("request", { serial, state, rows });
    model.save_changes();
    return new Promise((settle) => waiting.set(serial, settle));
  }

  /** While the kernel is busy only the newest request is sent, so those before an answered one came to nothing. */
  function take() {
    const answer = model.get("result");
    for (const [serial, settle] of [...waiting]) {
      if (serial > answer.serial) continue;
      waiting.delete(serial);
      settle(serial === answer.serial ? answer : null);
    }
  }

  model.on("change:result", take);
  const leave = mount(el, { evaluate, state: model.get("request").state, yours: model.get("yours") });
  return () => {
    model.off("change:result", take);
    leave();
  };
}

const widget = { render };
export default widget;
