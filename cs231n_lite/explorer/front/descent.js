/** What a request asks for: some updates in a row, and how things stand after them; as descent.py. */
import { evaluate } from "./arithmetic.js";
import { compared } from "./slopes.js";
import { LARGEST, stepped } from "./state.js";

const FLAT = 1e-9; // a gradient no larger than this moves nothing

/** One update by each of `batches` but the last, whose gradient is shown; `check` asks for the numerical gradient. */
export function descend({ state, batches, check }) {
  const curve = [];
  let stopped = "";
  for (const rows of batches.slice(0, -1)) {
    const known = evaluate(state, rows);
    const next = stepped(state, known);
    if (!(known.total <= LARGEST && parameters(next).every((w) => Math.abs(w) <= LARGEST))) stopped = "diverged";
    else if (!rows && [...known.dW.flat(), ...known.db].every((slope) => Math.abs(slope) < FLAT)) stopped = "settled";
    if (stopped) break;
    curve.push(losses(known));
    state = next;
  }
  const rows = batches.at(-1);
  const result = evaluate(state, rows);
  curve.push(losses(result));
  return { ...result, ...(check && compared(state, rows, result)), W: state.W, b: state.b, curve, stopped };
}

const losses = ({ data, total, held_data: held }) => [data, total, ...(held === undefined ? [] : [held])];
const parameters = ({ W, b }) => [...W.flat(), ...b];
