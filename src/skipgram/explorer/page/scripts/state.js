"use strict";
// What the page shows, as its hash: back, forward and a copied address restore all of it.
(function (E) {
  const DEFAULTS = { q: "", tab: "neighbours", k: "", color: "", mix: "0", view: "", from: "", to: "", among: "2000", list: "" };

  E.readHash = function () {
    const given = new URLSearchParams(location.hash.slice(1));
    const state = { ...DEFAULTS };
    for (const key of Object.keys(DEFAULTS)) if (given.has(key)) state[key] = given.get(key).slice(0, 20000);
    return state;
  };

  E.hashOf = function (state) {
    const kept = new URLSearchParams();
    for (const [key, value] of Object.entries(DEFAULTS)) if (state[key] !== value && state[key] !== "") kept.set(key, state[key]);
    return "#" + kept.toString();
  };

  // One history: a step for each question, none for each move of the map.
  E.History = class {
    constructor(onRestore) {
      this.state = E.readHash();
      this.written = location.hash;
      addEventListener("hashchange", () => {
        if (location.hash === this.written) return;
        this.written = location.hash;
        this.state = E.readHash();
        onRestore(this.state);
      });
    }

    push(changes) {
      const next = { ...this.state, ...changes };
      const hash = E.hashOf(next);
      this.state = next;
      if (hash === E.hashOf(E.readHash())) return;
      this.written = hash;
      location.hash = hash;
      this.written = location.hash;
    }

    replace(changes) {
      this.state = { ...this.state, ...changes };
      this.written = E.hashOf(this.state);
      try {
        // The whole address: in a notebook's frame, a hash alone would be one of the notebook's.
        history.replaceState(null, "", location.href.split("#")[0] + this.written);
      } catch {
        // Then the address lags behind until the next question; nothing else depends on it.
      }
      this.written = location.hash;
    }
  };
})((window.Explorer = window.Explorer || {}));
