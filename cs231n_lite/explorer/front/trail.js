/** The way that the weights have come: a place for each update, as far as it has been seen. */

const MOST_PLACES = 1000;

/**
 * The trail with the newest place added: [{ updates, W, isJump }, ...].
 *
 * A place that was not reached by an update, but by hand, is a jump; steps back shorten the trail.
 */
export function extended(trail, { updates, state: { W } }) {
  const before = trail.filter((place) => place.updates <= updates);
  const last = before.at(-1);
  if (!last) return [{ updates, W, isJump: true }];
  if (same(last.W, W)) return before.length === trail.length ? trail : before;
  if (last.updates < updates) return [...before, { updates, W, isJump: false }].slice(-MOST_PLACES);
  return [...before.slice(0, -1), { updates, W, isJump: true }];
}

/** The places of class c, in pieces that updates have run through. */
export function pieces(trail, c) {
  const runs = [];
  for (const { W, isJump } of trail) {
    if (isJump || !runs.length) runs.push([]);
    runs.at(-1).push(W[c]);
  }
  return runs;
}

const same = (one, other) => one === other || one.flat().every((value, i) => value === other.flat()[i]);
