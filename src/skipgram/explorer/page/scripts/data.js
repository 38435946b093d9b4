"use strict";
// What the page holds: the sets of vectors, decoded from its data elements.
(function (E) {
  const TYPES = { int8: Int8Array, uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array, float32: Float32Array };

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  E.bytesOf = bytesOf;

  // A block's element is dropped once it is read: its text is a third larger than its numbers.
  function block(id, type) {
    if (id === null || id === undefined) return null;
    const element = document.getElementById(id);
    if (!element) return null;
    const bytes = bytesOf(element.textContent);
    element.remove();
    return new TYPES[type](bytes.buffer, bytes.byteOffset, bytes.byteLength / TYPES[type].BYTES_PER_ELEMENT);
  }

  function column(about) {
    const isNumber = about.kind === "number";
    return {
      name: about.name,
      kind: about.kind,
      values: block(about.block, isNumber ? "float32" : "uint8"),
      categories: about.categories || [],
    };
  }

  class WordSet {
    constructor(about, number) {
      this.number = number;
      this.name = about.name;
      this.words = about.words;
      this.length = about.words.length;
      this.dim = about.dim;
      this.hasRows = about.rows !== null;
      this.rowsId = about.rows;
      this.scales = block(about.scales, "float32");
      this.places = block(about.places, "uint16");
      this.counts = block(about.counts, "uint32");
      this.clusters = block(about.clusters, "uint8");
      this.clusterNames = about.clusterNames || [];
      this.columns = (about.columns || []).map(column);
      this.spelling = about.spelling || null;
      this.ids = null;
    }

    // By far the most of the page: read when first asked for, or when the map has been painted.
    get rows() {
      if (this.hasRows && !this.readRows) this.readRows = block(this.rowsId, "int8");
      return this.readRows || null;
    }

    // Which row of the table each n-gram has, and the rows: G is step times row. Few visits ask for it.
    get ngramTable() {
      if (!this.readTable) {
        const { ngrams, rows, steps } = this.spelling;
        const listed = JSON.parse(new TextDecoder().decode(block(ngrams, "uint8")));
        const places = new Map(listed.map((ngram, place) => [ngram, place]));
        this.readTable = { places, rows: block(rows, "int8"), steps: block(steps, "float32") };
      }
      return this.readTable;
    }

    // The id of a word as it is written, or -1.
    exactId(word) {
      if (!this.ids) {
        this.ids = new Map();
        for (let i = this.length - 1; i >= 0; i--) this.ids.set(this.words[i], i);
      }
      const id = this.ids.get(word);
      return id === undefined ? -1 : id;
    }

    // The id of a word as a reader may write it: as it is, composed, in small letters, capitalised.
    idOf(word) {
      const composed = word.normalize("NFC");
      const small = composed.toLowerCase();
      const forms = [word, composed, small, small.charAt(0).toUpperCase() + small.slice(1), composed.toUpperCase()];
      for (const form of forms) {
        const id = this.exactId(form);
        if (id >= 0) return id;
      }
      return -1;
    }
  }

  E.readData = function () {
    const about = JSON.parse(document.getElementById("about").textContent);
    if (about.format !== 1) throw new Error("This page's data has format " + about.format + "; its scripts read format 1.");
    const sets = about.sets.map((set, number) => new WordSet(set, number));
    const common = sets.length > 1 ? block(about.common, "int32") : null;
    return { title: about.title, served: Boolean(about.served), sets, common, settings: about.settings || {} };
  };

  // The number of a word of one set in the other set, or -1.
  E.counterpart = function (data, from, id, to) {
    if (from === to) return id;
    if (from === 0 && data.common) return data.common[id];
    return data.sets[to].exactId(data.sets[from].words[id]);
  };
})((window.Explorer = window.Explorer || {}));
