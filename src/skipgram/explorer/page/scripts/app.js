"use strict";
// The page at work: what is asked goes into the history, what the history holds is shown.
(function (E) {
  const VIEW_SETTLES_MS = 250;
  const READ_AHEAD_MS = 150; // after the first paint

  const viewText = ({ x, y, zoom }) => [x.toFixed(4), y.toFixed(4), zoom.toPrecision(4)].join(",");

  function viewOf(text) {
    const [x, y, zoom] = text.split(",").map(Number);
    return [x, y, zoom].every(Number.isFinite) && zoom > 0 ? { x, y, zoom } : null;
  }

  class App {
    constructor(data) {
      this.data = data;
      this.mix = 0;
      this.answers = [];
      this.listed = [];
      this.asking = 0;
      this.history = new E.History((state) => this.restore(state));
      this.points = data.sets.map((_, number) => E.pointsOf(data, number));
      this.map = new E.WordMap(E.$("map"), {
        onPick: (id) => this.go({ tab: "neighbours", q: this.set.words[id] }),
        onView: (view) => this.keepView(view),
        onList: (line) => this.go({ tab: "list", list: E.lineText(line), view: this.history.state.view }),
        onLassoing: (isOn) => E.$("lasso").setAttribute("aria-pressed", String(isOn)),
        say: E.say,
      });
      this.box = new E.Combobox(E.$("query"), () => this.set, (text) => this.go({ tab: "neighbours", q: text }));
      for (const id of ["axis-from", "axis-to"]) new E.Combobox(E.$(id), () => this.set, () => {});
      this.addControls();
    }

    // The set whose places are shown: the second at the slider's far end alone.
    get set() {
      return this.data.sets[this.mix === 1 && this.data.sets.length > 1 ? 1 : 0];
    }

    addControls() {
      const on = (id, kind, act) => E.$(id).addEventListener(kind, act);
      E.$("title").append(E.bdi(this.data.title));
      document.title = this.data.title + " – explorer of words";
      on("search", "submit", (event) => {
        event.preventDefault();
        this.box.close();
        this.go({ tab: "neighbours", q: E.$("query").value });
      });
      on("axis", "submit", (event) => {
        event.preventDefault();
        this.go({ from: E.$("axis-from").value, to: E.$("axis-to").value, among: E.$("axis-among").value });
      });
      on("k", "change", () => this.go({ k: E.$("k").value, view: this.history.state.view }));
      on("color", "change", () => this.go({ color: E.$("color").value, view: this.history.state.view }));
      on("zoom-in", "click", () => this.map.camera.zoomAt(1.6, undefined, undefined, false));
      on("zoom-out", "click", () => this.map.camera.zoomAt(1 / 1.6, undefined, undefined, false));
      on("show-all", "click", () => this.map.showAll());
      for (const id of ["lasso", "draw"]) on(id, "click", () => this.map.setLassoing(!this.map.isLassoing));
      for (const id of ["list-view", "list-view-here"]) on(id, "click", () => this.map.listView());
      on("copy", "click", () => E.copyList());
      addEventListener("resize", () => E.$("axis-answer").hidden || (E.drawStrip && E.drawStrip()));
      E.addTabs(this);
      E.addBetween(this);
      E.addTheme(this);
      E.addHelp();
      E.addTableKeys(this, E.$("tables"));
    }

    // Ask something new: a step in the history. A new question flies, unless it keeps the view.
    go(changes) {
      const asksAnew = changes.q !== undefined && changes.q !== this.history.state.q;
      clearTimeout(this.viewing);
      const view = changes.view ?? (asksAnew ? "" : viewText(this.map.camera.view));
      this.history.push({ ...changes, view });
      return this.show(this.history.state, { flies: asksAnew || changes.q !== undefined });
    }

    restore(state) {
      clearTimeout(this.viewing);
      const view = viewOf(state.view);
      if (view) this.map.camera.fly(view);
      return this.show(state, { flies: !view });
    }

    keepView(view) {
      clearTimeout(this.viewing);
      this.viewing = setTimeout(() => this.history.replace({ view: viewText(view) }), VIEW_SETTLES_MS);
    }

    async show(state, { flies }) {
      const mix = Math.min(1, Math.max(0, Number(state.mix) || 0));
      if (!this.shown || mix !== this.mix) this.setMix(mix, true);
      this.showColor(state.color);
      this.shown = true;
      E.showTab(state.tab);
      for (const [id, value] of [["query", state.q], ["axis-from", state.from], ["axis-to", state.to], ["axis-among", state.among]]) if (E.$(id).value !== value) E.$(id).value = value;
      E.showList(this);
      await this.answer(state, flies);
      if (state.tab === "axis") await E.showAxis(this);
    }

    showColor(asked) {
      const keys = E.colorings(this.set).map(({ key }) => key);
      const key = keys.includes(asked) ? asked : keys[0];
      const stamp = `${key} ${this.set.number} ${E.isDark()}`;
      if (stamp === this.colored) return;
      this.colored = stamp;
      E.fillColors(this);
      E.$("color").value = key;
      E.showLegend(this.map.color(key));
    }

    get k() {
      const asked = Number(this.history.state.k || this.data.settings.neighbors || 15);
      return Math.min(100, Math.max(1, Math.round(asked) || 15));
    }

    async answer(state, flies) {
      const asking = ++this.asking;
      if (!state.q || (!state.q.trim() && this.set.exactId(state.q) < 0)) {
        this.answers = [];
        this.map.mark({ chosen: [], near: [] });
        E.showWelcome(this);
        return;
      }
      const { k } = this;
      showCount(k);
      const answers = await Promise.all(this.data.sets.map((set) => this.answerOf(set, state.q, k)));
      if (asking !== this.asking) return; // a later question was faster
      this.answers = answers;
      E.showAnswers(this, answers);
      this.markAnswer(flies);
    }

    async answerOf(set, text, k) {
      const { terms, missing } = E.understood(set, text);
      const answer = { set, terms, missing, found: null, notes: null, failure: null };
      if (!terms.length) return answer;
      try {
        const told = await E.neighbours(this.data, set, terms, k);
        Object.assign(answer, told, { missing: missing.concat(told.missing) });
      } catch (failure) {
        answer.found = [];
        answer.failure = failure.message;
      }
      return answer;
    }

    // On the map: what was asked and what was found, by the words of the set that is shown.
    markAnswer(flies) {
      const shown = this.answers.find(({ set, found }) => set === this.set && found);
      const terms = shown ? shown.terms : [];
      const isGuest = terms.length === 1 && terms[0].id < 0; // a spelled word, which the map lacks
      const chosen = isGuest ? [-1] : terms.map(({ id }) => id).filter((id) => id >= 0);
      const near = shown ? shown.found.map(({ id }) => id) : [];
      this.map.mark({ chosen, near, guest: isGuest ? terms[0].word : "" });
      if (flies && shown) this.map.flyTo(chosen.length === 1 ? chosen : [], near);
    }

    addTerm(word, sign) {
      const sum = this.history.state.q.trim();
      return this.go({ tab: "neighbours", q: `${sum} ${sign > 0 ? "+" : "-"} ${word}` });
    }

    replaceInAxis(word, other) {
      const mended = (text) => text.split(/([\s,;]+)/).map((part) => (part === word ? other : part)).join("");
      return this.go({ from: mended(this.history.state.from), to: mended(this.history.state.to) });
    }

    setMix(mix, isPassing) {
      const before = this.set;
      this.mix = mix;
      E.$("mix").value = mix;
      this.map.show(this.points[this.set.number], mix);
      if (before !== this.set) {
        this.showColor(this.history.state.color);
        if (this.answers.length) this.markAnswer(false);
      }
      if (!isPassing) this.history.replace({ mix: String(mix), view: viewText(this.map.camera.view) });
    }

    themeChanged() {
      this.map.themeChanged();
      this.showColor(this.history.state.color);
      if (!E.$("axis-answer").hidden && E.drawStrip) E.drawStrip();
    }

    // What the first question needs, so that it is answered at once.
    readAhead() {
      for (const set of this.data.sets) {
        setTimeout(() => set.rows);
        setTimeout(() => set.exactId(""));
      }
    }

    start() {
      const view = viewOf(this.history.state.view);
      if (view) this.map.camera.set(view);
      requestAnimationFrame(() => setTimeout(() => this.readAhead(), READ_AHEAD_MS));
      return this.show(this.history.state, { flies: !view });
    }
  }

  function showCount(k) {
    const select = E.$("k");
    if (![...select.options].some(({ value }) => Number(value) === k)) select.append(E.element("option", {}, String(k)));
    select.value = String(k);
  }

  try {
    E.app = new App(E.readData());
    E.app.start();
  } catch (failure) {
    document.body.prepend(E.element("p", { class: "failure", role: "alert" }, "This page cannot be shown: " + failure.message));
    throw failure;
  }
})((window.Explorer = window.Explorer || {}));
