/** The guided experiments: when their goals are reached, and how far a reader has come. */
import EXPERIMENTS from "./experiments.json" with { type: "json" };
import PRESETS from "./presets.json" with { type: "json" };
import { isRight } from "./arithmetic.js";
import { presetOf } from "./state.js";

const OUTLIER = 4; // its place among the points of its preset

const rightOnes = (state) => state.points.map((point) => isRight(state, point));
const classesOf = (points) => points.map(([, , c]) => c).join();
const own = (state) => presetOf(state.points) === EXPERIMENTS[state.experiment].preset;
const movedOnly = ({ points, experiment }) =>
  classesOf(points) === classesOf(PRESETS[EXPERIMENTS[experiment].preset].state.points);

/** Each experiment's goals, in the order of their texts: a state and its result in, whether it is reached out. */
const GOALS = {
  separable: [
    (state, { data }) => own(state) && state.loss === "weston_watkins" && data === 0,
    (state, { data }) => own(state) && state.loss === "softmax" && data < 0.02,
  ],
  outlier: [
    (state) =>
      own(state) && state.loss === "weston_watkins" && rightOnes(state).every((right, i) => right !== (i === OUTLIER)),
    (state) => own(state) && state.loss === "squared_hinge" && rightOnes(state).every(Boolean),
  ],
  "two-sided": [
    (state) => own(state) && rightOnes(state).every((right, i) => right !== (state.points[i][2] === 1)),
    (state) => movedOnly(state) && rightOnes(state).every(Boolean),
  ],
};

/** Returns the function that tells, at each state and its result, which goals have been reached so far. */
export function makeGoals() {
  let [name, reached] = ["", []];
  return function goals(state, result) {
    if (state.experiment !== name) [name, reached] = [state.experiment, []];
    if (name && result) reached = GOALS[name].map((isReached, k) => reached[k] || isReached(state, result));
    return reached;
  };
}
