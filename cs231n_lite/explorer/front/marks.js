/**
 * How a point fares, and how that is marked: right, right but short of the margin, or wrong.
 *
 * A point is wrong where another class scores as high as its own. A margin is asked for by every loss but those of
 * probabilities, which are never 0: there a point is right or wrong, and how sure that is, its probability tells.
 */
import { softmax } from "./arithmetic.js";
import { number } from "./text.js";

/** A sign, a name and a drawing around 0 for each: none of them is told by its colour alone. */
export const MARKS = {
  right: { sign: "✓", path: "" },
  short: { sign: "–", path: "M-3.8 0h7.6" },
  wrong: { sign: "✗", path: "M-3.4 -3.4l6.8 6.8m0 -6.8l-6.8 6.8" },
};
const NOTHING = 1e-12; // a loss no larger than this is 0
const SUBSCRIPTS = "₀₁₂";

/** True where the loss speaks of probabilities; of a student's own, its name must tell. */
export const isProbabilistic = (loss, yours) =>
  loss === "softmax" || (loss === "yours" && /softmax|entropy/i.test(yours));

/** The class other than y that scores highest. */
const rivalOf = (s, y) => [0, 1, 2].filter((j) => j !== y).reduce((best, j) => (s[j] > s[best] ? j : best));

/** right, short or wrong, for a point with scores s, right class y and this loss. */
export function verdictOf(s, y, loss, probabilistic) {
  if (s[y] <= s[rivalOf(s, y)]) return "wrong";
  return probabilistic || loss <= NOTHING ? "right" : "short";
}

/** The verdicts of all points. */
export const verdicts = ({ points }, { scores, losses }, probabilistic) =>
  points.map(([, , y], i) => verdictOf(scores[i], y, losses[i], probabilistic));

/** How many points are right, and short of the margin, in words. */
export function countsInWords(marks, probabilistic) {
  if (!marks.length) return "no points";
  const count = (name) => marks.filter((mark) => mark === name).length;
  const right = marks.length - count("wrong");
  const share = `${right} of ${marks.length} right (${Math.round((100 * right) / marks.length)} %)`;
  return probabilistic ? share : `${share}, ${count("short")} short of the margin`;
}

/** How one point fares, in words. */
export function fareInWords(s, y, mark, lossName, probabilistic) {
  const rival = rivalOf(s, y);
  const lead = s[y] - s[rival];
  if (mark === "wrong" && lead === 0) return `wrong: a tie with class ${rival}`;
  if (mark === "wrong") return `wrong: class ${rival} leads by ${number(-lead, 2)}`;
  if (probabilistic) return `right, with probability ${number(softmax(s)[y], 2)}`;
  if (mark === "short" && lossName === "one_vs_all") return oneVsAllInWords(s, y);
  if (mark === "short" && lead < 1) return `right, but ${number(1 - lead, 2)} short of the margin`;
  return `right, ahead by ${number(lead, 2)}`;
}

/** One-vs-all asks each score for itself: the one that lacks most is named. */
function oneVsAllInWords(s, y) {
  const lacks = s.map((sj, j) => 1 - (j === y ? sj : -sj));
  const worst = lacks.indexOf(Math.max(...lacks));
  return `right, but s${SUBSCRIPTS[worst]} is ${number(lacks[worst], 2)} short of ${worst === y ? "1" : "−1"}`;
}
