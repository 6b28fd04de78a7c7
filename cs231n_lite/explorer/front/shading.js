/** Probabilities over the plane: how sure the winning class is, as shades, and the lines of equal probability. */
import { REACH } from "./geometry.js";

const CELLS = 64; // a side; values are known at their corners
const NODES = CELLS + 1;
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]]; // of a cell, in turn

/** The probabilities of the classes at the corners of the cells, row by row from the top; softmax as in arithmetic.js. */
export function probabilitiesOver({ W: [[p, q], [u, v], [m, n]], b: [r, w, o] }) {
  const values = [0, 1, 2].map(() => new Float32Array(NODES * NODES));
  for (let node = 0; node < NODES * NODES; node++) { // no array is made in here, as it runs 4,225 times a frame
    const x = REACH * ((2 * (node % NODES)) / CELLS - 1);
    const y = REACH * (1 - (2 * Math.floor(node / NODES)) / CELLS);
    const [s0, s1, s2] = [p * x + q * y + r, u * x + v * y + w, m * x + n * y + o];
    const largest = Math.max(s0, s1, s2);
    const [e0, e1, e2] = [Math.exp(s0 - largest), Math.exp(s1 - largest), Math.exp(s2 - largest)];
    const total = e0 + e1 + e2;
    [values[0][node], values[1][node], values[2][node]] = [e0 / total, e1 / total, e2 / total];
  }
  return values;
}

/** Draws on `context` the shade of one class, from `tintAt(probability)`, over a square of `size` pixels. */
export function makeShader(cells = CELLS) {
  const nodes = cells + 1;
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = nodes;
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(nodes, nodes);
  return function shade(context, size, values, tints) {
    for (let node = 0; node < values.length; node++) {
      const tint = tints[Math.round(values[node] * (tints.length - 1))];
      for (let k = 0; k < 3; k++) image.data[4 * node + k] = tint[k];
      image.data[4 * node + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
    const half = size / cells / 2; // so that the middle of a pixel lies on its corner of a cell
    context.imageSmoothingQuality = "high";
    context.drawImage(sheet, -half, -half, size + 2 * half, size + 2 * half);
  };
}

/**
 * The line where `values`, at the corners of a grid, are `level`, in a square of `size` pixels.
 * Source: marching squares (Lorensen and Cline, 1987).
 */
export function contour(values, level, size) {
  const path = new Path2D();
  const nodes = Math.sqrt(values.length);
  const cell = size / (nodes - 1);
  for (let row = 0; row + 1 < nodes; row++) {
    for (let column = 0; column + 1 < nodes; column++) {
      const first = values[row * nodes + column] > level;
      if (first === values[row * nodes + column + 1] > level && first === values[(row + 1) * nodes + column] > level &&
        first === values[(row + 1) * nodes + column + 1] > level) continue;
      const known = CORNERS.map(([i, j]) => values[(row + j) * nodes + column + i] - level);
      const cuts = CORNERS.flatMap(([i, j], k) => {
        const [here, next, [toI, toJ]] = [known[k], known[(k + 1) % 4], CORNERS[(k + 1) % 4]];
        if (here > 0 === next > 0) return [];
        const way = here / (here - next);
        return [[(column + i + way * (toI - i)) * cell, (row + j + way * (toJ - j)) * cell]];
      });
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        path.moveTo(...cuts[k]);
        path.lineTo(...cuts[k + 1]);
      }
    }
  }
  return path;
}
