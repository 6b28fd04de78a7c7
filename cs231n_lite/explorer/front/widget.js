/** The explorer in a notebook, by anywidget: the arithmetic is Python's where it is not absent, the rest happens here. */
import { descend } from "./descent.js";
import { mount } from "./explorer.js";

/** A request goes out with each state, and its result comes back by its serial. */
function render({ model, el }) {
  const waiting = new Map();
  let serial = 0;

  function ask(request) {
    serial = Math.max(serial, model.get("request").serial) + 1; // another view of the same model may ask too
    model.set("request", { serial, ...request });
    model.save_changes();
    return new Promise((settle) => waiting.set(serial, { settle, here: () => descend(request) }));
  }

  /** While the kernel is busy only the newest request is sent, so those before an answered one came to nothing. */
  function take() {
    const answer = model.get("result");
    for (const [asked, { settle, here }] of [...waiting].filter(([asked]) => asked <= answer.serial)) {
      waiting.delete(asked);
      settle(asked !== answer.serial ? null : answer.absent ? here() : answer);
    }
  }

  model.on("change:result", take);
  const leave = mount(el, { descend: ask, state: model.get("request").state, yours: model.get("yours") });
  return () => {
    model.off("change:result", take);
    leave();
  };
}

const widget = { render };
export default widget;
