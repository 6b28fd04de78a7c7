/**
 * The picture of the plane: which class wins where, the line and arrow of each class, margins, and the points.
 *
 * Everything is drawn from the state alone, so that it follows the hand even while the arithmetic is still at work.
 * A linear function of the plane is [p, q, r], for p x + q y + r.
 */

/** The colours of Okabe and Ito, which colour-blind people can tell apart; for lines and text a shade with more contrast. */
const PALETTES = {
  light: {
    paper: [255, 255, 255], strength: 0.24, ink: "#1b2530", halo: "#ffffff", lines: ["#005f94", "#b04a00", "#007a58"],
  },
  dark: {
    paper: [21, 25, 31], strength: 0.34, ink: "#e8ebef", halo: "#15191f", lines: ["#63b8ee", "#f2955a", "#3fcfa0"],
  },
};
const COLOURS = [[0, 114, 178], [213, 94, 0], [0, 158, 115]];
const SQUARE = [[-1.02, -1.02], [1.02, -1.02], [1.02, 1.02], [-1.02, 1.02]]; // its rim lies out of sight
const FINENESS = 80; // probabilities are shaded on so many squares a side, and smoothed by the browser

export const RADIUS = 9; // of a point, in pixels

/** The score of class c, and how far class c leads class j, as linear functions of the plane. */
const scoreOf = ({ W, b }, c) => [W[c][0], W[c][1], b[c]];
const leadOver = (state, c, j) => scoreOf(state, c).map((value, k) => value - scoreOf(state, j)[k]);
const valueAt = ([p, q, r], [x, y]) => p * x + q * y + r;

/** Where the outline of a polygon crosses the line f = 0. */
function crossings(polygon, f) {
  return polygon.flatMap((here, i) => cutBetween(here, polygon[(i + 1) % polygon.length], f));
}

function cutBetween(here, next, f) {
  const [from, to] = [valueAt(f, here), valueAt(f, next)];
  if (from < 0 === to < 0) return [];
  const way = from / (from - to);
  return [[here[0] + way * (next[0] - here[0]), here[1] + way * (next[1] - here[1])]];
}

/** The part of a convex polygon where f >= 0, nothing where f is 0 everywhere (Sutherland and Hodgman, 1974). */
export function clipped(polygon, f) {
  if (f.every((value) => value === 0)) return [];
  return polygon.flatMap((here, i) => {
    const cut = cutBetween(here, polygon[(i + 1) % polygon.length], f);
    return valueAt(f, here) >= 0 ? [here, ...cut] : cut;
  });
}

/** The part of the square where class c leads both others by `margin` or more. */
export const region = (state, c, margin = 0) =>
  [0, 1, 2].filter((j) => j !== c).reduce((polygon, j) => {
    const [p, q, r] = leadOver(state, c, j);
    return clipped(polygon, [p, q, r - margin]);
  }, SQUARE);

/** Draws views of the explorer on a canvas; sharp on any screen. */
export function makePlane(canvas) {
  const context = canvas.getContext("2d");
  const shades = document.createElement("canvas");
  shades.width = shades.height = FINENESS;
  let size = 0; // of the plane, in CSS pixels
  const place = ([x, y]) => [((x + 1) / 2) * size, ((1 - y) / 2) * size];

  function draw(view) {
    const palette = PALETTES[isDark(canvas) ? "dark" : "light"];
    fit();
    context.fillStyle = rgb(palette.paper);
    context.fillRect(0, 0, size, size);
    if (view.probabilistic) shade(view.state, palette);
    else [0, 1, 2].forEach((c) => fill(trace(region(view.state, c)), rgb(tinted(palette, c))));
    drawGrid(palette);
    if (view.margins && !view.probabilistic) drawMargins(view.state, palette);
    [0, 1, 2].forEach((c) => drawName(view.state, c, palette));
    [0, 1, 2].forEach((c) => drawLine(view.state, c, palette));
    view.state.points.forEach((point, i) => drawPoint(point, view.good?.[i], i === view.selected, palette));
  }

  function fit() {
    const scale = window.devicePixelRatio || 1;
    size = canvas.clientWidth;
    if (canvas.width !== Math.round(size * scale)) canvas.width = canvas.height = Math.round(size * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  function trace(polygon, path = new Path2D()) {
    polygon.map(place).forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (polygon.length > 2) path.closePath();
    return path;
  }

  function fill(path, colour, rule) {
    context.fillStyle = colour;
    context.fill(path, rule);
  }

  function stroke(path, colour, width, dash = []) {
    context.setLineDash(dash);
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round" });
    context.stroke(path);
    context.setLineDash([]);
  }

  /** Mixes the classes' colours by their probabilities. */
  function shade(state, palette) {
    const pen = shades.getContext("2d");
    const image = pen.createImageData(FINENESS, FINENESS);
    const strong = { ...palette, strength: 1.4 * palette.strength }; // mixing pales
    paintProbabilities(image.data, state, [0, 1, 2].map((c) => tinted(strong, c)));
    pen.putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(shades, 0, 0, size, size);
    [0, 1, 2].forEach((c) => stroke(trace(region(state, c)), `${palette.ink}40`, 1)); // where two classes tie
  }

  function drawGrid(palette) {
    const grid = new Path2D();
    for (const at of [-0.5, 0, 0.5]) for (const ends of [[[at, -1], [at, 1]], [[-1, at], [1, at]]]) trace(ends, grid);
    stroke(grid, `${palette.ink}14`, 1);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = `${palette.ink}99`;
    for (const at of [-0.5, 0.5]) {
      const [x, y] = place([at, at]);
      write(number(at, 1), x, size - 9);
      write(number(at, 1), 16, y);
    }
  }

  function write(text, x, y) {
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    context.fillText(text, x, y);
  }

  /** Most losses ask the winner to lead by 1: what is left of the plane where one does is the margin. */
  function drawMargins(state, palette) {
    if (state.loss === "one_vs_all") return [0, 1, 2].forEach((c) => drawBand(state, c, palette));
    const band = trace(SQUARE);
    for (const c of [0, 1, 2]) {
      const kept = trace(region(state, c, 1));
      band.addPath(kept);
      stroke(kept, palette.lines[c], 1.25, [5, 4]);
    }
    hatch(band, `${palette.ink}20`, 1);
  }

  /** One-vs-all asks each score to leave the band from -1 to 1. */
  function drawBand(state, c, palette) {
    const [p, q, r] = scoreOf(state, c);
    const band = clipped(clipped(SQUARE, [p, q, r + 1]), [-p, -q, 1 - r]);
    hatch(trace(band), `${palette.lines[c]}40`, [1, -1, 0][c]);
    for (const level of [-1, 1]) stroke(trace(crossings(SQUARE, [p, q, r - level])), palette.lines[c], 1.25, [5, 4]);
  }

  function hatch(path, colour, slope) {
    context.save();
    context.clip(path, "evenodd");
    const stripes = new Path2D();
    for (let at = -size; at < 2 * size; at += 9) {
      stripes.moveTo(0, at);
      stripes.lineTo(size, at - slope * size);
    }
    stroke(stripes, colour, 1);
    context.restore();
  }

  /** Writes the class on its region, at the longest stretch of the rim, where points are rare. */
  function drawName(state, c, palette) {
    const corners = region(state, c);
    const sides = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]])
      .filter(([from, to]) => [0, 1].some((k) => from[k] === to[k] && Math.abs(to[k]) > 1));
    const length = ([from, to]) => Math.hypot(to[0] - from[0], to[1] - from[1]);
    const longest = sides.sort((one, other) => length(other) - length(one))[0];
    if (!longest || length(longest) < 0.35) return;
    const [x, y] = place([0, 1].map((k) => (longest[0][k] + longest[1][k]) / 2));
    context.font = "600 13px system-ui, sans-serif";
    context.fillStyle = palette.lines[c];
    write(`${"●■▲"[c]} class ${c}`, Math.min(Math.max(x, 42), size - 42), Math.min(Math.max(y, 16), size - 26));
  }

  /** The line where the score of class c is 0; its arrow points to where the score rises, and is 1 of score long. */
  function drawLine(state, c, palette) {
    const f = scoreOf(state, c);
    const ends = crossings(SQUARE, f);
    const steepness = Math.hypot(f[0], f[1]);
    if (ends.length < 2 || !steepness) return;
    const foot = nearestToCentre(ends);
    const length = Math.min(Math.max(1 / steepness, 0.14), 0.5);
    const tip = [0, 1].map((k) => foot[k] + (length * f[k]) / steepness);
    for (const [colour, width] of [[`${palette.halo}a0`, 5], [palette.lines[c], 2.25]]) {
      stroke(trace(ends), colour, width);
      drawArrow(place(foot), place(tip), colour, width);
    }
    const beyond = place([0, 1].map((k) => foot[k] + ((length + 26 / size) * f[k]) / steepness));
    drawLabel(`s${"₀₁₂"[c]}`, beyond, palette, c);
  }

  function drawArrow([x, y], [tipX, tipY], colour, width) {
    const angle = Math.atan2(tipY - y, tipX - x);
    const path = new Path2D();
    path.moveTo(x, y);
    path.lineTo(tipX, tipY);
    for (const side of [-0.45, 0.45]) {
      path.moveTo(tipX, tipY);
      path.lineTo(tipX - 11 * Math.cos(angle + side), tipY - 11 * Math.sin(angle + side));
    }
    context.lineCap = "round";
    stroke(path, colour, width);
    context.lineCap = "butt";
  }

  function drawLabel(text, [x, y], palette, c) {
    context.font = "600 15px system-ui, sans-serif";
    Object.assign(context, { strokeStyle: palette.halo, lineWidth: 4, textAlign: "center", textBaseline: "middle" });
    context.strokeText(text, x, y);
    context.fillStyle = palette.lines[c];
    context.fillText(text, x, y);
  }

  /** Its shape tells the class; a cross in it says that it is violated. */
  function drawPoint([x, y, c], good, isSelected, palette) {
    const [left, top] = place([x, y]);
    const path = shapeAt(left, top, c);
    if (isSelected) {
      const ring = new Path2D();
      ring.arc(left, top, RADIUS + 6, 0, 7);
      stroke(ring, palette.halo, 5);
      stroke(ring, palette.ink, 2);
    }
    fill(path, rgb(COLOURS[c]));
    stroke(path, "#ffffff", 1.75);
    if (good !== false) return;
    const cross = new Path2D(`M${left - 3.2} ${top - 3.2}l6.4 6.4m0 -6.4l-6.4 6.4`);
    stroke(cross, "#ffffff", 2);
  }

  return { draw, place, locate: (left, top) => [(2 * left) / size - 1, 1 - (2 * top) / size] };
}

/** One loop without a new array in it, as it runs 6,400 times a frame; softmax as in arithmetic.js. */
function paintProbabilities(pixels, { W: [[p, q], [u, v], [m, n]], b: [r, w, o] }, [first, second, third]) {
  for (let pixel = 0; pixel < FINENESS * FINENESS; pixel++) {
    const x = (2 * (pixel % FINENESS) + 1) / FINENESS - 1;
    const y = 1 - (2 * Math.floor(pixel / FINENESS) + 1) / FINENESS;
    const [s0, s1, s2] = [p * x + q * y + r, u * x + v * y + w, m * x + n * y + o];
    const largest = Math.max(s0, s1, s2);
    const [e0, e1, e2] = [Math.exp(s0 - largest), Math.exp(s1 - largest), Math.exp(s2 - largest)];
    for (let k = 0; k < 3; k++) pixels[4 * pixel + k] = (e0 * first[k] + e1 * second[k] + e2 * third[k]) / (e0 + e1 + e2);
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

/** Of the part of a line that is seen, the place nearest to the centre of the plane, kept off the rim. */
function nearestToCentre([[x, y], [toX, toY]]) {
  const [dx, dy] = [toX - x, toY - y];
  const way = -(x * dx + y * dy) / (dx * dx + dy * dy || 1);
  const kept = Math.min(Math.max(way, 0.1), 0.9);
  return [x + kept * dx, y + kept * dy];
}

const tinted = ({ paper, strength }, c) => paper.map((value, k) => value + strength * (COLOURS[c][k] - value));
const rgb = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;

/** The page or JupyterLab chooses light or dark in CSS; the canvas reads it off the colour of the text. */
export function isDark(element) {
  const [r, g, b] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
  return r + g + b > 382;
}

/** A number as it is shown everywhere: so many decimals, and a true minus sign. */
export function number(value, decimals) {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value) < 1e5 ? value.toFixed(decimals) : value.toExponential(2);
  return text.replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}
