"use strict";
// Words found by what a reader types: completions, nearest spellings, sums such as "king - man + woman".
(function (E) {
  const MOST_LETTERS = 64; // of a word to spell; longer ones are not words
  const PLUS = "+";
  const MINUS = new Set(["-", "\u2212", "\u2013"]);

  function lowered(set) {
    if (!set.lowered) set.lowered = set.words.map((word) => word.toLowerCase());
    return set.lowered;
  }

  // Ids of words that begin with the letters, then of those that hold them, the frequent first.
  E.completions = function (set, letters, most) {
    const sought = letters.normalize("NFC").toLowerCase();
    if (!sought) return [];
    const starting = [];
    const holding = [];
    const words = lowered(set);
    for (let i = 0; i < words.length && starting.length < most; i++) {
      if (words[i].startsWith(sought)) starting.push(i);
      else if (holding.length < most && words[i].includes(sought)) holding.push(i);
    }
    const exact = set.exactId(letters);
    const found = starting.concat(holding);
    if (exact >= 0) return [exact, ...found.filter((id) => id !== exact)].slice(0, most);
    return found.slice(0, most);
  };

  // Edits (a letter put in, left out, changed, or two swapped) between two words; limit + 1 where there are more.
  E.edits = function (a, b, limit) {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        let edits = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
        if (swapped) edits = Math.min(edits, before[j - 2] + 1);
        row.push(edits);
        if (edits < least) least = edits;
      }
      if (least > limit) return limit + 1;
      before = last;
      last = row;
    }
    return last[b.length];
  };

  // A bit for each letter: words whose letters differ much need no table of edits.
  function letterBits(word) {
    let bits = 0;
    for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
    return bits;
  }

  function ones(bits) {
    let count = 0;
    for (; bits; bits &= bits - 1) count++;
    return count;
  }

  // Ids of the words spelled most like one that is not there.
  E.spelledLike = function (set, word, most = 6) {
    const sought = word.normalize("NFC").toLowerCase();
    if (!sought || sought.length > MOST_LETTERS) return [];
    let limit = sought.length < 4 ? 1 : sought.length < 8 ? 2 : 3;
    let found = 0;
    const words = lowered(set);
    if (!set.letterBits) set.letterBits = Int32Array.from(words, letterBits);
    const bits = letterBits(sought);
    const byEdits = Array.from({ length: limit + 1 }, () => []);
    for (let i = 0; i < words.length; i++) {
      if (Math.abs(words[i].length - sought.length) > limit) continue;
      if (ones(bits ^ set.letterBits[i]) > 2 * limit) continue;
      const edits = E.edits(sought, words[i], limit);
      if (edits > limit) continue;
      byEdits[edits].push(i);
      found++;
      // Enough of them: from here on only a nearer one matters.
      while (limit > 0 && found >= most) found -= byEdits[limit--].length;
    }
    return byEdits.flat().slice(0, most);
  };

  // The terms of a sum. Signs stand alone, between spaces: a word may hold them itself.
  function parts(text) {
    const terms = [];
    let sign = 1;
    let signed = false;
    for (const token of text.split(/\s+/).filter(Boolean)) {
      if (token === PLUS || MINUS.has(token)) {
        sign = token === PLUS ? 1 : -1;
        signed = true;
      } else {
        terms.push({ word: token, sign });
        sign = 1;
        signed = false;
      }
    }
    return signed && terms.length === 0 ? [{ word: text, sign: 1 }] : terms;
  }

  // What a text means in a set: its terms with ids, and the words that are not there.
  E.understood = function (set, text) {
    const whole = text.trim();
    for (const form of [text, whole, whole.replace(/\s+/g, "_")]) {
      const id = form ? set.idOf(form) : -1;
      if (id >= 0) return { terms: [{ word: set.words[id], id, sign: 1 }], missing: [] };
    }
    const terms = [];
    const missing = [];
    for (const { word, sign } of parts(whole)) {
      const id = set.idOf(word);
      const term = id >= 0 ? { word: set.words[id], id, sign } : E.unknownTerm(set, word, sign);
      if (term) terms.push(term);
      else missing.push(word);
    }
    return { terms, missing };
  };

  // The terms of a list of different words, apart by spaces or commas.
  E.listed = function (set, text) {
    const exact = set.exactId(text.trim());
    if (exact >= 0) return { terms: [{ word: set.words[exact], id: exact, sign: 1 }], missing: [] };
    const terms = new Map();
    const missing = [];
    for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
      const id = set.idOf(word);
      const term = id >= 0 ? { word: set.words[id], id, sign: 1 } : E.unknownTerm(set, word, 1);
      if (term) terms.set(term.word, term);
      else missing.push(word);
    }
    return { terms: [...terms.values()], missing };
  };

  // Where the word under the cursor begins: completions replace it alone.
  E.lastWordStart = function (text) {
    const match = /(?:^|\s)(\S*)$/.exec(text);
    return match ? text.length - match[1].length : 0;
  };
})((window.Explorer = window.Explorer || {}));
