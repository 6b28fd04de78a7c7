/** A function of two variables over a square, for shading.js to draw: its values at the corners of cells. */

/** Values of f at (cells + 1)² places of the square, row by row from the top. */
export function reliefOver(f, { left, bottom, side }, cells) {
  const nodes = cells + 1;
  return Float32Array.from({ length: nodes * nodes }, (_, node) =>
    f([left + (side * (node % nodes)) / cells, bottom + side * (1 - Math.floor(node / nodes) / cells)]));
}

/** How high each value lies between the least (0) and the largest (1), so that the rings of a round bowl lie evenly. */
export function heightsOf(values) {
  const [least, most] = [Math.min, Math.max].map((of) => of(...values));
  return values.map((value) => Math.sqrt((value - least) / (most - least || 1)));
}
