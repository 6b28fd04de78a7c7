/** What the plane is drawn with: colours for light and dark, and a canvas that is sharp on any screen. */
import { REACH } from "./geometry.js";

/** The colours of Okabe and Ito, which colour-blind people can tell apart. */
const COLOURS = [[0, 114, 178], [213, 94, 0], [0, 158, 115]];

/**
 * For points, lines and text, shades of them with more contrast. How much of each class's colour goes into its tint,
 * differs: to who sees no blue, blue and green are told apart by their lightness alone.
 */
const PALETTES = {
  light: {
    paper: [255, 255, 255], strengths: [0.31, 0.24, 0.18],
    ink: "#1b2530", halo: "#ffffff", lines: ["#005f94", "#b04a00", "#007a58"],
    points: ["#005f94", "#b04a00", "#007a58"],
  },
  dark: {
    paper: [21, 25, 31], strengths: [0.24, 0.34, 0.44],
    ink: "#e8ebef", halo: "#15191f", lines: ["#63b8ee", "#f2955a", "#3fcfa0"],
    points: ["#0072b2", "#d55e00", "#009e73"], // with white around them
  },
};

const rgb = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;
const mixed = (from, to, strength) => from.map((value, k) => Math.round(value + strength * (to[k] - value)));

/** A hundred shades, by the probability of the class: never paler than its tint where it wins, so at 1/3 or more. */
const shadesOf = (colour, paper, strength) =>
  Array.from({ length: 101 }, (_, i) => mixed(paper, colour, strength * (1 + 1.2 * Math.max(i / 100 - 1 / 3, 0))));

/** The palette that suits the page, or JupyterLab: CSS chooses light or dark, and the colour of text tells. */
export function paletteOf(element) {
  const [r, g, b] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
  const palette = PALETTES[r + g + b > 382 ? "dark" : "light"];
  return {
    ...palette,
    paper: rgb(palette.paper),
    tints: COLOURS.map((colour, c) => rgb(mixed(palette.paper, colour, palette.strengths[c]))),
    shades: COLOURS.map((colour, c) => shadesOf(colour, palette.paper, palette.strengths[c])),
  };
}

/** Draws in the coordinates of the plane, y upwards; `place` tells where that is in CSS pixels. */
export function makeBrush(canvas) {
  const context = canvas.getContext("2d");
  const brush = { context, size: 0, fit, place, trace, fill, stroke, hatch, write };

  function place([x, y]) {
    return [((x / REACH + 1) / 2) * brush.size, ((1 - y / REACH) / 2) * brush.size];
  }

  function fit() {
    const scale = window.devicePixelRatio || 1;
    brush.size = canvas.clientWidth;
    const pixels = Math.round(brush.size * scale);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  /** The outline of a polygon, or the line between two places. */
  function trace(polygon, path = new Path2D()) {
    polygon.map(place).forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (polygon.length > 2) path.closePath();
    return path;
  }

  function fill(path, colour) {
    context.fillStyle = colour;
    context.fill(path);
  }

  function stroke(path, colour, width, dash = []) {
    const lineCap = dash.length ? "butt" : "round";
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap });
    context.setLineDash(dash);
    context.stroke(path);
    context.setLineDash([]);
  }

  /** Hatches a path; where its parts overlap, the overlap is left out. */
  function hatch(path, colour, slope) {
    const { size } = brush;
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

  /** Text around a place given in pixels, with a halo where one is given. */
  function write(text, [left, top], font, colour, halo) {
    Object.assign(context, { font: `${font} system-ui, sans-serif`, textAlign: "center", textBaseline: "middle" });
    Object.assign(context, { fillStyle: colour, strokeStyle: halo, lineWidth: 4 });
    if (halo) context.strokeText(text, left, top);
    context.fillText(text, left, top);
  }

  return brush;
}
