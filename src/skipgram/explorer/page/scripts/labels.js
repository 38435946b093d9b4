"use strict";
// What is written over the points: the chosen words and their neighbours, names of clusters, frequent words.
(function (E) {
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
  const AREA_A_LABEL = 15000; // square pixels
  const MOST_LOOKED_AT = 100000; // words, the frequent first
  const MOST_TRIED = 2000; // of those in view: each is measured
  const CLUSTERS_NAMED_BELOW = 3.5; // zoom
  const MOST_LETTERS = 28;

  const short = (word, most = MOST_LETTERS) => (word.length > most ? word.slice(0, most - 1) + "…" : word);

  // Boxes already taken: few enough to look through.
  class Room {
    constructor(taken) {
      this.boxes = taken;
    }

    takes(x, y, width, height) {
      for (const [left, top, right, bottom] of this.boxes) if (x < right && x + width > left && y < bottom && y + height > top) return false;
      this.boxes.push([x, y, x + width, y + height]);
      return true;
    }
  }

  E.themeColors = function () {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => style.getPropertyValue(name).trim();
    return { ink: value("--ink"), soft: value("--soft"), ground: value("--ground"), accent: value("--accent"), near: value("--near"), rule: value("--rule") };
  };

  E.Labels = class {
    constructor(canvas) {
      this.canvas = canvas;
      this.context = canvas.getContext("2d");
      this.widths = new Map();
    }

    width(text, font) {
      const key = font + text;
      let width = this.widths.get(key);
      if (width === undefined) {
        if (this.widths.size > 20000) this.widths.clear();
        this.context.font = font;
        width = this.context.measureText(text).width;
        this.widths.set(key, width);
      }
      return width;
    }

    write(text, x, y, font, color, ground, halo = 3) {
      const { context } = this;
      context.font = font;
      context.lineJoin = "round";
      context.lineWidth = halo;
      context.strokeStyle = ground;
      context.strokeText(text, x, y);
      context.fillStyle = color;
      context.fillText(text, x, y);
    }

    dot(x, y, radius, color, ground) {
      const { context } = this;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = ground;
      context.stroke();
    }

    // marks: {chosen: [id], or [-1] for the word `guest`, near: [id], hovered: id or -1, crosshair: bool, line: [[sx, sy]] or null,
    // region: [[x, y]] of places, or null}
    paint(camera, map, marks, ratio) {
      const { context } = this;
      this.colors = this.colors || E.themeColors();
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, camera.width, camera.height);
      context.textBaseline = "middle";
      const room = new Room(map.covered());
      this.paintWays(camera, map, marks);
      this.paintMarks(camera, map, marks, room);
      if (map.clusters && camera.zoom < CLUSTERS_NAMED_BELOW && !marks.chosen.length) this.paintClusters(camera, map, room);
      this.paintFrequent(camera, map, marks, room);
      if (marks.hovered >= 0) this.paintWord(camera, map, marks.hovered, room, { strong: true, always: true });
      if (marks.crosshair) this.paintCrosshair(camera);
      if (marks.region) this.paintLine(marks.region.map(([x, y]) => camera.toScreen(x, y)));
      if (marks.line) this.paintLine(marks.line);
    }

    place(camera, map, id) {
      const [x, y] = map.place(id);
      return camera.toScreen(x, y);
    }

    paintWays(camera, map, { chosen, near }) {
      if (chosen.length !== 1) return;
      const { context } = this;
      const [x, y] = this.place(camera, map, chosen[0]);
      context.globalAlpha = 0.45;
      context.lineWidth = 1;
      context.strokeStyle = this.colors.near;
      context.beginPath();
      for (const id of near) {
        context.moveTo(x, y);
        context.lineTo(...this.place(camera, map, id));
      }
      context.stroke();
      context.globalAlpha = 1;
    }

    paintMarks(camera, map, { chosen, near }, room) {
      const { near: nearColor, accent, ground } = this.colors;
      for (const id of near) this.dot(...this.place(camera, map, id), 4.5, nearColor, ground);
      for (const id of chosen) this.dot(...this.place(camera, map, id), 6.5, ...(id < 0 ? [ground, accent] : [accent, ground]));
      for (const id of chosen) this.paintWord(camera, map, id, room, { strong: true, always: true, color: accent });
      for (const id of near.concat(chosen)) {
        const [x, y] = this.place(camera, map, id);
        room.takes(x - 4, y - 4, 8, 8);
      }
      for (const id of near) this.paintWord(camera, map, id, room, { around: true });
    }

    // Beside its point where there is room, or below or above it; `always` even where there is none.
    paintWord(camera, map, id, room, { strong = false, always = false, around = always, color }) {
      const [x, y] = this.place(camera, map, id);
      if (x < -40 || y < 0 || x > camera.width + 40 || y > camera.height) return false;
      const text = short(E.visible(map.word(id)));
      const size = strong ? 15 : 12.5;
      const font = `${strong ? 650 : 450} ${size}px ${FONT}`;
      const width = this.width(text, font);
      const beside = [[9, 0], [-width - 9, 0]];
      const all = [...beside, [-width / 2, 14], [-width / 2, -14], [9, 12], [9, -12], [-width - 9, 12], [-width - 9, -12]];
      const fits = ([dx, dy]) => {
        const isCut = x + dx < 3 || x + dx + width > camera.width - 3;
        return !isCut && room.takes(x + dx - 2, y + dy - size * 0.6, width + 4, size * 1.2);
      };
      const found = (around ? all : beside).find(fits) || (always && (x + 9 + width < camera.width ? beside[0] : beside[1]));
      if (!found) return false;
      this.write(text, x + found[0], y + found[1], font, color || this.colors.ink, this.colors.ground, strong ? 4 : 3);
      return true;
    }

    paintClusters(camera, map, room) {
      const font = `600 13px ${FONT}`;
      this.context.textAlign = "center";
      for (const { x, y, name, color } of map.clusters) {
        const [sx, sy] = camera.toScreen(x, y);
        const text = short(name, 2 * MOST_LETTERS);
        const width = this.width(text, font);
        if (sx < width / 2 || sx > camera.width - width / 2 || sy < 8 || sy > camera.height - 8) continue;
        if (!room.takes(sx - width / 2 - 6, sy - 12, width + 12, 24)) continue;
        const ink = map.isColoredByCluster ? `color-mix(in srgb, rgb(${color}) 50%, ${this.colors.ink})` : this.colors.ink;
        this.write(text, sx, sy, font, ink, this.colors.ground, 5);
      }
      this.context.textAlign = "start";
    }

    paintFrequent(camera, map, { chosen, near }, room) {
      const already = new Set([...chosen, ...near]);
      const share = chosen.length ? 0.3 : map.clusters && camera.zoom < CLUSTERS_NAMED_BELOW ? 0.35 : 1;
      let left = Math.round((share * camera.width * camera.height) / AREA_A_LABEL);
      this.context.globalAlpha = chosen.length ? 0.8 : 1;
      const end = Math.min(map.length, MOST_LOOKED_AT);
      let tries = MOST_TRIED;
      for (let id = 0; id < end && left > 0 && tries > 0; id++) {
        const [x, y] = this.place(camera, map, id);
        if (x < 0 || y < 0 || x > camera.width || y > camera.height || already.has(id)) continue;
        tries--;
        if (this.paintWord(camera, map, id, room, { color: this.colors.soft })) left--;
      }
      this.context.globalAlpha = 1;
    }

    paintCrosshair({ width, height }) {
      const { context } = this;
      const [x, y] = [width / 2, height / 2];
      for (const [size, color] of [[4, this.colors.ground], [1.5, this.colors.accent]]) {
        context.lineWidth = size;
        context.strokeStyle = color;
        context.beginPath();
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          context.moveTo(x + 5 * dx, y + 5 * dy);
          context.lineTo(x + 14 * dx, y + 14 * dy);
        }
        context.stroke();
      }
    }

    paintLine(line) {
      const { context } = this;
      if (line.length < 2) return;
      context.beginPath();
      line.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.globalAlpha = 0.08;
      context.fillStyle = this.colors.accent;
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth = 2;
      context.strokeStyle = this.colors.accent;
      context.stroke();
    }
  };
})((window.Explorer = window.Explorer || {}));
