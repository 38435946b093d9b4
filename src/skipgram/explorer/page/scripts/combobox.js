"use strict";
// An input that completes words as they are typed (the pattern "combobox" of WAI-ARIA).
(function (E) {
  const MOST = 8;

  E.Combobox = class {
    constructor(input, setOf, onChoose) {
      Object.assign(this, { input, setOf, onChoose, options: [], active: -1 });
      this.list = E.element("ul", { role: "listbox", id: input.id + "-options", "aria-label": "Words that match", hidden: true });
      input.after(this.list);
      const attributes = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id };
      for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
      input.addEventListener("input", () => this.suggest());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
    }

    suggest() {
      const before = this.input.value.slice(0, this.input.selectionStart);
      this.start = E.lastWordStart(before);
      this.end = before.length;
      const letters = before.slice(this.start);
      const set = this.setOf();
      this.options = E.completions(set, letters, MOST).map((id) => set.words[id]);
      this.active = -1;
      this.list.replaceChildren(...this.options.map((word, i) => this.option(word, i, letters)));
      this.open(this.options.length > 0);
    }

    option(word, i, letters) {
      const at = word.toLowerCase().indexOf(letters.toLowerCase());
      const parts = at < 0 ? [E.visible(word)] : [word.slice(0, at), E.element("mark", {}, word.slice(at, at + letters.length)), word.slice(at + letters.length)];
      const choose = (event) => {
        event.preventDefault(); // the input keeps the focus
        this.choose(i);
      };
      return E.element("li", { role: "option", id: `${this.list.id}-${i}`, "aria-selected": "false", onpointerdown: choose }, E.element("bdi", {}, ...parts));
    }

    open(isOpen) {
      this.list.hidden = !isOpen;
      this.input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) this.activate(-1);
    }

    close() {
      this.open(false);
      this.options = [];
    }

    activate(i) {
      this.active = i;
      [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === i)));
      if (i >= 0) {
        this.input.setAttribute("aria-activedescendant", this.list.children[i].id);
        this.list.children[i].scrollIntoView({ block: "nearest" });
      } else this.input.removeAttribute("aria-activedescendant");
    }

    choose(i) {
      const { value } = this.input;
      const word = this.options[i];
      this.input.value = value.slice(0, this.start) + word + value.slice(this.end);
      const cursor = this.start + word.length;
      this.input.setSelectionRange(cursor, cursor);
      this.close();
      this.onChoose(this.input.value);
    }

    key(event) {
      if (event.isComposing || !this.options.length) return;
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (steps[event.key]) {
        event.preventDefault();
        this.open(true);
        const places = this.options.length + 1; // one of them: no option
        this.activate(((this.active + 1 + steps[event.key] + places) % places) - 1);
      } else if (event.key === "Enter" && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
    }
  };
})((window.Explorer = window.Explorer || {}));
