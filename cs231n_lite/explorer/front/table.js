/** The table of points: a row each, with its scores, its loss and a mark; only one row is a stop of the Tab key. */
import { MARKS } from "./marks.js";
import { SHAPES, number, setText } from "./text.js";

const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

/** Keeps the rows of `body` in step with the view; `act` can select a point, and regard one. */
export function makeTable(body, act) {
  const box = body.closest(".scroll");

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
    setClass(row, `is-${mark}${i === selected ? " selected" : ""}${i === regarded ? " regarded" : ""}`);
    const [head, ...cells] = row.cells;
    const button = head.firstChild;
    setClass(button, `point class-${c}`);
    setText(button, `${i + 1} ${SHAPES[c]}${isDrawn ? "•" : ""}`);
    button.tabIndex = i === Math.max(selected, 0) ? 0 : -1;
    button.ariaPressed = String(i === selected);
    button.ariaLabel = `choose point ${i + 1}, class ${c}${isDrawn ? ", in the minibatch" : ""}`;
    const scores = result?.scores[i] ?? [NaN, NaN, NaN];
    scores.forEach((s, j) => {
      setText(cells[j], number(s, 2));
      setClass(cells[j], j === c ? "own" : "");
    });
    const loss = result?.losses[i] ?? NaN;
    setText(cells[3], number(loss, loss < 100 ? 3 : 1));
    row.style.setProperty("--share", `${Math.round((100 * loss) / worst) || 0}%`);
    setText(cells[4].children[0], mark ? MARKS[mark].sign : "");
    setText(cells[4].children[1], mark ?? "");
  }

  /** The rows that are in sight, with some to spare; of a few points, all. */
  function inSight(count) {
    if (count <= 30) return [0, count];
    const { scrollTop, clientHeight, scrollHeight } = box;
    const at = (height) => (count * height) / scrollHeight;
    return [Math.floor(at(scrollTop)) - 8, Math.ceil(at(scrollTop + clientHeight)) + 8];
  }

  /** While things change, only what is in sight keeps up. */
  return function draw(view) {
    const { points } = view.state;
    const worst = Math.max(1, ...(view.result?.losses ?? []));
    const atRest = view.status || body.rows.length !== points.length;
    const [first, last] = atRest ? [0, points.length] : inSight(points.length);
    while (body.rows.length > points.length) body.deleteRow(-1);
    for (let i = Math.max(first, 0); i < Math.min(last, points.length); i++) {
      drawRow(body.rows[i] ?? newRow(i), i, view, worst);
    }
  };
}

function setClass(node, name) {
  if (node.className !== name) node.className = name;
}
