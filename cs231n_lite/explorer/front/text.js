/** How numbers and classes are written, the same everywhere. */

export const SHAPES = ["●", "■", "▲"];

/** A number with so many decimals and a true minus sign. */
export function number(value, decimals) {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value) < 1e5 ? value.toFixed(decimals) : value.toExponential(2);
  return text.replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}

/** Sets a text only where it differs, so that a table at 60 frames a second costs nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
