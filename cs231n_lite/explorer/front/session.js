/**
 * What is explored: the state, what the arithmetic says of it, its training, and the way back. It knows no screen.
 *
 * The arithmetic is one function, `evaluate(state, rows)`, which gives a result or a promise of one: JavaScript's
 * on the web page, Python's in a notebook.
 */
import { isProbabilistic, verdicts } from "./marks.js";
import { LARGEST, drawnRows, stepped } from "./state.js";

const REMEMBERED = 200; // states to step back to
const CURVE_LENGTH = 1000; // updates that the curve shows
const PATIENCE = 3000; // milliseconds
const LATE = "No answer has come for 3 seconds, so the numbers are older than the picture. Is the kernel busy or gone?";
const FLAT = 1e-9; // a gradient no larger than this moves nothing

/** Begins with `state`; `onState(state)` is told of every new one, `onChange()` whenever there is something to show. */
export function makeSession({ evaluate, state, yours, alarm, onState, onChange }) {
  let now = { state, curve: [], updates: 0 };
  let past = [];
  let lastEdit = null; // edits of one kind in a row, as in a drag, are undone together
  let [result, resultOf] = [null, null]; // the newest that is known, and the state that it belongs to
  let rows = null; // the minibatch of the last update
  let [running, closed] = [false, false];

  /** All that there is to show. Where points were just added or removed, the result on the way is waited for. */
  function look() {
    const known = result?.scores.length === now.state.points.length ? result : null;
    const probabilistic = isProbabilistic(now.state.loss, yours);
    const marks = known && verdicts(now.state, known, probabilistic);
    return { ...now, result: known, marks, probabilistic, rows, running, alarm, canStepBack: past.length > 0 };
  }

  function say(sentence) {
    if (closed) return;
    alarm = sentence;
    onChange();
  }

  function halt(sentence) {
    running = false;
    say(sentence);
  }

  // ---------------------------------------------------------------- asking the arithmetic

  /** A result, or null where it came to nothing: overtaken by a newer request, refused, or too late. */
  async function ask(asked, batch) {
    const patience = setTimeout(() => say(LATE), PATIENCE);
    const answer = await evaluate(asked, batch);
    clearTimeout(patience);
    if (closed || !answer) return null;
    if (alarm === LATE) alarm = "";
    if (!answer.error) return answer;
    halt(answer.error);
    return null;
  }

  async function refresh() {
    const asked = now.state;
    onState(asked);
    onChange();
    const answer = await ask(asked, null);
    if (!answer) return null;
    [result, resultOf] = [answer, asked];
    onChange();
    return answer;
  }

  // ---------------------------------------------------------------- training

  async function update() {
    const { points, batch, step } = now.state;
    const drawn = drawnRows(batch, points.length);
    const known = drawn || resultOf !== now.state ? await ask(now.state, drawn) : result;
    if (!known) return;
    const next = stepped(now.state, known);
    if (![...next.W.flat(), ...next.b].every((value) => Math.abs(value) <= LARGEST)) return halt(diverged(step));
    remember(null);
    const curve = now.curve.length ? now.curve : [known];
    [now, rows, alarm] = [{ state: next, curve, updates: now.updates + 1 }, drawn, ""];
    const after = await refresh();
    if (!after) return;
    now = { ...now, curve: [...now.curve, after].slice(-CURVE_LENGTH) };
    if (!(after.total <= LARGEST)) return halt(diverged(step));
    if (!drawn && [...after.dW.flat(), ...after.db].every((slope) => Math.abs(slope) < FLAT)) halt("");
  }

  async function repeat() {
    if (running) return;
    [running, alarm] = [true, ""];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches; // as many updates, but few pictures
    const pause = () => new Promise((go) => (calm ? setTimeout(go, 250) : requestAnimationFrame(go)));
    while (running && !closed) {
      const pausing = pause(); // at most one update a frame, and no pause on top of a slow answer
      for (let i = 0; i < (calm ? 15 : 1) && running; i++) await update();
      await pausing;
    }
  }

  // ---------------------------------------------------------------- edits, and the way back

  function remember(kind) {
    if (kind === null || kind !== lastEdit) past = [...past, now].slice(-REMEMBERED);
    lastEdit = kind;
  }

  /** Changes parts of the state; a fresh start forgets the curve. */
  function edit(parts, kind = null, isFresh = false) {
    remember(kind);
    now = { ...now, ...(isFresh && { curve: [], updates: 0 }), state: { ...now.state, ...parts } };
    [rows, alarm] = [null, ""];
    refresh();
  }

  function back() {
    if (!past.length) return;
    [now, past, rows, alarm, running, lastEdit] = [past.at(-1), past.slice(0, -1), null, "", false, null];
    refresh();
  }

  refresh();
  return {
    look, edit, back, update, repeat,
    stop: () => halt(alarm),
    warn: say,
    settle: () => (lastEdit = null),
    close: () => ([running, closed] = [false, true]),
  };
}

const diverged = (step) =>
  `With a step size of ${step} the loss grows beyond all bounds, so the updates have stopped. ` +
  "Make the step smaller, then step back or randomize.";
