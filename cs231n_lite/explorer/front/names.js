/** What is written on the plane: each class on its region, and each arrow's score at its tip. */
import { CLASSES, REACH, placesAlong, scoreOf, winnerAt } from "./geometry.js";
import { SHAPES } from "./text.js";

const GRID = 17; // places a side where the name of a class may stand
const NAME = { width: 74, height: 18 };
const SCORE = { width: 22, height: 18 };

/** Longer is steeper, but none is so long that it leaves the picture. */
const lengthOf = (steepness) => 0.12 + (0.5 * steepness) / (steepness + 3);

/** The arrows on the lines where scores are 0, one for each line that is seen, wherever its name finds room. */
export function arrowWish(state, c, ends, place) {
  if (!ends.length) return { ...SCORE, places: [] };
  const [p, q] = scoreOf(state, c);
  const steepness = Math.hypot(p, q);
  const [dx, dy] = [p / steepness, q / steepness];
  const places = placesAlong(ends).flatMap((foot) => {
    const tip = foot.map((value, k) => value + lengthOf(steepness) * [dx, dy][k]);
    const [left, top] = place(tip);
    return [[dx, -dy], [dy, dx], [-dy, -dx]].map(([right, down]) => // ahead of the tip, or beside it
      ({ at: [left + 16 * right, top + 16 * down], foot: place(foot), tip: [left, top] }));
  });
  return { ...SCORE, text: `s${"₀₁₂"[c]}`, places };
}

/** Places all over the plane, those near the rim first, where points are rare. */
const FROM_THE_RIM = Array.from({ length: GRID * GRID }, (_, i) => [i % GRID, Math.floor(i / GRID)])
  .map((cell) => cell.map((k) => REACH * ((2 * (k + 0.5)) / GRID - 1)))
  .sort(([x, y], [u, v]) => Math.max(Math.abs(u), Math.abs(v)) - Math.max(Math.abs(x), Math.abs(y)));

/** The name of a class, in its region with all four corners. */
export function nameWish(state, c, place, locate) {
  const isOwn = (left, top) => winnerAt(state, locate(left, top)) === c;
  const fits = ([left, top, right, bottom]) =>
    isOwn(left, top) && isOwn(right, top) && isOwn(left, bottom) && isOwn(right, bottom);
  return { ...NAME, text: `${SHAPES[c]} class ${c}`, places: FROM_THE_RIM.map((at) => ({ at: place(at) })), fits };
}

/** All of them, in the order in which they are granted. */
export const wishesOf = (state, lines, place, locate) => [
  ...CLASSES.map((c) => arrowWish(state, c, lines[c], place)),
  ...CLASSES.map((c) => nameWish(state, c, place, locate)),
];
