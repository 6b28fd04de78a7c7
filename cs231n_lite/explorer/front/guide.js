/** The guided experiment in hand: a sentence before, its goals, a sentence after. */
import EXPERIMENTS from "./experiments.json" with { type: "json" };
import { makeGoals } from "./experiments.js";
import { setText } from "./text.js";

/** For the bar: free play, or one of the experiments. */
export const guideChooser = () => `<label>Experiment <select data-guide="choice" aria-label="Experiment">
  <option value="">none, free play</option>
  ${Object.entries(EXPERIMENTS).map(([name, { title }]) => `<option value="${name}">${title}</option>`).join("")}
  </select></label>`;

export const guideDocument = () => `<section class="guide" aria-label="experiment" hidden>
  <p data-guide="before"></p><ol data-guide="goals"></ol><p role="status" data-guide="after"></p></section>`;

/** Binds the chooser below `root`; `begin(name)` begins an experiment, or ends the one in hand where the name is "". */
export function makeGuide(root, begin, signal) {
  const [choice, before, list, after] = ["choice", "before", "goals", "after"]
    .map((name) => root.querySelector(`[data-guide=${name}]`));
  const goals = makeGoals();
  choice.addEventListener("change", () => begin(choice.value), { signal });

  return function draw({ state, result }) {
    const reached = result?.of ? goals(result.of, result) : [];
    const experiment = EXPERIMENTS[state.experiment];
    choice.value = state.experiment;
    list.parentElement.hidden = !experiment;
    if (!experiment) return setText(after, "");
    setText(before, experiment.before);
    while (list.children.length < experiment.goals.length) list.append(document.createElement("li"));
    experiment.goals.forEach((goal, k) => {
      setText(list.children[k], `${reached[k] ? "✓" : "○"} ${goal}`);
      list.children[k].classList.toggle("reached", Boolean(reached[k]));
    });
    const left = experiment.goals.length - reached.filter(Boolean).length;
    setText(after, [experiment.after, "One goal is reached, one is left."][left] ?? "");
  };
}
