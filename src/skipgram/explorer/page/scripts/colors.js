"use strict";
// Colours of the words: palettes that the colour-blind tell apart, and what they may stand for.
(function (E) {
  // Okabe and Ito (2008), lighter or darker by theme; their yellow only on dark ground. Number 0: no group.
  const GROUPS = {
    light: [[176, 174, 168], [0, 114, 178], [213, 94, 0], [0, 140, 105], [188, 96, 150], [196, 132, 0], [60, 150, 205], [110, 90, 60], [90, 80, 170]],
    dark: [[92, 98, 108], [86, 180, 233], [240, 128, 60], [30, 190, 145], [220, 140, 185], [230, 170, 40], [120, 150, 235], [190, 165, 130], [235, 225, 100]],
  };
  // Cividis (Nuñez, Anderton and Renslow, 2018), at nine steps.
  const CIVIDIS = [[0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56]];
  const STEPS = 24;

  E.isDark = function () {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };

  const groups = () => GROUPS[E.isDark() ? "dark" : "light"];

  function cividis(part) {
    const at = Math.min(1, Math.max(0, part)) * (CIVIDIS.length - 1);
    const low = Math.min(CIVIDIS.length - 2, Math.floor(at));
    return CIVIDIS[low].map((value, i) => Math.round(value + (at - low) * (CIVIDIS[low + 1][i] - value)));
  }

  // Much is dark on light ground and bright on dark ground; the palest steps, which light ground swallows, are left out.
  const scaleColor = (part) => (E.isDark() ? cividis(0.3 + 0.7 * part) : cividis(0.85 - 0.85 * part));

  const groupColor = (number) => groups()[1 + (number % (groups().length - 1))];

  function byGroup(values, none, names) {
    const many = groups().length - 1;
    const numbers = Uint8Array.from(values, (value) => (value === none ? 0 : 1 + (value % many)));
    const legend = names.map((name, number) => ({ name, color: groupColor(number) }));
    return { numbers, palette: groups(), legend, isScale: false };
  }

  function byNumber(values, low, high, names) {
    const span = high - low || 1;
    const numbers = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1 + Math.round((STEPS - 1) * Math.min(1, Math.max(0, (value - low) / span)))));
    const palette = [groups()[0], ...Array.from({ length: STEPS }, (_, i) => scaleColor(i / (STEPS - 1)))];
    const legend = [0, 0.25, 0.5, 0.75, 1].map((part) => ({ color: scaleColor(part) }));
    return { numbers, palette, legend, ends: names, isScale: true };
  }

  const shown = (value) => (Math.abs(value) >= 1000 || value === 0 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3))));

  function byColumn(column) {
    if (column.kind === "category") return byGroup(column.values, 255, column.categories);
    const finite = Float32Array.from(column.values).filter(Number.isFinite).sort();
    if (!finite.length) return byGroup(new Uint8Array(column.values.length).fill(255), 255, []);
    const low = finite[Math.floor(0.01 * (finite.length - 1))];
    const high = finite[Math.ceil(0.99 * (finite.length - 1))];
    return byNumber(column.values, low, high, [shown(low), shown(high)]);
  }

  // By rank, as words stand in order of frequency: counts themselves would leave nearly all words one colour.
  function byFrequency(set) {
    const values = Float32Array.from({ length: set.length }, (_, i) => -Math.sqrt(i));
    const ends = set.counts ? [shown(set.counts[set.length - 1]), shown(set.counts[0]) + " times"] : ["rare", "frequent"];
    return byNumber(values, values[set.length - 1], 0, ends);
  }

  E.colorings = function (set) {
    const clusters = set.clusters ? [{ key: "cluster", name: "cluster" }] : [];
    const columns = set.columns.map((column, i) => ({ key: "column-" + i, name: column.name }));
    return [...clusters, { key: "frequency", name: "frequency" }, ...columns, { key: "none", name: "nothing" }];
  };

  E.coloring = function (set, key) {
    if (key === "cluster" && set.clusters) return byGroup(set.clusters, 255, set.clusterNames.map((names) => names.map(E.isolated).join(", ")));
    if (key === "frequency") return byFrequency(set);
    const column = set.columns[Number((/^column-(\d+)$/.exec(key) || [])[1])];
    if (column && column.values) return byColumn(column);
    return { numbers: new Uint8Array(set.length), palette: [groups()[1]], legend: [], isScale: false };
  };

  E.groupColor = groupColor;
})((window.Explorer = window.Explorer || {}));
