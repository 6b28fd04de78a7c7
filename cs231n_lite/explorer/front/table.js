/** The table of points: a row each, with its scores, its loss, and a word for whether it is satisfied. */
import { SHAPES, number, setText, verdict } from "./text.js";

/** Keeps the rows of `body` in step with the view; `choose(i)` is called when a row is chosen. */
export function makeTable(body, choose) {
  function newRow(i) {
    const row = body.insertRow();
    row.innerHTML =
      `<th scope="row"><button type="button" class="point">${i + 1}</button></th>` + "<td></td>".repeat(8);
    row.onclick = () => choose(i);
    return row;
  }

  function drawRow(row, i, view) {
    const { state, result, good, selected, rows, probabilistic } = view;
    const [x, y, c] = state.points[i];
    const scores = result?.scores[i] ?? [NaN, NaN, NaN];
    const isDrawn = rows?.includes(i);
    row.classList.toggle("violated", good?.[i] === false);
    row.classList.toggle("selected", i === selected);
    const button = row.querySelector("button");
    button.setAttribute("aria-pressed", String(i === selected));
    button.setAttribute("aria-label", `choose point ${i + 1}${isDrawn ? ", in the minibatch" : ""}`);
    setText(button, `${i + 1}${isDrawn ? " •" : ""}`);
    const texts = [number(x, 2), number(y, 2), `${SHAPES[c]} ${c}`, ...scores.map((s) => number(s, 2)),
      number(result?.losses[i] ?? NaN, 3), verdict(good?.[i], probabilistic)];
    texts.forEach((text, k) => setText(row.cells[k + 1], text));
    row.cells[3].className = `class-${c}`;
    [0, 1, 2].forEach((j) => row.cells[4 + j].classList.toggle("own", j === c));
  }

  return function draw(view) {
    while (body.rows.length > view.state.points.length) body.deleteRow(-1);
    view.state.points.forEach((_, i) => drawRow(body.rows[i] ?? newRow(i), i, view));
  };
}
