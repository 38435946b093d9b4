"use strict";
// Cosines: the words most similar to a query, exactly, over all rows of a set.
(function (E) {
  // A word's unit vector: its 8-bit row times its scale.
  E.unitRow = function (set, id) {
    const { rows, dim } = set;
    const unit = new Float32Array(dim);
    for (let j = 0; j < dim; j++) unit[j] = rows[id * dim + j] * set.scales[id];
    return unit;
  };

  // The sum of signed unit rows, made a unit vector again; null where it vanishes.
  E.unitSum = function (set, terms) {
    const sum = new Float32Array(set.dim);
    for (const { id, sign, unit } of terms) {
      const row = unit || E.unitRow(set, id);
      for (let j = 0; j < set.dim; j++) sum[j] += sign * row[j];
    }
    let square = 0;
    for (const x of sum) square += x * x;
    if (!(square > 1e-12)) return null;
    const length = Math.sqrt(square);
    for (let j = 0; j < set.dim; j++) sum[j] /= length;
    return sum;
  };

  // The cosine of every word (or of the first `count`) with a unit vector. Zero rows have scale 0: cosine 0.
  E.cosines = function (set, unit, count = set.length) {
    const { rows, scales, dim } = set;
    const cosines = new Float32Array(count);
    const whole = dim - (dim % 4);
    for (let i = 0, at = 0; i < count; i++, at += dim) {
      let a = 0, b = 0, c = 0, d = 0, j = 0;
      for (; j < whole; j += 4) {
        a += unit[j] * rows[at + j];
        b += unit[j + 1] * rows[at + j + 1];
        c += unit[j + 2] * rows[at + j + 2];
        d += unit[j + 3] * rows[at + j + 3];
      }
      for (; j < dim; j++) a += unit[j] * rows[at + j];
      const cosine = (a + b + c + d) * scales[i];
      cosines[i] = Number.isFinite(cosine) ? cosine : 0;
    }
    return cosines;
  };

  // The ids of the k largest values, largest first: a sorted list of k that few values enter.
  E.largest = function (values, k, skipped = new Set(), sign = 1) {
    const ids = [];
    const kept = [];
    let least = -Infinity;
    for (let i = 0; i < values.length; i++) {
      const value = sign * values[i];
      if (kept.length === k && value <= least) continue;
      if (skipped.has(i)) continue;
      let at = kept.length;
      while (at > 0 && kept[at - 1] < value) at--;
      kept.splice(at, 0, value);
      ids.splice(at, 0, i);
      if (kept.length > k) {
        kept.pop();
        ids.pop();
      }
      if (kept.length === k) least = kept[k - 1];
    }
    return ids;
  };

  // The k words nearest to a sum of words, those words left out: [{id, cosine}].
  E.nearest = function (set, terms, k) {
    const unit = E.unitSum(set, terms);
    if (!unit) return [];
    const cosines = E.cosines(set, unit);
    const ids = E.largest(cosines, k, new Set(terms.map((term) => term.id)));
    return ids.map((id) => ({ id, cosine: Math.max(-1, Math.min(1, cosines[id])) }));
  };

  // Whether this page has the vector of each term.
  E.hasVectors = (set, terms) => set.hasRows && terms.every(({ id, unit }) => id >= 0 || unit);

  const spelledHere = (terms) => terms.filter(({ unit }) => unit).map(({ word }) => word);

  // The nearest words by this page's rows, or its server's: {terms, missing, found, notes}.
  E.neighbours = async function (data, set, terms, k) {
    if (E.hasVectors(set, terms)) return { terms, missing: [], found: E.nearest(set, terms, k), notes: { spelled: spelledHere(terms), readAs: [] } };
    if (!data.served) throw new Error("This page holds no vectors of " + set.name + ".");
    return E.askedNearest(set, terms, k);
  };

  // How far each of the first words, or more, lies along the way from some words to others, as cosines:
  // {values, missing, notes}; values is null where there is no way.
  E.along = async function (data, set, from, to, count) {
    const terms = from.concat(to);
    if (!E.hasVectors(set, terms)) {
      if (!data.served) throw new Error("This page holds no vectors of " + set.name + ".");
      return E.askedAlong(set, from, to, count);
    }
    const weighted = (end, sign) => end.map((term) => ({ ...term, sign: sign / end.length }));
    const unit = E.unitSum(set, weighted(to, 1).concat(weighted(from, -1)));
    return { values: unit && E.cosines(set, unit), missing: [], notes: { spelled: spelledHere(terms), readAs: [] } };
  };
})((window.Explorer = window.Explorer || {}));
