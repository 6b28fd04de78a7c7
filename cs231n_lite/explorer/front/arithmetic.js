/**
 * Losses of a linear classifier in a plane, and their gradients: the same definitions as cs231n_lite/losses.py.
 *
 * A point is [x, y, c]; its scores are s_c = W[c] · (x, y) + b[c], one for each of three classes.
 * The loss is the mean data loss of the points plus reg * sum(W²); biases are not regularized.
 */

import { heldOutPoints } from "./sample.js";

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The scores of one point. */
export const scoresAt = ({ W, b }, [x, y]) => W.map((w, c) => w[0] * x + w[1] * y + b[c]);

/** Whether the right class leads all others. */
export function isRight(state, point) {
  const s = scoresAt(state, point);
  return s.every((sj, j) => j === point[2] || sj < s[point[2]]);
}

/** By how much each wrong class comes within 1 of the right class y; 0 for y itself, which competes with nobody. */
const excesses = (s, y) => s.map((sj, j) => (j === y ? 0 : Math.max(0, sj - s[y] + 1)));

/** What pushes the wrong classes down pulls the right one up. */
const balanced = (ds, y) => ds.map((d, j) => (j === y ? -sum(ds) : d));

/** Probabilities; subtracting the largest score changes none of them and keeps exp from overflowing. */
export function softmax(s) {
  const largest = Math.max(...s);
  const powers = s.map((sj) => Math.exp(sj - largest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** Each loss: scores s and right class y in, [loss, dloss/ds] out. At a kink the subgradient is 0. */
const DATA_LOSSES = {
  weston_watkins(s, y) {
    const excess = excesses(s, y);
    return [sum(excess), balanced(excess.map((e) => (e > 0 ? 1 : 0)), y)];
  },
  squared_hinge(s, y) {
    const excess = excesses(s, y);
    return [sum(excess.map((e) => e * e)), balanced(excess.map((e) => 2 * e), y)];
  },
  structured(s, y) {
    const excess = excesses(s, y);
    const worst = excess.indexOf(Math.max(...excess)); // at a tie the first takes the gradient
    return [excess[worst], balanced(excess.map((e, j) => (j === worst && e > 0 ? 1 : 0)), y)];
  },
  one_vs_all(s, y) {
    const sign = s.map((_, j) => (j === y ? 1 : -1));
    const excess = s.map((sj, j) => Math.max(0, 1 - sign[j] * sj));
    return [sum(excess), excess.map((e, j) => (e > 0 ? -sign[j] : 0))];
  },
  softmax(s, y) {
    const largest = Math.max(...s);
    const logSum = Math.log(sum(s.map((sj) => Math.exp(sj - largest)))); // of the sum, never of a p that is 0
    return [logSum - (s[y] - largest), softmax(s).map((p, j) => p - (j === y ? 1 : 0))];
  },
};

/** What the weights cost; biases are not regularized. */
const penaltyOf = ({ W, reg }) => reg * sum(W.flat().map((w) => w * w));

/** The mean data loss over `rows` (null is every point) plus the penalty: what the gradient is the slope of. */
export function totalOver(state, rows) {
  const drawn = rows ? rows.map((i) => state.points[i]) : state.points;
  const losses = drawn.map((point) => DATA_LOSSES[state.loss](scoresAt(state, point), point[2])[0]);
  return (losses.length ? sum(losses) / losses.length : 0) + penaltyOf(state);
}

/**
 * Scores, losses and gradient of a state.
 *
 * The losses are those of all points; the gradient is that of the mean data loss over `rows`
 * (the minibatch; null is every point) plus the penalty, hence 2 reg W.
 */
export function evaluate(state, rows = null) {
  const { points, W, b, loss, reg } = state;
  const scores = points.map((point) => scoresAt(state, point));
  const each = points.map(([, , c], i) => DATA_LOSSES[loss](scores[i], c));
  const batch = rows ?? points.map((_, i) => i);
  const mean = (of) => (batch.length ? sum(batch.map(of)) / batch.length : 0);
  const data = points.length ? sum(each.map(([value]) => value)) / points.length : 0;
  const regularization = penaltyOf(state);
  return {
    scores,
    losses: each.map(([value]) => value),
    data,
    regularization,
    total: data + regularization,
    dW: W.map((w, c) => w.map((wk, k) => mean((i) => each[i][1][c] * points[i][k]) + 2 * reg * wk)),
    db: b.map((_, c) => mean((i) => each[i][1][c])),
    ...heldOut(state),
  };
}

/** The total loss as a function of the two weights of class c, all else as in the state. */
export function lossOver(state, c) {
  const { points, W, b, loss, reg } = state;
  const scores = points.map((point) => scoresAt(state, point));
  const others = sum(W.filter((_, j) => j !== c).flat().map((w) => w * w));
  return ([u, v]) => {
    let data = 0;
    points.forEach(([x, y, own], i) => {
      scores[i][c] = u * x + v * y + b[c];
      data += DATA_LOSSES[loss](scores[i], own)[0];
    });
    return data / Math.max(points.length, 1) + reg * (others + u * u + v * v);
  };
}

/** What the held-out points make of the weights; nothing where there are none. */
function heldOut(state) {
  const points = heldOutPoints(state.sample);
  if (!points.length) return {};
  const losses = points.map((point) => DATA_LOSSES[state.loss](scoresAt(state, point), point[2])[0]);
  const right = points.filter((point) => isRight(state, point));
  return { held_data: sum(losses) / points.length, held_accuracy: right.length / points.length };
}
