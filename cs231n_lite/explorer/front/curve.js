/**
 * The curve of the loss: after each update the total, and below it the data loss; between them lies the penalty. Where
 * points are held out, theirs too.
 */
import { number } from "./text.js";

const GAP = { left: 44, right: 12, top: 10, bottom: 20 };

/** What the curve shows, in a sentence, for those who do not see it. */
export function curveInWords({ curve, updates }) {
  if (curve.length < 2) return "The curve of the loss begins with the first update.";
  const [first, last] = [curve[0].total, curve.at(-1).total].map((value) => number(value, 2));
  return `Total loss after each update: from ${first} to ${last}, ${updates} updates so far.`;
}

/** Draws the losses at the start and after each update, or the one there is; and faintly those of the run before. */
export function drawCurve(canvas, { curve: past, updates, result, last }) {
  const curve = past.length || !result ? past : [{ at: 0, ...result }];
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const context = fitted(canvas, width, height);
  const ink = getComputedStyle(canvas).color;
  const runs = [...(last ? [[last.curve, 0.35]] : []), [curve, 1]];
  const top = niceCeiling(Math.max(...runs.flatMap(([run]) => run.flatMap(({ total, held = 0 }) => [total, held])), 0));
  const longest = Math.max(updates, last?.updates ?? 0, 20);
  const across = (at) => GAP.left + (at / longest) * (width - GAP.left - GAP.right);
  const down = (value) => height - GAP.bottom - (value / top) * (height - GAP.top - GAP.bottom);

  Object.assign(context, { font: "11px system-ui, sans-serif", fillStyle: ink });
  Object.assign(context, { textBaseline: "middle", lineJoin: "round" });
  for (const part of [0, 0.5, 1]) {
    context.globalAlpha = 0.18;
    context.fillRect(GAP.left, Math.round(down(part * top)), width - GAP.left - GAP.right, 1);
    context.globalAlpha = 0.75;
    context.textAlign = "right";
    context.fillText(labelOf(part * top), GAP.left - 6, down(part * top));
  }
  context.textAlign = "left";
  context.fillText("0", across(0), height - 7);
  context.textAlign = "right";
  context.fillText(`${longest} updates`, width - GAP.right, height - 7);
  for (const [run, opacity] of runs) {
    context.globalAlpha = opacity;
    for (const [part, dash, thickness] of [["data", [4, 3], 1.25], ["total", [], 2], ["held", [1, 5], 2.25]]) {
      context.beginPath();
      const known = run.filter((loss) => loss[part] !== undefined);
      known.forEach((loss) => context.lineTo(across(loss.at), down(loss[part])));
      Object.assign(context, { strokeStyle: ink, lineWidth: thickness });
      context.setLineDash(dash);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  if (curve.length !== 1) return;
  for (const value of [curve[0].data, curve[0].total]) context.fillRect(across(0) - 2, down(value) - 2, 4, 4);
}

/** The canvas's pen, for a clean sheet that is sharp on any screen. */
function fitted(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** A number of the scale in at most six characters. */
const labelOf = (value) =>
  (value < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1).replace("e+", "e"));

/** A round number that is not below `value`, so that the scale seldom jumps. */
function niceCeiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 6, 8, 10].map((factor) => factor * power).find((ceiling) => ceiling >= value);
}
