/**
 * What is explored: the state, what the arithmetic says of it, its training, and the way back. It knows no screen.
 *
 * The arithmetic is one function, `descend({ state, batches, check })`, which gives a result or a promise of one:
 * JavaScript's on the web page, Python's in a notebook. One request is on its way at a time, so that the picture is
 * never behind by more than that one, and it asks for all updates that are due.
 */
import { countsInWords, isProbabilistic, verdicts } from "./marks.js";
import { begun, lengthened } from "./runs.js";
import { drawnRows } from "./state.js";

const REMEMBERED = 200; // states to step back to
const PATIENCE = 3000; // milliseconds
const LATE = "No answer has come for 3 seconds, so the numbers are older than the picture. Is the kernel busy or gone?";
const FRAME = 1000 / 60; // milliseconds
const MOST_FRAMES = 15; // whose updates one request asks for
const ENOUGH = { here: 15, kernel: 200 }; // milliseconds that they may take

/** Begins with `state`; `onState(state)` is told of every new one, `onChange()` whenever there is something to show. */
export function makeSession({ descend, state, yours, alarm, onState, onChange }) {
  const opened = state;
  let start = { W: state.W, b: state.b }; // what a reset goes back to
  let now = { state, curve: [], updates: 0, last: null };
  let past = [];
  let lastEdit = null; // edits of one kind in a row, as in a drag, are undone together
  let result = null; // the newest that is known
  let next = drawnRows(state.batch, state.points.length); // the next minibatch: its gradient is the one shown
  let owed = 0; // updates to be asked for
  let [stale, asking] = [true, false]; // whether the result is old, and whether a new one is on its way
  let most = Infinity; // updates that a request may ask for, as fast as they have been answered
  let [running, closed, checking, loop] = [false, false, false, null];

  /** All that there is to show. Where points were just added or removed, the result on the way is waited for. */
  function look() {
    const known = result?.scores.length === now.state.points.length ? result : null;
    const probabilistic = isProbabilistic(now.state.loss, yours);
    const marks = known && verdicts(now.state, known, probabilistic);
    return { ...now, result: known, marks, probabilistic, rows: next, running, checking, alarm, yours,
      canStepBack: past.length > 0 };
  }

  function say(sentence) {
    if (closed) return;
    alarm = sentence;
    onChange();
  }

  function halt(sentence) {
    [running, owed] = [false, 0];
    say(sentence);
  }

  // ---------------------------------------------------------------- asking the arithmetic

  /** Sends requests, one after the other, until nothing is left to ask. */
  async function pump() {
    if (asking) return;
    asking = true;
    while ((stale || owed) && !closed) await exchange();
    asking = false;
  }

  /** Asks, and waits for the answer, though not for ever: a later one is still taken when it comes. */
  async function exchange() {
    const { state } = now;
    const more = Array.from({ length: owed }, () => drawnRows(state.batch, state.points.length));
    const request = { state, batches: [next, ...more], check: checking };
    [owed, stale] = [0, false];
    const began = performance.now();
    let timer;
    const patience = new Promise((give) => (timer = setTimeout(give, PATIENCE, "late")));
    const answer = descend(request);
    const taken = Promise.resolve(answer).then((known) => take(known, request));
    if ((await Promise.race([taken, patience])) === "late") return halt(LATE);
    clearTimeout(timer);
    const enough = answer instanceof Promise ? ENOUGH.kernel : ENOUGH.here;
    if (more.length) most = Math.ceil((enough * more.length) / (performance.now() - began));
  }

  /** Takes an answer, unless there is none or its weights are no longer those of the state. */
  function take(answer, { state, batches }) {
    if (closed || !answer) return;
    if (alarm === LATE) alarm = "";
    if (answer.error) return halt(answer.error);
    if (["W", "b", "loss"].some((part) => state[part] !== now.state[part])) return;
    result = { ...answer, of: { ...state, W: answer.W, b: answer.b } };
    if (batches.length > 1) {
      now = { ...lengthened(now, answer.curve), state: { ...now.state, W: answer.W, b: answer.b } };
      onState(now.state);
    }
    if (["batch", "points"].every((part) => state[part] === now.state[part])) next = batches.at(-1);
    now.right = rightInWords();
    if (answer.stopped) return halt(answer.stopped === "diverged" ? diverged(state.step) : "");
    onChange();
  }

  function rightInWords() {
    const { marks } = look();
    return marks ? countsInWords(marks, true) : "";
  }

  // ---------------------------------------------------------------- training

  function update() {
    remember(null);
    if (alarm !== LATE) alarm = "";
    owed += 1;
    return pump();
  }

  async function repeat() {
    if (running) return halt(alarm);
    remember(null);
    [running, alarm] = [true, ""];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches; // as many updates, but few pictures
    const pause = () => new Promise((go) => (calm ? setTimeout(go, 250) : requestAnimationFrame(go)));
    const own = (loop = {}); // one that was stopped may still be pausing when the next begins
    let last = performance.now() - FRAME;
    while (running && !closed && loop === own) {
      const pausing = pause();
      owed = Math.min(owed + due(performance.now() - last), MOST_FRAMES * now.state.speed, most);
      last = performance.now();
      pump(); // or while a request is on its way, the next one will ask for them
      await pausing;
    }
  }

  /** How many updates belong to so many milliseconds, at this speed. */
  const due = (elapsed) => Math.max(Math.round(elapsed / FRAME), 1) * now.state.speed;

  // ---------------------------------------------------------------- edits, and the way back

  function remember(kind) {
    if (kind === null || kind !== lastEdit) past = [...past, now].slice(-REMEMBERED);
    lastEdit = kind;
  }

  /** Makes `after` what is explored, and asks the arithmetic what it says. */
  function turnTo(after) {
    const changed = ["batch", "points"].some((part) => after.state[part] !== now.state[part]);
    const { batch, points } = after.state;
    if (changed && (batch !== now.state.batch || points.length !== now.state.points.length)) {
      next = drawnRows(batch, points.length);
    }
    now = after;
    stale = true;
    if (alarm !== LATE) alarm = ""; // that one stands until an answer comes
    onState(now.state);
    onChange();
    pump();
  }

  /** Changes parts of the state; a fresh start begins a new curve. */
  function edit(parts, kind = null, isFresh = false) {
    remember(kind);
    const after = { ...now.state, ...parts };
    turnTo(isFresh ? begun(after, now, yours) : { ...now, state: after });
  }

  /** A new beginning, to which a reset goes back. */
  function begin(parts) {
    edit(parts, null, true);
    start = { W: now.state.W, b: now.state.b };
  }

  function back() {
    if (!past.length) return;
    [running, owed, lastEdit] = [false, 0, null];
    const before = past.at(-1);
    past = past.slice(0, -1);
    turnTo(before);
  }

  onState(state);
  pump();
  return {
    look, edit, begin, back, update, repeat,
    reset: () => (halt(alarm), edit(start, null, true)),
    reopen: () => (halt(alarm), begin(opened)),
    check: (checked) => ([checking, stale] = [checked, true]) && (onChange(), pump()),
    warn: say,
    settle: () => (lastEdit = null),
    close: () => ([running, closed] = [false, true]),
  };
}

const diverged = (step) =>
  `With a step size of ${step} the loss grows beyond all bounds, so the updates have stopped. ` +
  "Make the step smaller, then step back or reset.";
