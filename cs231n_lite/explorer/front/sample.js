/**
 * Samples: new points of a preset's shape, the same as those of sample.py to the last bit.
 *
 * A sample is plain JSON {shape, seed, noise, number, split}; the draw is done in integers, thousandths of the plane.
 */
import PRESETS from "./presets.json" with { type: "json" };

export const MOST_NOISE = 0.5;
export const SEEDS = 1e6; // so many samples of a kind

/** The points that are trained on. */
export const trainingPoints = (sample) => drawnPoints(sample).filter((_, i) => !sample.split || i % 2 === 0);

let newest = { sample: null, points: [] }; // asked for at every update

/** The points that are not; none without a sample, or where it isn't split. */
export function heldOutPoints(sample) {
  if (!sample?.split) return [];
  if (newest.sample !== sample) newest = { sample, points: drawnPoints(sample).filter((_, i) => i % 2) };
  return newest.points;
}

function drawnPoints({ shape, seed, noise, number }) {
  const random = makeIntegers(seed);
  return Array.from({ length: number }, (_, i) => {
    const own = PRESETS[shape].state.points.filter(([, , c]) => c === i % 3);
    const near = own[random() % own.length];
    const [x, y] = [0, 1].map((k) => movedNear(thousandths(near[k]), thousandths(noise), random));
    return [x / 1000, y / 1000, i % 3];
  });
}

/** A place near this one, drawn again until it lies in the plane; three uniform numbers make a bell of deviation 1. */
function movedNear(place, noise, random) {
  for (;;) {
    const bell = (random() % 2001) + (random() % 2001) + (random() % 2001) - 3000;
    const near = place + Math.floor((noise * bell) / 1000);
    if (Math.abs(near) <= 1000) return near;
  }
}

const thousandths = (value) => Math.floor(1000 * value + 0.5);

/** Random integers of 32 bits: a counter, well mixed (SplitMix, with the finalizer of MurmurHash3). */
function makeIntegers(seed) {
  let counter = seed;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
