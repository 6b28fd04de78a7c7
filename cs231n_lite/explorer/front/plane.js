/**
 * The picture of the plane: which class wins where, the line and arrow of each class, margins, and the points.
 *
 * Everything is drawn from the state alone, so that it follows the hand even while the arithmetic is still at work.
 */
import { makeBrush, paletteOf } from "./brush.js";
import { CLASSES, REACH, SQUARE, clipped, crossings, negative, region, scoreOf } from "./geometry.js";
import { granted } from "./labels.js";
import { isRight } from "./arithmetic.js";
import { MARKS } from "./marks.js";
import { wishesOf } from "./names.js";
import { heldOutPoints } from "./sample.js";
import { contour, makeShader, probabilitiesOver } from "./shading.js";
import { number } from "./text.js";

const LEVELS = [0.5, 0.7, 0.9]; // probabilities whose lines are drawn

export const RADIUS = 9; // of a point, in pixels

/** Draws views of the explorer on a canvas, and tells places on it from places in the plane. */
export function makePlane(canvas) {
  const brush = makeBrush(canvas);
  const { context, place, trace, fill, stroke, hatch, write } = brush;
  const shade = makeShader();
  let written = []; // the boxes of the names, for whoever counts what they cover

  function draw({ state, result, marks, selected, regarded, margins, probabilistic }) {
    const palette = paletteOf(canvas);
    brush.fit();
    const regions = CLASSES.map((c) => trace(region(state, c)));
    fill(trace(SQUARE), palette.paper);
    if (probabilistic) drawProbabilities(state, regions, palette);
    else regions.forEach((path, c) => fill(path, palette.tints[c]));
    drawGrid(palette);
    if (margins && !probabilistic) drawMargins(state, palette);
    for (const path of regions) stroke(path, `${palette.ink}b0`, 1.5); // where classes meet
    const lines = CLASSES.map((c) => crossings(scoreOf(state, c)));
    lines.forEach((ends, c) => outlined(trace(ends), palette, c));
    drawNames(state, lines, palette);
    for (const point of heldOutPoints(state.sample)) drawHollow(state, point, palette);
    state.points.forEach((point, i) => drawHalo(point, result?.losses[i], palette));
    state.points.forEach((point, i) => drawPoint(point, marks?.[i], palette));
    if (state.points[regarded]) drawRing(state.points[regarded], palette);
    if (state.points[selected]) drawRing(state.points[selected], palette);
  }

  /** Shades each class's region by its probability, with lines where that reaches each level. */
  function drawProbabilities(state, regions, palette) {
    const probabilities = probabilitiesOver(state);
    regions.forEach((path, c) => {
      context.save();
      context.clip(path);
      shade(context, brush.size, probabilities[c], palette.shades[c]);
      for (const level of LEVELS) stroke(contour(probabilities[c], level, brush.size), `${palette.ink}c0`, 1);
      context.restore();
    });
  }

  function drawGrid(palette) {
    const grid = new Path2D();
    for (const at of [-1, -0.5, 0, 0.5, 1]) {
      for (const ends of [[[at, -2], [at, 2]], [[-2, at], [2, at]]]) trace(ends, grid);
    }
    stroke(grid, `${palette.ink}14`, 1);
    const { size } = brush;
    for (const at of [-0.5, 0.5]) {
      const [left, top] = place([at, at]);
      write(number(at, 1), [left, size - 9], "11px", `${palette.ink}c0`);
      write(number(at, 1), [16, top], "11px", `${palette.ink}c0`);
    }
    write("x", [size - 10, size - 10], "italic 14px", palette.ink);
    write("y", [10, 10], "italic 14px", palette.ink);
  }

  /** What names must keep clear of: the points, and the numbers and names of the axes. */
  function takenBy({ points, sample }) {
    const { size } = brush;
    const around = ([left, top], reach) => [left - reach, top - reach, left + reach, top + reach];
    const ticks = [-0.5, 0.5].flatMap((at) => {
      const [left, top] = place([at, at]);
      return [[left - 14, size - 16, left + 14, size], [0, top - 8, 30, top + 8]];
    });
    return [...[...points, ...heldOutPoints(sample)].map((point) => around(place(point), RADIUS + 5)), ...ticks,
      around([size - 10, size - 10], 9), around([10, 10], 9)];
  }

  /** The arrows, to where each score rises, and the names, as far as there is room for them. */
  function drawNames(state, lines, palette) {
    const wishes = wishesOf(state, lines, place, locate);
    const places = granted(wishes, takenBy(state), brush.size);
    written = places.filter(Boolean).map(({ box }) => box);
    places.forEach((found, i) => {
      const { foot, tip } = found ?? wishes[i].places[0] ?? {};
      if (foot) outlined(arrow(foot, tip), palette, i % 3);
    });
    places.forEach((found, i) => {
      if (!found) return;
      const halo = found.foot ? palette.halo : palette.tints[i % 3];
      const [font, colour] = found.foot ? ["600 15px", palette.lines[i % 3]] : ["600 13px", palette.ink];
      write(wishes[i].text, found.at, font, colour, halo);
    });
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

  /** A line of class c, with a halo that keeps it apart from what it crosses. */
  function outlined(path, palette, c) {
    stroke(path, `${palette.halo}a0`, 5);
    stroke(path, palette.lines[c], 2.25);
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
  function drawPoint([x, y, c], mark, palette, [inside, outside] = [palette.points[c], "#ffffff"]) {
    const [left, top] = place([x, y]);
    context.translate(left, top);
    fill(SHAPES_AT_0[c], inside);
    stroke(SHAPES_AT_0[c], outside, 1.75);
    if (mark) stroke(SIGNS_AT_0[mark], outside, 2.25);
    context.translate(-left, -top);
  }

  /** A point that is held out is hollow. */
  const drawHollow = (state, point, palette) =>
    drawPoint(point, isRight(state, point) ? "" : "wrong", palette, [palette.paper, palette.lines[point[2]]]);

  /** Around the point that is chosen or regarded. */
  function drawRing([x, y], palette) {
    const ring = new Path2D();
    ring.arc(...place([x, y]), RADIUS + 6, 0, 7);
    stroke(ring, palette.halo, 5);
    stroke(ring, palette.ink, 2);
  }

  function locate(left, top) {
    return [REACH * ((2 * left) / brush.size - 1), REACH * (1 - (2 * top) / brush.size)];
  }

  return { draw, place, locate, names: () => written };
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

/** Circle, square and triangle around 0, and the signs: made once, as making them takes longer than drawing. */
const SHAPES_AT_0 = [`M${RADIUS} 0a${RADIUS} ${RADIUS} 0 1 1 -${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 1 ${2 * RADIUS} 0z`,
  "M-8 -8h16v16h-16z", "M0 -12l11.5 17.5h-23z"].map((path) => new Path2D(path));
const SIGNS_AT_0 = Object.fromEntries(Object.entries(MARKS).map(([mark, { path }]) => [mark, new Path2D(path)]));
