/** The numerical gradient of the loss on screen, beside the one that is claimed; as slopes.py, which says why. */
import { totalOver } from "./arithmetic.js";

const TRIALS = [[1e-4, 1e-6], [1e-2, 1e-3]];
const ROUNDING = 64 * Number.EPSILON;

/** The state with parameter k of class c moved by h; k is 2 for the bias. */
const moved = (state, c, k, h) => ({
  ...state,
  W: state.W.map((w, j) => (j === c ? w.map((wk, i) => (i === k ? wk + h : wk)) : w)),
  b: state.b.map((bj, j) => (j === c && k === 2 ? bj + h : bj)),
});

/** `slopes`, by central differences along all nine parameters, and where the claim `differs`. */
export function compared(state, rows, { dW, db }) {
  const here = totalOver(state, rows);
  const size = ROUNDING * (Math.abs(here) + Math.max(...[...state.W.flat(), ...state.b].map(Math.abs)));

  /** The central slope, and whether the claim lies outside of those on both sides, for a step of h. */
  function tried(c, k, [h, tolerance]) {
    const claimed = [...dW[c], db[c]][k];
    const [up, down] = [h, -h].map((step) => totalOver(moved(state, c, k, step), rows));
    const sides = [(up - here) / h, (here - down) / h];
    const slack = tolerance * Math.max(1, Math.abs(claimed)) + size / h;
    return [(up - down) / (2 * h), claimed < Math.min(...sides) - slack || claimed > Math.max(...sides) + slack];
  }

  const each = [0, 1, 2].map((c) => [0, 1, 2].map((k) => {
    const [slope, off] = tried(c, k, TRIALS[0]);
    return [slope, off && tried(c, k, TRIALS[1])[1]];
  }));
  return {
    slopes: each.map((row) => row.map(([slope]) => slope)),
    differs: each.map((row) => row.map(([, differs]) => differs)),
  };
}
