"use strict";
// Elements made of plain text: whatever a vocabulary holds is shown, never read as markup.
(function (E) {
  const MOST_NOTES = 5; // on words of a question

  E.$ = (id) => document.getElementById(id);

  E.element = function (tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  // A word apart from the direction of what stands around it.
  E.bdi = (word) => E.element("bdi", {}, visible(word));

  // Marks that are not seen (directions, joiners alone, line separators) get a sign, so that a word is never empty.
  function visible(word) {
    const shown = word.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "¶");
    return /[^\s\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u.test(shown) ? shown : Array.from(word, (c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ");
  }
  E.visible = visible;

  // A word within plain text, apart from the direction of what stands around it (by FSI and PDI).
  E.isolated = (word) => "\u2068" + visible(word) + "\u2069";

  E.percent = (part) => `${Math.round(1000 * Math.max(0, Math.min(1, part))) / 10}%`;

  // One region that screen readers listen to; the last thing said within a moment is said.
  E.say = function (text) {
    clearTimeout(E.say.timer);
    E.say.timer = setTimeout(() => {
      E.$("live").textContent = text;
    }, 120);
  };

  // A link to a word, which leads there by a script and, in a new tab, by its address.
  E.wordLink = function (app, word, asked = word) {
    const state = { ...app.history.state, tab: "neighbours", view: "", q: asked };
    return E.element(
      "a",
      {
        class: "word",
        title: E.visible(word),
        href: E.hashOf(state),
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          app.go({ tab: "neighbours", q: asked });
        },
      },
      E.bdi(word),
    );
  };

  // The nearest spellings of a word that is not there, as links: linkOf(word) makes each.
  function alike(set, word, linkOf) {
    const link = linkOf(word);
    const like = E.spelledLike(set, word).map((id) => set.words[id]);
    return like.length ? [" Spelled alike: ", ...like.flatMap((other, i) => [i ? ", " : "", link(other)]), "."] : [];
  }

  // What is to be said of the words of a question that are not there: a paragraph each.
  E.notesOn = function (set, { missing, notes }, linkOf) {
    const paragraph = (word, ...told) => E.element("p", {}, E.element("strong", {}, E.bdi(word)), ...told, ...alike(set, word, linkOf));
    const cannot = !set.spelling
      ? "."
      : set.spelling.by === "nobody"
        ? ". Only the server can spell words of this set (skipgram explore without --output)."
        : ", and shares no n-gram with a word of it.";
    const said = missing.slice(0, MOST_NOTES).map((word) => paragraph(word, " is not in the vocabulary of ", E.bdi(set.name), cannot));
    if (!notes) return said;
    for (const word of notes.spelled.slice(0, MOST_NOTES)) said.push(paragraph(word, " is not in the vocabulary of ", E.bdi(set.name), "; its vector is made from the spelling."));
    for (const [word, form] of notes.readAs.slice(0, MOST_NOTES)) said.push(E.element("p", {}, "Looked up in the form of the training: ", E.bdi(word), " as ", E.bdi(form), "."));
    return said;
  };
})((window.Explorer = window.Explorer || {}));
