"use strict";
// The same answers from the server: for sets whose rows are too many for a page, and for words it lacks.
(function (E) {
  const notesOf = (told) => ({ spelled: told.spelled, readAs: told.read_as });

  // What the server answers; words without a vector are left out, and it is asked again while `some` says so.
  async function answer(name, set, ends, parameters, some) {
    const missing = [];
    while (true) {
      const query = new URLSearchParams({ set: set.number, ...parameters });
      for (const [key, terms] of Object.entries(ends)) for (const { word } of terms) query.append(key, word);
      const told = await (await fetch(`api/${name}?${query}`)).json();
      if (!told.error) return { told, missing };
      if (!told.unknown || !told.unknown.length) throw new Error(told.error);
      missing.push(...told.unknown);
      for (const key of Object.keys(ends)) ends[key] = ends[key].filter(({ word }) => !missing.includes(word));
      if (!some(ends)) return { told: null, missing };
    }
  }

  E.askedNearest = async function (set, terms, k) {
    const ends = { plus: terms.filter(({ sign }) => sign > 0), minus: terms.filter(({ sign }) => sign < 0) };
    const { told, missing } = await answer("neighbors", set, ends, { k }, ({ plus, minus }) => plus.length + minus.length > 0);
    const kept = terms.filter(({ word }) => !missing.includes(word));
    if (!told) return { terms: kept, missing, found: null, notes: null };
    const found = told.neighbors.map(([word, cosine]) => ({ id: set.exactId(word), cosine })).filter(({ id }) => id >= 0);
    return { terms: kept, missing, found, notes: notesOf(told) };
  };

  E.askedAlong = async function (set, from, to, count) {
    const ends = { from, to };
    const { told, missing } = await answer("axis", set, ends, { among: count }, (left) => left.from.length > 0 && left.to.length > 0);
    if (!told) return { values: null, missing, notes: null };
    const bytes = E.bytesOf(told.along);
    return { values: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4), missing, notes: notesOf(told) };
  };
})((window.Explorer = window.Explorer || {}));
