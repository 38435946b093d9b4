"use strict";
// A list of words from the map, to be copied. The address holds the line that was drawn, not the words.
(function (E) {
  const STEPS = 9999; // a place's coordinate in the address
  const MOST_CORNERS = 80;

  E.lineText = function (line) {
    const every = Math.max(1, Math.ceil(line.length / MOST_CORNERS));
    const whole = (part) => Math.round(part * STEPS);
    return line.filter((_, i) => i % every === 0).map(([x, y]) => whole(x) + "," + whole(y)).join(";");
  };

  E.lineOf = function (text) {
    const corners = text.split(";").map((corner) => corner.split(",").map((part) => Number(part) / STEPS));
    const isLine = corners.length > 2 && corners.every((corner) => corner.length === 2 && corner.every(Number.isFinite));
    return isLine ? corners : null;
  };

  E.showList = function (app) {
    const line = E.lineOf(app.history.state.list);
    app.listed = line ? app.map.cells.inside(line) : [];
    app.map.mark({ region: app.history.state.tab === "list" ? line : null });
    E.$("list-answer").hidden = !line;
    E.$("copied").textContent = "";
    if (!line) return;
    const words = app.listed.map((id) => app.set.words[id]);
    E.$("listed").value = words.join("\n");
    const told = words.length === 1 ? "1 word" : `${words.length.toLocaleString("en")} words`;
    E.$("list-summary").textContent = words.length ? `${told}, the frequent first.` : "No words there: draw around some.";
    if (app.history.state.tab === "list") E.say(`List: ${told}.`);
  };

  // Pages from the disk may not reach the clipboard in every browser: then the selected text is copied the old way.
  E.copyList = async function () {
    const area = E.$("listed");
    let isCopied = false;
    try {
      await navigator.clipboard.writeText(area.value);
      isCopied = true;
    } catch {
      area.focus();
      area.select();
      isCopied = document.execCommand("copy");
    }
    const told = isCopied ? "Copied." : "The browser keeps the clipboard closed: the list is selected, copy it with Ctrl and C.";
    E.$("copied").textContent = told;
    E.say(told);
  };
})((window.Explorer = window.Explorer || {}));
