/**
 * The picture of the plane: which class wins where, the line and arrow of each class, margins, and the points.
 *
 * Everything is drawn from the state alone, so that it follows the hand even while the arithmetic is still at work.
 */
import { makeBrush, paletteOf } from "./brush.js";
import { REACH, SQUARE, clipped, crossings, middleOfRim, nearestToCentre, negative, region, scoreOf } from "./geometry.js";
import { MARKS } from "./marks.js";
import { SHAPES, number } from "./text.js";

const CLASSES = [0, 1, 2];
const FINENESS = 80; // probabilities are shaded on so many squares a side, and smoothed by the browser

export const RADIUS = 9; // of a point, in pixels

/** Draws views of the explorer on a canvas, and tells places on it from places in the plane. */
export function makePlane(canvas) {
  const brush = makeBrush(canvas);
  const { context, place, trace, fill, stroke, hatch, write } = brush;
  const shades = document.createElement("canvas");
  shades.width = shades.height = FINENESS;

  function draw({ state, result, marks, selected, regarded, margins, probabilistic }) {
    const palette = paletteOf(canvas);
    brush.fit();
    fill(trace(SQUARE), palette.paper);
    if (probabilistic) shade(state, palette);
    else for (const c of CLASSES) fill(trace(region(state, c)), palette.tints[c]);
    drawGrid(palette);
    if (margins && !probabilistic) drawMargins(state, palette);
    const lines = CLASSES.map((c) => crossings(scoreOf(state, c)));
    lines.forEach((ends, c) => outlined(trace(ends), palette, c));
    lines.forEach((ends, c) => ends.length && drawRise(state, c, ends, palette));
    for (const c of CLASSES) drawName(state, c, palette);
    state.points.forEach((point, i) => drawHalo(point, result?.losses[i], palette));
    state.points.forEach((point, i) => drawPoint(point, marks?.[i], palette));
    if (state.points[regarded]) drawRing(state.points[regarded], palette);
    if (state.points[selected]) drawRing(state.points[selected], palette);
  }

  /** Mixes the classes' colours by their probabilities, and draws where two classes tie. */
  function shade(state, palette) {
    const pen = shades.getContext("2d");
    const image = pen.createImageData(FINENESS, FINENESS);
    paintProbabilities(image.data, state, palette.shades);
    pen.putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(shades, 0, 0, brush.size, brush.size);
    for (const c of CLASSES) stroke(trace(region(state, c)), `${palette.ink}40`, 1);
  }

  function drawGrid(palette) {
    const grid = new Path2D();
    for (const at of [-1, -0.5, 0, 0.5, 1]) {
      for (const ends of [[[at, -2], [at, 2]], [[-2, at], [2, at]]]) trace(ends, grid);
    }
    stroke(grid, `${palette.ink}14`, 1);
    for (const at of [-0.5, 0.5]) {
      const [left, top] = place([at, at]);
      write(number(at, 1), [left, brush.size - 9], "11px", `${palette.ink}99`);
      write(number(at, 1), [16, top], "11px", `${palette.ink}99`);
    }
  }

  /** Most losses ask the winner to lead by 1: what is left of the plane where one does is the margin. */
  function drawMargins(state, palette) {
    if (state.loss === "one_vs_all") return CLASSES.forEach((c) => drawBand(state, c, palette));
    const band = trace(SQUARE);
    for (const c of CLASSES) {
      const kept = trace(region(state, c, 1));
      band.addPath(kept);
      stroke(kept, palette.lines[c], 1.25, [5, 4]);
    }
    hatch(band, `${palette.ink}20`, 1);
  }

  /** One-vs-all asks each score to leave the band from -1 to 1. */
  function drawBand(state, c, palette) {
    const band = clipped(clipped(SQUARE, scoreOf(state, c, 1)), negative(scoreOf(state, c, -1)));
    hatch(trace(band), `${palette.lines[c]}40`, [1, -1, 0][c]);
    for (const level of [-1, 1]) stroke(trace(crossings(scoreOf(state, c, level))), palette.lines[c], 1.25, [5, 4]);
  }

  /** Writes the class on its region, at the rim, where points are rare. */
  function drawName(state, c, palette) {
    const middle = middleOfRim(region(state, c));
    if (!middle) return;
    const [left, top] = place(middle);
    const within = (value, gap, last = gap) => Math.min(Math.max(value, gap), brush.size - last);
    const where = [within(left, 42), within(top, 16, 26)];
    write(`${SHAPES[c]} class ${c}`, where, "600 13px", palette.lines[c], palette.tints[c]);
  }

  /** A line of class c, with a halo that keeps it apart from what it crosses. */
  function outlined(path, palette, c) {
    stroke(path, `${palette.halo}a0`, 5);
    stroke(path, palette.lines[c], 2.25);
  }

  /** The arrow on the line where the score of class c is 0: to where the score rises, and 1 of score long. */
  function drawRise(state, c, ends, palette) {
    const [p, q] = scoreOf(state, c);
    const steepness = Math.hypot(p, q);
    const foot = nearestToCentre(ends);
    const ahead = (length) => place([foot[0] + (length * p) / steepness, foot[1] + (length * q) / steepness]);
    const length = Math.min(Math.max(1 / steepness, 0.14), 0.5);
    outlined(arrow(place(foot), ahead(length)), palette, c);
    write(`s${"₀₁₂"[c]}`, ahead(length + 26 / brush.size), "600 15px", palette.lines[c], palette.halo);
  }

  /** The wider the halo, the larger the point's loss. */
  function drawHalo([x, y, c], loss = 0, palette) {
    if (loss < 1e-3) return;
    const halo = new Path2D();
    halo.arc(...place([x, y]), RADIUS + 3 + 9 * Math.sqrt(Math.min(loss / 3, 1)), 0, 7);
    fill(halo, `${palette.lines[c]}38`);
    stroke(halo, `${palette.lines[c]}b0`, 1);
  }

  /** Its shape tells the class, what is drawn in it how it fares. */
  function drawPoint([x, y, c], mark, palette) {
    const [left, top] = place([x, y]);
    const path = shapeAt(left, top, c);
    fill(path, palette.points[c]);
    stroke(path, "#ffffff", 1.75);
    if (!mark) return;
    const sign = new Path2D();
    sign.addPath(new Path2D(MARKS[mark].path), new DOMMatrix([1, 0, 0, 1, left, top]));
    stroke(sign, "#ffffff", 2.25);
  }

  /** Around the point that is chosen or regarded. */
  function drawRing([x, y], palette) {
    const ring = new Path2D();
    ring.arc(...place([x, y]), RADIUS + 6, 0, 7);
    stroke(ring, palette.halo, 5);
    stroke(ring, palette.ink, 2);
  }

  const locate = (left, top) => [REACH * ((2 * left) / brush.size - 1), REACH * (1 - (2 * top) / brush.size)];
  return { draw, place, locate };
}

function arrow([left, top], [tipLeft, tipTop]) {
  const path = new Path2D(`M${left} ${top}L${tipLeft} ${tipTop}`);
  const angle = Math.atan2(tipTop - top, tipLeft - left);
  for (const side of [-0.45, 0.45]) {
    path.moveTo(tipLeft, tipTop);
    path.lineTo(tipLeft - 11 * Math.cos(angle + side), tipTop - 11 * Math.sin(angle + side));
  }
  return path;
}

/** One loop without a new array in it, as it runs 6,400 times a frame; softmax as in arithmetic.js. */
function paintProbabilities(pixels, { W: [[p, q], [u, v], [m, n]], b: [r, w, o] }, [first, second, third]) {
  for (let pixel = 0; pixel < FINENESS * FINENESS; pixel++) {
    const x = REACH * ((2 * (pixel % FINENESS) + 1) / FINENESS - 1);
    const y = REACH * (1 - (2 * Math.floor(pixel / FINENESS) + 1) / FINENESS);
    const [s0, s1, s2] = [p * x + q * y + r, u * x + v * y + w, m * x + n * y + o];
    const largest = Math.max(s0, s1, s2);
    const [e0, e1, e2] = [Math.exp(s0 - largest), Math.exp(s1 - largest), Math.exp(s2 - largest)];
    const sum = e0 + e1 + e2;
    for (let k = 0; k < 3; k++) pixels[4 * pixel + k] = (e0 * first[k] + e1 * second[k] + e2 * third[k]) / sum;
    pixels[4 * pixel + 3] = 255;
  }
}

/** Circle, square or triangle around a place on the canvas. */
function shapeAt(left, top, c) {
  const path = new Path2D();
  if (c === 0) path.arc(left, top, RADIUS, 0, 7);
  if (c === 1) path.rect(left - 8, top - 8, 16, 16);
  if (c === 2) path.addPath(new Path2D(`M${left} ${top - 12}l11.5 17.5h-23z`));
  return path;
}
