"use strict";
// The answer to a question: the nearest words as a table of bars, of one set or of two beside each other.
(function (E) {
  const SIGNS = { 1: " + ", "-1": " − " };

  E.textOf = (terms) => terms.map(({ word, sign }, i) => (sign < 0 ? (i ? " - " : "- ") : i ? " + " : "") + word).join("");

  function heading(terms) {
    return terms.flatMap(({ word, sign }, i) => [i || sign < 0 ? E.element("span", { class: "sign" }, i ? SIGNS[sign] : "− ") : "", E.bdi(word)]);
  }

  function facts(set, terms) {
    if (terms.length !== 1) return "";
    const { id } = terms[0];
    if (id < 0) return "";
    const rank = `rank ${(id + 1).toLocaleString("en")} of ${set.length.toLocaleString("en")}`;
    const told = set.counts ? [`seen ${set.counts[id].toLocaleString("en")} times`, rank] : [rank];
    const cluster = set.clusters && set.clusterNames[set.clusters[id]];
    if (cluster) told.push(`among ${cluster.map(E.isolated).join(", ")}`);
    for (const column of set.columns) {
      const value = column.values && column.values[id];
      if (value === null || value === undefined || Number.isNaN(value)) continue;
      told.push(`${column.name} ${column.kind === "category" ? E.isolated(column.categories[value] ?? "none") : Number(value.toPrecision(4))}`);
    }
    return told.join(" · ");
  }

  function row(app, set, found, isOnlyHere) {
    const word = set.words[found.id];
    const bar = E.element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("width", E.percent(found.cosine));
    const only = isOnlyHere ? E.element("span", { class: "only", title: "only in this list" }, "◆", E.element("span", { class: "unseen" }, " only in this list")) : null;
    const more = (sign, name) =>
      E.element("button", { type: "button", class: "term", tabindex: "-1", title: name, "aria-label": `${name}: ${word}`, onclick: () => app.addTerm(word, sign) }, sign > 0 ? "+" : "−");
    return E.element(
      "tr",
      { class: isOnlyHere ? "only-here" : null },
      E.element("th", { scope: "row" }, E.element("span", { class: "one" }, E.wordLink(app, word), only)),
      E.element("td", { class: "measure" }, E.element("span", { class: "track" }, bar), E.element("span", { class: "number" }, found.cosine.toFixed(3))),
      E.element("td", { class: "terms" }, more(1, "add to the sum"), more(-1, "take off the sum")),
    );
  }

  function table(app, set, found, onlyHere, isNamed) {
    const caption = E.element("caption", { class: isNamed ? null : "unseen" }, isNamed ? E.bdi(set.name) : "Neighbours and their cosines");
    const head = E.element("thead", { class: "unseen" }, E.element("tr", {}, ...["Word", "Cosine", "In a sum"].map((name) => E.element("th", { scope: "col" }, name))));
    const body = E.element("tbody", {}, ...found.map((one) => row(app, set, one, onlyHere.has(one.id))));
    const widths = E.element("colgroup", {}, ...["words", "measures", "sums"].map((name) => E.element("col", { class: name })));
    return E.element("table", { class: "neighbours" }, caption, widths, head, body);
  }

  function whyNone(set, terms, found) {
    if (!found) return "Not in this set.";
    if (E.hasVectors(set, terms) && !E.unitSum(set, terms)) {
      return terms.length > 1 ? "These words cancel each other: no direction is left." : "This word's vector is zero: it has no neighbours.";
    }
    return "There are no other words.";
  }

  // Those of each list whose word is not in the other list.
  function differing(app, answers) {
    if (answers.length < 2 || answers.some(({ found }) => !found)) return answers.map(() => new Set());
    return answers.map(({ set, found }, i) => {
      const other = answers[1 - i];
      const there = new Set(other.found.map(({ id }) => id));
      return new Set(found.filter(({ id }) => !there.has(E.counterpart(app.data, set.number, id, other.set.number))).map(({ id }) => id));
    });
  }

  // answers: [{set, terms, missing, found: [{id, cosine}] or null, notes, failure}]
  E.showAnswers = function (app, answers) {
    const known = answers.filter(({ found }) => found);
    const lead = known[0];
    E.$("answer").hidden = !lead;
    E.$("welcome").hidden = true;
    showNotes(app, answers, known.length > 0);
    if (!lead) return;
    E.$("asked").replaceChildren(...heading(lead.terms));
    E.$("facts").textContent = answers.length === 1 ? facts(lead.set, lead.terms) : "";
    const onlyHere = differing(app, answers);
    const blocks = answers.map(({ set, terms, found, failure }, i) => {
      if (found && found.length) return table(app, set, found, onlyHere[i], answers.length > 1);
      const reason = failure || whyNone(set, terms, found);
      return E.element("div", { class: "nothing" }, answers.length > 1 ? E.element("h3", {}, E.bdi(set.name)) : null, E.element("p", { class: "soft" }, reason));
    });
    E.$("tables").className = answers.length > 1 ? "tables two" : "tables";
    E.$("tables").replaceChildren(...blocks);
    const compared = known.length > 1;
    E.$("shared").hidden = !compared;
    const same = compared ? known[0].found.length - onlyHere[0].size : 0;
    if (compared) E.$("shared").textContent = `${same} of ${known[0].found.length} neighbours are in both lists; ◆ marks the others.`;
    const named = lead.found.slice(0, 5).map(({ id, cosine }) => `${E.isolated(lead.set.words[id])} ${cosine.toFixed(2)}`);
    E.say(`${lead.found.length} neighbours of ${E.textOf(lead.terms)}: ${named.join(", ")}${compared ? `. ${same} shared by both sets` : ""}.`);
  };

  function showNotes(app, answers, isPartial) {
    const box = E.$("missing");
    const asking = (word) => (other) => E.wordLink(app, other, app.history.state.q.split(/(\s+)/).map((part) => (part === word ? other : part)).join(""));
    const said = answers.flatMap((answer) => E.notesOn(answer.set, answer, asking));
    box.hidden = said.length === 0;
    box.replaceChildren(...said);
    if (said.length && !isPartial) E.say(said[0].textContent);
  }

  E.showWelcome = function (app) {
    E.$("answer").hidden = true;
    E.$("missing").hidden = true;
    E.$("welcome").hidden = false;
    const set = app.set;
    const named = set.clusterNames.flatMap((names) => names.slice(0, 1));
    const spread = Array.from({ length: 12 }, (_, i) => set.words[Math.floor(set.length ** ((i + 4) / 17))]).filter(Boolean);
    const words = [...new Set(named.length >= 6 ? named : spread)].slice(0, 12);
    const total = app.data.sets.map((one) => `${one.length.toLocaleString("en")} words × ${one.dim}`).join(" and ");
    E.$("welcome").replaceChildren(
      E.element("p", {}, "Words that are used alike stand near each other. Type one above, click one on the map, or begin here:"),
      E.element("p", { class: "chips" }, ...words.map((word) => E.wordLink(app, word))),
      E.element("p", { class: "soft" }, total),
    );
  };

  // Up and down the table; plus and minus put the word into the sum.
  E.addTableKeys = function (app, box) {
    box.addEventListener("keydown", (event) => {
      const link = event.target.closest("a.word");
      if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
      const links = [...link.closest("table, .chips").querySelectorAll("a.word")];
      const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (next) {
        event.preventDefault();
        links[links.indexOf(link) + next]?.focus();
      } else if (event.key === "+" || event.key === "-") {
        event.preventDefault();
        const set = app.data.sets[[...box.querySelectorAll("table")].indexOf(link.closest("table"))] || app.set;
        const place = links.indexOf(link);
        const answer = app.answers.find((one) => one.set === set) || app.answers[0];
        app.addTerm(set.words[answer.found[place].id], event.key === "+" ? 1 : -1);
      }
    });
  };
})((window.Explorer = window.Explorer || {}));
