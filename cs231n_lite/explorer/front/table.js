/** The table of points: a row each, with its scores, its loss and a mark; only one row is a stop of the Tab key. */
import { MARKS } from "./marks.js";
import { SHAPES, number, setText } from "./text.js";

const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

/** Keeps the rows of `body` in step with the view; `act` can select a point, and regard one. */
export function makeTable(body, act) {
  function newRow(i) {
    const row = body.insertRow();
    row.innerHTML = `<th scope="row"><button type="button" class="point"></button></th>${"<td></td>".repeat(3)}` +
      `<td class="loss"></td><td class="verdict"><b></b> <span></span></td>`;
    row.onclick = () => act.select(i);
    row.onpointerenter = () => act.regard(i);
    row.onpointerleave = () => act.regard(-1);
    return row;
  }

  body.addEventListener("keydown", (event) => {
    const i = body.rows.length && [...body.rows].indexOf(event.target.closest("tr"));
    const next = { Home: 0, End: body.rows.length - 1 }[event.key] ?? i + (STEPS[event.key] ?? 0);
    if (next === i || !body.rows[next]) return;
    event.preventDefault();
    act.select(next);
    body.rows[next].querySelector("button").focus();
  });

  function drawRow(row, i, { state, result, marks, selected, regarded, rows }, worst) {
    const c = state.points[i][2];
    const mark = marks?.[i];
    const isDrawn = rows?.includes(i);
    row.className = `is-${mark}${i === selected ? " selected" : ""}${i === regarded ? " regarded" : ""}`;
    const button = row.querySelector("button");
    button.tabIndex = i === Math.max(selected, 0) ? 0 : -1;
    button.setAttribute("aria-pressed", String(i === selected));
    button.setAttribute("aria-label", `choose point ${i + 1}, class ${c}${isDrawn ? ", in the minibatch" : ""}`);
    setText(button, `${i + 1} ${SHAPES[c]}${isDrawn ? "•" : ""}`);
    button.className = `point class-${c}`;
    const scores = result?.scores[i] ?? [NaN, NaN, NaN];
    scores.forEach((s, j) => {
      setText(row.cells[1 + j], number(s, 2));
      row.cells[1 + j].classList.toggle("own", j === c);
    });
    const loss = result?.losses[i] ?? NaN;
    setText(row.cells[4], number(loss, loss < 100 ? 3 : 1));
    row.style.setProperty("--share", `${Math.round((100 * loss) / worst) || 0}%`);
    setText(row.cells[5].children[0], mark ? MARKS[mark].sign : "");
    setText(row.cells[5].children[1], mark ?? "");
  }

  return function draw(view) {
    const worst = Math.max(1, ...(view.result?.losses ?? []));
    while (body.rows.length > view.state.points.length) body.deleteRow(-1);
    view.state.points.forEach((_, i) => drawRow(body.rows[i] ?? newRow(i), i, view, worst));
  };
}
