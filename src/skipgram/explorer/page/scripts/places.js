"use strict";
// The points of the map and what stands near a place: a grid of cells, each with its words.
(function (E) {
  const CELLS = 256; // on a side
  const UNIT = 65535;

  // The words of one set, with where they go when the map slides to the other set.
  E.pointsOf = function (data, number) {
    const set = data.sets[number];
    const other = data.sets[1 - number];
    if (number === 1 || !other) return { set, length: set.length, from: set.places, to: set.places, lost: null };
    const to = new Uint16Array(set.places);
    const lost = new Uint8Array(set.length);
    for (let i = 0; i < set.length; i++) {
      const there = E.counterpart(data, 0, i, 1);
      if (there < 0) lost[i] = 1;
      else {
        to[2 * i] = other.places[2 * there];
        to[2 * i + 1] = other.places[2 * there + 1];
      }
    }
    return { set, length: set.length, from: set.places, to, lost };
  };

  E.placeOf = function ({ from, to }, id, mix) {
    const x = from[2 * id] + mix * (to[2 * id] - from[2 * id]);
    const y = from[2 * id + 1] + mix * (to[2 * id + 1] - from[2 * id + 1]);
    return [x / UNIT, y / UNIT];
  };

  E.Grid = class {
    constructor(points, mix) {
      this.points = points;
      this.mix = mix;
      const { length } = points;
      const cells = new Uint16Array(length);
      this.starts = new Uint32Array(CELLS * CELLS + 1);
      for (let i = 0; i < length; i++) {
        const [x, y] = E.placeOf(points, i, mix);
        cells[i] = this.cell(y) * CELLS + this.cell(x);
        this.starts[cells[i] + 1]++;
      }
      for (let c = 0; c < CELLS * CELLS; c++) this.starts[c + 1] += this.starts[c];
      const next = this.starts.slice();
      this.ids = new Uint32Array(length);
      for (let i = 0; i < length; i++) this.ids[next[cells[i]]++] = i; // frequent words first in each cell
    }

    cell(part) {
      return Math.min(CELLS - 1, Math.max(0, Math.floor(part * CELLS)));
    }

    // Calls visit(id, x, y) for the words within a rectangle of places.
    within(x0, y0, x1, y1, visit) {
      for (let row = this.cell(y0); row <= this.cell(y1); row++) {
        const begin = this.starts[row * CELLS + this.cell(x0)];
        const end = this.starts[row * CELLS + this.cell(x1) + 1];
        for (let at = begin; at < end; at++) {
          const [x, y] = E.placeOf(this.points, this.ids[at], this.mix);
          if (x >= x0 && x <= x1 && y >= y0 && y <= y1) visit(this.ids[at], x, y);
        }
      }
    }

    // The word nearest to a place within a radius, or -1.
    nearest(x, y, radius) {
      let best = -1;
      let least = radius * radius;
      this.within(x - radius, y - radius, x + radius, y + radius, (id, px, py) => {
        const square = (px - x) ** 2 + (py - y) ** 2;
        if (square < least || (square === least && best < 0)) {
          least = square;
          best = id;
        }
      });
      return best;
    }

    // Ids inside a closed line of places, the frequent first.
    inside(line) {
      const xs = line.map(([x]) => x);
      const ys = line.map(([, y]) => y);
      const ids = [];
      this.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (id, x, y) => {
        if (isInside(line, x, y)) ids.push(id);
      });
      return ids.sort((a, b) => a - b);
    }
  };

  // By the even-odd rule: a ray to the right crosses the line an odd number of times.
  function isInside(line, x, y) {
    let isIn = false;
    for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
      const [ax, ay] = line[i];
      const [bx, by] = line[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
    }
    return isIn;
  }
})((window.Explorer = window.Explorer || {}));
