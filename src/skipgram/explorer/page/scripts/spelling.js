"use strict";
// Vectors of words that are not there, made of their n-grams: those that skipgram makes in Python.
(function (E) {
  // The different n-grams of <word>, by code points; the whole of it is none.
  E.ngrams = function (word, shortest, longest) {
    const marked = Array.from("<" + word + ">");
    const found = new Set();
    for (let length = shortest; length <= longest && length < marked.length; length++) {
      for (let start = 0; start + length <= marked.length; start++) found.add(marked.slice(start, start + length).join(""));
    }
    return [...found];
  };

  // A unit vector with the direction of the sum of the n-grams' rows, and so of the word's vector,
  // (1 + a) / sqrt(1 + k) times that sum; null where no n-gram is known.
  E.spelledUnit = function (set, word) {
    const { shortest, longest, lowers } = set.spelling;
    const { places, rows, steps } = set.ngramTable;
    const sum = new Float64Array(set.dim);
    for (const ngram of E.ngrams(lowers ? word.toLowerCase() : word, shortest, longest)) {
      const place = places.get(ngram);
      if (place === undefined) continue;
      for (let j = 0; j < set.dim; j++) sum[j] += steps[place] * rows[place * set.dim + j];
    }
    const length = Math.hypot(...sum);
    return length > 0 ? Float32Array.from(sum, (x) => x / length) : null;
  };

  // What stands for a word that is not there: its spelling's vector, or what the server makes of it; else null.
  E.unknownTerm = function (set, word, sign) {
    const by = set.spelling && set.spelling.by;
    if (by === "server") return { word, id: -1, sign };
    const unit = by === "page" ? E.spelledUnit(set, word) : null;
    return unit && { word, id: -1, sign, unit };
  };
})((window.Explorer = window.Explorer || {}));
