"use strict";
// Tabs, colours, the slider between two sets, themes, help.
(function (E) {
  const TABS = ["neighbours", "axis", "list"];
  const MOST_KEYS = 8; // with more groups than colours, a list of colours would tell nothing

  E.showTab = function (name) {
    const shown = TABS.includes(name) ? name : TABS[0];
    for (const tab of TABS) {
      E.$("panel-" + tab).hidden = tab !== shown;
      E.$("tab-" + tab).setAttribute("aria-selected", String(tab === shown));
      E.$("tab-" + tab).tabIndex = tab === shown ? 0 : -1;
    }
  };

  E.addTabs = function (app) {
    for (const tab of TABS) {
      E.$("tab-" + tab).addEventListener("click", () => app.go({ tab }));
      E.$("tab-" + tab).addEventListener("keydown", (event) => {
        const at = TABS.indexOf(tab);
        const next = { ArrowRight: at + 1, ArrowLeft: at + TABS.length - 1, Home: 0, End: TABS.length - 1 }[event.key];
        if (next === undefined) return;
        event.preventDefault();
        E.$("tab-" + TABS[next % TABS.length]).focus();
        app.go({ tab: TABS[next % TABS.length] });
      });
    }
  };

  E.fillColors = function (app) {
    const options = E.colorings(app.set).map(({ key, name }) => E.element("option", { value: key }, name));
    E.$("color").replaceChildren(...options);
  };

  function swatch(color) {
    const made = E.element("span", { class: "swatch" });
    made.style.setProperty("background-color", `rgb(${color})`);
    return made;
  }

  E.showLegend = function ({ legend, isScale, ends }) {
    const box = E.$("legend");
    if (isScale) {
      const band = E.element("span", { class: "scale" });
      band.style.setProperty("background-image", `linear-gradient(to right, ${legend.map(({ color }) => `rgb(${color})`).join(", ")})`);
      box.replaceChildren(E.element("span", {}, ends[0]), band, E.element("span", {}, ends[1]));
    } else if (legend.length > MOST_KEYS) box.replaceChildren(`${legend.length} groups, in ${MOST_KEYS} colours`);
    else box.replaceChildren(...legend.map(({ name, color }) => E.element("span", { class: "key" }, swatch(color), E.bdi(name))));
    box.className = isScale ? "legend scaled" : "legend";
  };

  E.addBetween = function (app) {
    const [first, second] = app.data.sets;
    if (!second) return;
    E.$("between").hidden = false;
    document.body.classList.add("compared");
    const slider = E.$("mix");
    for (const [id, set, end] of [["first-set", first, 0], ["second-set", second, 1]]) {
      E.$(id).replaceChildren(E.bdi(set.name));
      E.$(id).setAttribute("aria-label", "Places of " + set.name);
      E.$(id).addEventListener("click", () => slide(app, end));
    }
    slider.setAttribute("aria-label", `From the places of ${first.name} to those of ${second.name}`);
    slider.addEventListener("input", () => app.setMix(Number(slider.value), true));
    slider.addEventListener("change", () => app.setMix(Number(slider.value), false));
  };

  // Slide to one end, so that the eye can follow each word; at once where motion is unwelcome.
  function slide(app, end) {
    cancelAnimationFrame(app.sliding);
    const start = app.mix;
    if (E.prefersStill() || start === end) return app.setMix(end, false);
    const began = performance.now();
    const step = (now) => {
      const time = Math.min(1, Math.max(0, (now - began) / 900));
      app.setMix(time === 1 ? end : start + (end - start) * time * time * (3 - 2 * time), time < 1);
      if (time < 1) app.sliding = requestAnimationFrame(step);
    };
    app.sliding = requestAnimationFrame(step);
  }

  E.addTheme = function (app) {
    const change = (theme) => {
      document.documentElement.dataset.theme = theme;
      app.themeChanged();
    };
    E.$("theme").addEventListener("click", () => change(E.isDark() ? "light" : "dark"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => app.themeChanged());
  };

  E.addHelp = function () {
    E.$("open-help").addEventListener("click", () => E.$("help").showModal());
    addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.("input, textarea, select, dialog");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        E.$("query").focus();
        E.$("query").select();
      }
    });
  };
})((window.Explorer = window.Explorer || {}));
