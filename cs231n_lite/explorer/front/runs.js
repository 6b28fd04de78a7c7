/** Runs of updates: the curve of the one that goes on, and what is kept of the one before. */
import { LOSSES } from "./state.js";
import { number } from "./text.js";

const LONGEST = 1000; // places of a curve; a longer one keeps every other

/** A run that is about to begin, beside the one that ends; without the same points there is nothing to compare. */
export function begun(state, old, yours) {
  const ended = old.curve.length > 1 ? concluded(old, yours) : old.last;
  const same = JSON.stringify(state.points) === JSON.stringify(old.state.points);
  return { state, curve: [], updates: 0, last: same ? ended : null };
}

const concluded = ({ state, curve, updates, right }, yours) =>
  ({ name: nameOf(state, yours), curve, updates, right });

/** A run's name: its loss, and how strongly it is regularized. */
export const nameOf = ({ loss, reg }, yours) => `${LOSSES[loss]?.title ?? yours}, strength ${reg}`;

/** The run after some more updates: [data, total], and the held-out loss if there is one, before each and after the last. */
export function lengthened(run, more) {
  const fresh = run.curve.length ? more.slice(1) : more;
  const first = run.curve.length ? run.updates + 1 : 0;
  const curve = [...run.curve, ...fresh.map(([data, total, held], i) => ({ at: first + i, data, total, held }))];
  const updates = run.updates + more.length - 1;
  return { ...run, curve: thinned(curve), updates };
}

const thinned = (curve) =>
  (curve.length <= LONGEST ? curve : thinned(curve.filter((_, i) => i % 2 === 0 || i === curve.length - 1)));

/** How a run ended, in words. */
export function endInWords({ curve, updates, right }) {
  const { data, total } = curve.at(-1);
  return `total ${number(total, 3)}, data ${number(data, 3)} after ${counted(updates)}, ${right}`;
}

/** A number of updates, in words. */
export const counted = (updates) => `${updates} ${updates === 1 ? "update" : "updates"}`;
