/**
 * Half-planes and what they leave of the square: where a class wins, by how much, and where its score is 0.
 *
 * A linear function of the plane is [p, q, r], for p x + q y + r; a polygon is a list of corners.
 */

export const CLASSES = [0, 1, 2];

/** How far is seen from the centre: a little beyond 1, so that a point in a corner is seen whole. */
export const REACH = 1.1;

/** The plane that is seen; its rim lies just out of sight. */
const RIM = REACH + 0.02;
export const SQUARE = [[-RIM, -RIM], [RIM, -RIM], [RIM, RIM], [-RIM, RIM]];

const valueAt = ([p, q, r], [x, y]) => p * x + q * y + r;

/** The score of class c as a linear function; raised by a constant where one is given. */
export const scoreOf = ({ W, b }, c, raise = 0) => [W[c][0], W[c][1], b[c] + raise];

export const negative = (f) => f.map((value) => -value);

/** Where the side from `here` to `next` crosses f = 0: one place or none. */
function cutBetween(here, next, f) {
  const [from, to] = [valueAt(f, here), valueAt(f, next)];
  if (from < 0 === to < 0) return [];
  const way = from / (from - to);
  return [[here[0] + way * (next[0] - here[0]), here[1] + way * (next[1] - here[1])]];
}

/** The two places where f = 0 crosses the rim of the square, if it does. */
export const crossings = (f) => SQUARE.flatMap((here, i) => cutBetween(here, SQUARE[(i + 1) % 4], f));

/** The part of a convex polygon where f >= 0; nothing where f is 0 everywhere (Sutherland and Hodgman, 1974). */
export function clipped(polygon, f) {
  if (f.every((value) => value === 0)) return [];
  return polygon.flatMap((here, i) => {
    const cut = cutBetween(here, polygon[(i + 1) % polygon.length], f);
    return valueAt(f, here) >= 0 ? [here, ...cut] : cut;
  });
}

/** The part of the square where class c leads both others by `margin` or more; nothing where classes tie. */
export function region(state, c, margin = 0) {
  const others = [0, 1, 2].filter((j) => j !== c);
  const leads = others.map((j) => scoreOf(state, c, -margin).map((value, k) => value - scoreOf(state, j)[k]));
  return leads.reduce(clipped, SQUARE);
}

/** Places along the part of a line that is seen, that nearest to the centre first, none close to the rim. */
export function placesAlong([[x, y], [toX, toY]]) {
  const [dx, dy] = [toX - x, toY - y];
  const nearest = -(x * dx + y * dy) / (dx * dx + dy * dy || 1);
  const ways = Array.from({ length: 17 }, (_, i) => 0.1 + 0.05 * i);
  return [Math.min(Math.max(nearest, 0.1), 0.9), ...ways.sort((i, j) => Math.abs(i - nearest) - Math.abs(j - nearest))]
    .map((way) => [x + way * dx, y + way * dy]);
}

/** The class of the highest score at a place. */
export function winnerAt(state, place) {
  const s = [0, 1, 2].map((c) => valueAt(scoreOf(state, c), place));
  return s.indexOf(Math.max(...s));
}
