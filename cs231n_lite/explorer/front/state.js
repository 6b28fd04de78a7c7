/**
 * The state of the explorer, how it is written into an address, and how it is undone.
 *
 * A state is plain JSON: points [[x, y, c], ...] in the square from -1 to 1, W (a row per class), b, loss, reg, step,
 * batch (0: all points; n: a random minibatch of n), speed (updates a frame, where they are repeated), sample (null, or
 * that of sample.js by which the points were drawn), experiment (a name, or ""). It is never changed in place: every
 * edit makes a new one.
 */
import PRESETS from "./presets.json" with { type: "json" };
import EXPERIMENTS from "./experiments.json" with { type: "json" };
import { MOST_NOISE, SEEDS, trainingPoints } from "./sample.js";

/** The losses: the name shown, the formula for one point, as HTML, and what that says. */
export const LOSSES = {
  weston_watkins: {
    title: "Weston–Watkins",
    formula: "Σ<sub>j≠y</sub> max(0, s<sub>j</sub> − s<sub>y</sub> + 1)",
    says: "for each wrong class j, by how much its score comes within 1 of that of the right class y",
  },
  squared_hinge: {
    title: "squared hinge",
    formula: "Σ<sub>j≠y</sub> max(0, s<sub>j</sub> − s<sub>y</sub> + 1)²",
    says: "for each wrong class j, the square of how much its score comes within 1 of that of the right class y",
  },
  structured: {
    title: "structured (Crammer–Singer)",
    formula: "max(0, max<sub>j≠y</sub> s<sub>j</sub> − s<sub>y</sub> + 1)",
    says: "by how much the best of the wrong classes comes within 1 of the score of the right class y",
  },
  one_vs_all: {
    title: "one-vs-all",
    formula: "max(0, 1 − s<sub>y</sub>) + Σ<sub>j≠y</sub> max(0, 1 + s<sub>j</sub>)",
    says: "by how much the score of the right class y lacks 1, and how far each other score is above −1",
  },
  softmax: {
    title: "softmax",
    formula: "−log (exp(s<sub>y</sub>) / Σ<sub>k</sub> exp(s<sub>k</sub>))",
    says: "minus the logarithm of the probability that the scores give to the right class y",
  },
};

export const MOST_POINTS = 100;
export const SPEEDS = [1, 10, 100];
export const LARGEST = 1e6; // beyond this a weight or a loss counts as diverged

/** The state of a preset; what it leaves open is the course's, but for what is `kept`. */
export const presetState = (name, kept = {}) =>
  structuredClone({ ...PRESETS.course.state, ...kept, ...PRESETS[name].state });

/** The state with the points of a sample. */
export const sampleState = (state, sample) => ({ ...state, sample, points: trainingPoints(sample), experiment: "" });

/** The state that a guided experiment begins with. */
export function experimentState(name) {
  const { preset, parts } = EXPERIMENTS[name];
  return { ...presetState(preset), ...parts, experiment: name };
}

/** The preset whose points these are, or "". */
export const presetOf = (points) =>
  Object.keys(PRESETS).find((name) => JSON.stringify(PRESETS[name].state.points) === JSON.stringify(points)) ?? "";

/** One parameter update: a step against the gradient. */
export const stepped = (state, { dW, db }) => ({
  ...state,
  W: state.W.map((w, c) => w.map((wk, k) => wk - state.step * dW[c][k])),
  b: state.b.map((bc, c) => bc - state.step * db[c]),
});

/** `count` of the numbers 0..length-1, drawn without replacement; null, for all, where `count` is 0 or too many. */
export function drawnRows(count, length) {
  if (!count || count >= length) return null;
  const rows = [...Array(length).keys()];
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(Math.random() * (length - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows.slice(0, count).sort((i, j) => i - j);
}

// ------------------------------------------------------------------ the address

const short = (value) => String(Number(value.toPrecision(6)));
const lines = (rows) => rows.map((row) => row.map(short).join(",")).join(";");
const numbers = (text) => text.split(",").map((word) => (word.trim() === "" ? NaN : Number(word)));
const table = (text) => (text === "" ? [] : text.split(";").map(numbers));
const within = (least, most) => (value) => value >= least && value <= most;
const isPoint = ([x, y, c, ...more]) => [x, y].every(within(-1, 1)) && [0, 1, 2].includes(c) && !more.length;
const isVector = (row, length) => row.length === length && row.every(within(-LARGEST, LARGEST));

const isWhole = (value, least, most) => Number.isInteger(value) && within(least, most)(value);

/** A sample as it is written: shape,seed,noise,number and, where half is held out, split. */
function sampleIn(text) {
  const [shape, ...rest] = text.split(",");
  const split = rest.at(-1) === "split";
  const [seed, noise, number, ...more] = numbers(rest.slice(0, split ? -1 : undefined).join());
  return more.length ? null : { shape, seed, noise, number, split };
}
const isSample = (sample) =>
  sample !== null && Object.hasOwn(PRESETS, sample.shape) && isWhole(sample.seed, 0, SEEDS - 1) &&
  within(0, MOST_NOISE)(sample.noise) && isWhole(sample.number, 0, MOST_POINTS);

/** Each part of a state: how its text is read, and what is accepted. */
const PARTS = {
  points: [table, (points) => points.length <= MOST_POINTS && points.every(isPoint)],
  W: [table, (W) => W.length === 3 && W.every((row) => isVector(row, 2))],
  b: [numbers, (b) => isVector(b, 3)],
  loss: [String, (loss) => Object.hasOwn(LOSSES, loss)],
  reg: [Number, within(0, 10)],
  step: [Number, within(1e-4, 10)],
  batch: [Number, (batch) => isWhole(batch, 0, MOST_POINTS)],
  speed: [Number, (speed) => SPEEDS.includes(speed)],
  sample: [sampleIn, isSample],
  experiment: [String, (name) => Object.hasOwn(EXPERIMENTS, name)],
};

/** The part of an address after the #, in characters that no mail program changes; a sample stands for its points. */
export function encode({ points, W, b, loss, reg, step, batch, speed, sample, experiment }) {
  const parts = [`loss=${loss}&reg=${short(reg)}&step=${short(step)}&batch=${batch}&speed=${speed}`];
  parts.push(`W=${lines(W)}&b=${lines([b])}`);
  if (sample) {
    const { shape, seed, noise, number, split } = sample;
    parts.push(`sample=${[shape, seed, short(noise), number, ...(split ? ["split"] : [])].join(",")}`);
  }
  if (experiment) parts.push(`experiment=${experiment}`);
  if (!sample || lines(points) !== lines(trainingPoints(sample))) parts.push(`points=${lines(points)}`);
  return parts.join("&");
}

/**
 * The state in that text; parts that are not there are the experiment's, the sample's or the course's.
 * Throws an Error naming what cannot be read.
 */
export function decode(text) {
  const parts = {};
  for (const pair of text.replaceAll("%2C", ",").replaceAll("%3B", ";").split("&")) {
    const [name, value = ""] = pair.split("=");
    const [read, accepts] = Object.hasOwn(PARTS, name) ? PARTS[name] : [String, () => false];
    const part = value === "" && name !== "points" ? NaN : read(value);
    if (!accepts(part)) throw new Error(`“${pair.slice(0, 40)}”`);
    parts[name] = part;
  }
  const { experiment, sample } = parts;
  const begin = experiment ? experimentState(experiment) : presetState("course");
  return { ...begin, ...(sample && { points: trainingPoints(sample) }), ...parts };
}
