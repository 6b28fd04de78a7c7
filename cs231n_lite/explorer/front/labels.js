/**
 * Where names are written, so that they lie clear of the points and of one another.
 *
 * A box is [left, top, right, bottom] in pixels. A wish is what may be written in several places, the best first:
 * { width, height, places: [{ at: [left, top], ... }, ...], fits }, each place the middle of its box; `fits(box)`, if
 * there is one, must hold, too.
 */
const boxAt = ([left, top], { width, height }) =>
  [left - width / 2, top - height / 2, left + width / 2, top + height / 2];

export const overlap = (one, other) =>
  one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/** For each wish the first of its places that is free, with its box, or null; what is granted is taken for the rest. */
export function granted(wishes, taken, size) {
  const full = [...taken];
  const isFree = (box) => box[0] >= 2 && box[1] >= 2 && box[2] <= size - 2 && box[3] <= size - 2 &&
    !full.some((other) => overlap(box, other));
  return wishes.map((wish) => {
    const suits = (box) => isFree(box) && (wish.fits?.(box) ?? true);
    const place = wish.places.find(({ at }) => suits(boxAt(at, wish)));
    if (!place) return null;
    const box = boxAt(place.at, wish);
    full.push(box);
    return { ...place, box };
  });
}
