/** What the numerical gradient says of the one that is shown, and the points' losses of the sums, in a sentence. */
import { evaluate } from "./arithmetic.js";
import { LOSSES } from "./state.js";
import { number } from "./text.js";

const ENTRIES = ["w x", "w y", "b"];
const MEANT = { weston_watkins: /^svm_loss/, softmax: /^softmax_loss/ }; // the exercises
const NEAR = 1e-4; // what single precision may be off, relative to numbers of about 1

const isNear = (value, expected) => Math.abs(value - expected) <= NEAR * Math.max(1, Math.abs(expected));
const claimedIn = ({ dW, db }) => dW.map((row, c) => [...row, db[c]]);

/** What is wrong, or that nothing is: [whether it is a fault, sentence]; nothing where nothing was checked. */
export function checkInWords({ result, rows, yours }) {
  if (!result?.slopes) return [false, ""];
  const state = result.of;
  const fault = gradientFault(result) || (state.loss === "yours" && (meanFault(result) || penaltyFault(state, result)));
  if (fault) return [true, fault];
  const agrees = "The gradient is the slope of the loss, measured along each parameter.";
  return state.loss === "yours" ? kinship(state, result, rows, yours, agrees) : [false, agrees];
}

/** Whose values the losses are: those of a function of one's own may be nobody's, an exercise's are to be as called. */
function kinship(state, { losses }, rows, yours, agrees) {
  const kin = Object.keys(LOSSES).find((loss) =>
    evaluate({ ...state, loss }, rows).losses.every((value, i) => isNear(losses[i], value)));
  const meant = Object.keys(MEANT).find((loss) => MEANT[loss].test(yours));
  const whose = kin ? `those of ${LOSSES[kin].title}` : "those of none of the five formulas here";
  if (!meant || kin === meant) return [false, `${agrees} The losses are ${whose}.`];
  return [true, `${agrees} But the losses are ${whose}, and ${yours} should have those of ${LOSSES[meant].title}.`];
}

function gradientFault(result) {
  const claimed = claimedIn(result);
  const off = [0, 1, 2].flatMap((c) => [0, 1, 2].map((k) => [c, k])).filter(([c, k]) => result.differs[c][k]);
  if (!off.length) return "";
  const gap = ([c, k]) => Math.abs(claimed[c][k] - result.slopes[c][k]);
  const [c, k] = off.reduce((worst, entry) => (gap(entry) > gap(worst) ? entry : worst));
  return `The gradient is not the slope of the loss in ${off.length} of 9 entries. ` +
    `Most so in ${ENTRIES[k]} of class ${c}: it says ${number(claimed[c][k], 3)}, ` +
    `but measured, the loss has slope ${number(result.slopes[c][k], 3)} there.`;
}

function meanFault({ losses, data }) {
  if (!losses.length) return "";
  const mean = losses.reduce((total, value) => total + value, 0) / losses.length;
  if (isNear(data, mean)) return "";
  return `The data loss of all points together is ${number(data, 3)}, but the mean of their own losses is ` +
    `${number(mean, 3)}. Is it divided by their number?`;
}

function penaltyFault({ W, reg }, { regularization }) {
  const expected = reg * W.flat().reduce((total, w) => total + w * w, 0);
  if (isNear(regularization, expected)) return "";
  return `The penalty is ${number(regularization, 3)}, but the strength times the sum of the squared weights is ` +
    `${number(expected, 3)}.`;
}
