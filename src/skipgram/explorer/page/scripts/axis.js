"use strict";
// Words ranked along the way from one word, or list of words, to another; and a strip of all of them.
(function (E) {
  const RANKED = 12; // at each end
  const BANDS = 5; // of labels, on the strip

  function within(app, count) {
    if (app.history.state.among === "list") return app.listed;
    const most = count === "all" ? app.set.length : Math.min(app.set.length, Number(count) || 2000);
    return Uint32Array.from({ length: most }, (_, i) => i);
  }

  function column(app, set, title, ids, values) {
    const items = ids.map((id) => E.element("li", {}, E.wordLink(app, set.words[id]), E.element("span", { class: "number" }, values[id].toFixed(2))));
    return E.element("div", {}, E.element("h2", {}, ...title), E.element("ol", {}, ...items));
  }

  // A number between 0 and 1 that a word keeps from visit to visit.
  const scattered = (id) => ((Math.imul(id + 1, 2654435761) >>> 8) % 1000) / 1000;

  function strip(app, set, ids, values, marked) {
    const canvas = E.$("strip");
    const ratio = Math.min(2, devicePixelRatio || 1);
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const colors = E.themeColors();
    let low = Infinity;
    let high = -Infinity;
    for (const id of ids) {
      low = Math.min(low, values[id]);
      high = Math.max(high, values[id]);
    }
    const x = (value) => 12 + ((value - low) / (high - low || 1)) * (width - 24);
    const floor = height - 22;
    const y = (id) => floor - 4 - scattered(id) * 36;
    context.fillStyle = colors.near;
    context.globalAlpha = Math.max(0.08, Math.min(0.5, 150 / ids.length));
    for (const id of ids) {
      context.beginPath();
      context.arc(x(values[id]), y(id), 2.2, 0, 7);
      context.fill();
    }
    context.globalAlpha = 1;
    context.strokeStyle = colors.soft;
    context.beginPath();
    context.moveTo(12, floor);
    context.lineTo(width - 12, floor);
    context.stroke();
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = colors.soft;
    context.textBaseline = "top";
    if (low < 0 && high > 0) {
      context.fillRect(x(0) - 0.5, floor - 5, 1, 10);
      context.textAlign = "center";
      context.fillText("0", x(0), floor + 6);
    }
    stripLabels(context, set, marked, (id) => [x(values[id]), y(id)], width, colors);
  }

  function stripLabels(context, set, marked, at, width, colors) {
    const ends = new Array(BANDS).fill(-Infinity);
    context.textAlign = "start";
    const placed = marked.map((id) => [id, ...at(id)]).sort((a, b) => a[1] - b[1]);
    for (const [id, x, y] of placed) {
      const text = E.visible(set.words[id]).slice(0, 24);
      const wide = context.measureText(text).width;
      const left = Math.max(4, Math.min(width - wide - 4, x - wide / 2));
      const band = ends.findIndex((end) => left > end + 8);
      if (band < 0) continue;
      ends[band] = left + wide;
      const top = 4 + band * 17;
      context.strokeStyle = colors.rule;
      context.beginPath();
      context.moveTo(x, top + 14);
      context.lineTo(x, y);
      context.stroke();
      context.fillStyle = colors.accent;
      context.beginPath();
      context.arc(x, y, 3.5, 0, 7);
      context.fill();
      context.fillStyle = colors.ink;
      context.fillText(text, left, top);
    }
  }

  // ids: of the words that are ranked; ends: of those that the way leads from and to.
  function showRanked(app, set, ids, values, ends) {
    const { from, to } = app.history.state;
    E.$("axis-answer").hidden = false;
    const sorted = ids.slice().sort((a, b) => values[a] - values[b]);
    const half = Math.min(RANKED, Math.ceil(sorted.length / 2));
    const toFrom = sorted.slice(0, half);
    const toTo = sorted.slice(-half).reverse();
    E.$("axis-tables").replaceChildren(
      column(app, set, ["Towards ", E.bdi(from)], toFrom, values),
      column(app, set, ["Towards ", E.bdi(to)], toTo, values),
    );
    const middle = Array.from({ length: 5 }, (_, i) => sorted[Math.floor(((i + 1) / 6) * sorted.length)]);
    const asked = app.answers.flatMap(({ set: one, terms }) => (one === set ? terms.map(({ id }) => id) : []));
    const marked = [...new Set([...asked, ...ends, ...toFrom.slice(0, 3), ...toTo.slice(0, 3), ...middle])];
    E.drawStrip = () => strip(app, set, ids, values, marked.filter((id) => id in values));
    E.drawStrip();
    const name = (list) => list.slice(0, 3).map((id) => E.isolated(set.words[id])).join(", ");
    const told = `${ids.length.toLocaleString("en")} words along the axis from ${from} to ${to}: at one end ${name(toFrom)}, at the other ${name(toTo)}.`;
    E.$("strip").setAttribute("aria-label", told);
    E.say(told);
  }

  E.showAxis = async function (app) {
    const { from, to, among } = app.history.state;
    const { set } = app;
    const asking = (app.askingAxis = (app.askingAxis || 0) + 1);
    const ends = [E.listed(set, from), E.listed(set, to)];
    const box = E.$("axis-missing");
    const replacing = (word) => (other) => E.element("button", { type: "button", class: "link", onclick: () => app.replaceInAxis(word, other) }, E.bdi(other));
    const tell = (told) => box.replaceChildren(...E.notesOn(set, told, replacing));
    const missing = ends.flatMap((end) => end.missing);
    E.$("axis-answer").hidden = true;
    tell({ missing, notes: null });
    if (!from || !to) return;
    if (!ends[0].terms.length || !ends[1].terms.length) return void E.say(box.textContent);
    const known = ends.flatMap(({ terms }) => terms.map(({ id }) => id)).filter((id) => id >= 0);
    const ids = Array.from(within(app, among));
    if (!ids.length) return void box.append("The list is empty: draw around words on the map first.");
    let found;
    try {
      const count = Math.max(...[ids, known].map((some) => some.reduce((most, id) => Math.max(most, id), -1))) + 1;
      found = await E.along(app.data, set, ends[0].terms, ends[1].terms, count);
    } catch (failure) {
      box.append(failure.message);
      return void E.say(box.textContent);
    }
    if (asking !== app.askingAxis) return; // a later question was faster
    tell({ missing: missing.concat(found.missing), notes: found.notes });
    const { values } = found;
    if (!values) {
      if (!found.missing.length) box.append("Both ends are the same: there is no way between them.");
      return void E.say(box.textContent);
    }
    showRanked(app, set, ids, values, known);
  };
})((window.Explorer = window.Explorer || {}));
