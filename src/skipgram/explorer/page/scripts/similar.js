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
    for (const { id, sign } of terms) {
      const row = E.unitRow(set, id);
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

  // The same from the server, for a set whose rows are too many for a page.
  async function askedNearest(set, terms, k) {
    const query = new URLSearchParams({ set: set.number, k });
    if (terms.length === 1 && terms[0].sign > 0) query.append("word", set.words[terms[0].id]);
    else for (const { id, sign } of terms) query.append(sign > 0 ? "plus" : "minus", set.words[id]);
    const answer = await (await fetch("api/neighbors?" + query)).json();
    if (answer.error) throw new Error(answer.error);
    return answer.neighbors.map(([word, cosine]) => ({ id: set.exactId(word), cosine })).filter(({ id }) => id >= 0);
  }

  E.neighbours = async function (data, set, terms, k) {
    if (set.hasRows) return E.nearest(set, terms, k);
    if (!data.served) throw new Error("This page holds no vectors of " + set.name + ".");
    return askedNearest(set, terms, k);
  };

  // How far each word lies along the way from one list of words to another.
  E.along = function (set, fromIds, toIds, count) {
    const terms = toIds.map((id) => ({ id, sign: 1 / toIds.length })).concat(fromIds.map((id) => ({ id, sign: -1 / fromIds.length })));
    const unit = E.unitSum(set, terms);
    return unit && E.cosines(set, unit, count);
  };
})((window.Explorer = window.Explorer || {}));
