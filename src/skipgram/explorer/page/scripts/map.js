"use strict";
// The map: points, labels, camera and gestures put together.
(function (E) {
  const CENTRE_PIXELS = 120; // from the crosshair to its word
  const MEAN_OF = 5; // nearest words, as in explorer/places.py
  const MOST_FRAME_PIXELS = 2; // device pixels a pixel: more is not seen

  // Where each cluster's name is written: at the median place of its frequent words.
  function clusterPlaces(set, points, mix) {
    if (!set.clusters) return null;
    const members = new Map();
    for (let i = 0; i < set.length; i++) {
      const number = set.clusters[i];
      if (number === 255) continue;
      if (!members.has(number)) members.set(number, []);
      if (members.get(number).length < 1000) members.get(number).push(i);
    }
    const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    return [...members]
      .sort((a, b) => b[1].length - a[1].length || a[1][0] - b[1][0])
      .map(([number, ids]) => {
        const places = ids.map((id) => E.placeOf(points, id, mix));
        const name = (set.clusterNames[number] || []).slice(0, 2).map(E.isolated).join(" · ");
        return { x: median(places.map(([x]) => x)), y: median(places.map(([, y]) => y)), name, color: E.groupColor(number) };
      })
      .filter(({ name }) => name);
  }

  E.WordMap = class {
    constructor(element, { onPick, onView, onList, onLassoing, say }) {
      Object.assign(this, { element, onPick, onView, onList, onLassoing, say });
      this.camera = new E.Camera((moving) => this.moved(moving));
      this.painter = E.painterFor(element, () => this.withoutWebGL());
      this.labels = new E.Labels(element.querySelector("canvas.labels"));
      this.marks = { chosen: [], near: [], guest: "", hovered: -1, crosshair: false, line: null, region: null };
      this.mix = 0;
      this.isLassoing = false;
      this.frame = 0;
      E.addGestures(this, element);
      new ResizeObserver(() => this.resize()).observe(element);
      this.resize();
    }

    // The face that labels.js reads.
    get length() {
      return this.points.length;
    }
    word(id) {
      return id < 0 ? this.marks.guest : this.points.set.words[id];
    }
    // A guest, which the map lacks, lies where a rare word would: at the mean of its nearest words.
    place(id) {
      if (id >= 0) return E.placeOf(this.points, id, this.mix);
      const places = this.marks.near.slice(0, MEAN_OF).map((near) => this.place(near));
      return [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / Math.max(1, places.length));
    }

    // What the tools over the map hide of it: [left, top, right, bottom] each.
    covered() {
      const map = this.element.getBoundingClientRect();
      const over = [...document.querySelectorAll(".tools, .legend-box, .between")].map((element) => element.getBoundingClientRect());
      return over.filter(({ width }) => width).map(({ left, top, right, bottom }) => [left - map.left, top - map.top, right - map.left, bottom - map.top]);
    }

    show(points, mix) {
      const isNew = points !== this.points;
      this.points = points;
      this.mix = points.to === points.from ? 0 : mix;
      if (isNew) {
        this.painter.setPoints(points);
        if (this.coloring) this.color(this.coloringKey);
      }
      this.settlePlaces();
      this.draw();
    }

    settlePlaces() {
      clearTimeout(this.settling);
      this.grid = null;
      this.clusters = clusterPlaces(this.points.set, this.points, this.mix);
    }

    get cells() {
      this.grid = this.grid || new E.Grid(this.points, this.mix);
      return this.grid;
    }

    color(key) {
      this.coloringKey = key;
      this.coloring = E.coloring(this.points.set, key);
      this.isColoredByCluster = key === "cluster";
      this.painter.setColors(this.coloring.numbers, this.coloring.palette);
      this.draw();
      return this.coloring;
    }

    themeChanged() {
      this.labels.colors = null;
      this.color(this.coloringKey);
      this.settlePlaces();
    }

    withoutWebGL() {
      this.painter = E.canvasPainterFor(this.element);
      this.painter.setPoints(this.points);
      this.painter.setColors(this.coloring.numbers, this.coloring.palette);
      this.resize();
    }

    resize() {
      const { clientWidth, clientHeight } = this.element;
      this.ratio = Math.min(MOST_FRAME_PIXELS, devicePixelRatio || 1);
      this.camera.resize(clientWidth, clientHeight);
      for (const canvas of this.element.querySelectorAll("canvas")) {
        canvas.width = Math.round(clientWidth * this.ratio);
        canvas.height = Math.round(clientHeight * this.ratio);
      }
      this.draw();
    }

    moved(moving) {
      this.draw();
      if (!moving) this.onView(this.camera.view);
    }

    draw() {
      if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
    }

    paint() {
      this.frame = 0;
      if (!this.points || !this.coloring) return;
      const { camera } = this;
      const room = Math.sqrt((camera.width * camera.height) / this.points.length);
      const size = Math.min(10, Math.max(1.6, Math.min(4.2, 0.5 * room)) * camera.zoom ** 0.3);
      const alpha = this.marks.chosen.length ? 0.42 : 0.78;
      this.painter.paint(camera, { mix: this.mix, size, alpha, ratio: this.ratio });
      this.labels.paint(camera, this, this.marks, this.ratio);
      this.paints = (this.paints || 0) + 1;
    }

    mark(changes) {
      Object.assign(this.marks, changes);
      this.draw();
    }

    hover(id) {
      if (id === this.marks.hovered) return;
      this.element.classList.toggle("over-word", id >= 0);
      this.mark({ hovered: id });
    }

    wordNear(sx, sy, pixels) {
      const [x, y] = this.camera.toPlace(sx, sy);
      return this.cells.nearest(x, y, pixels / this.camera.scale);
    }

    wordAtCentre() {
      return this.wordNear(this.camera.width / 2, this.camera.height / 2, CENTRE_PIXELS);
    }

    saySoon() {
      clearTimeout(this.saying);
      this.saying = setTimeout(() => {
        const id = this.wordAtCentre();
        this.say(id < 0 ? "No word near the centre of the map." : "At the centre: " + this.word(id) + ". Enter opens it.");
      }, 500);
    }

    setLassoing(isOn) {
      this.isLassoing = isOn;
      this.element.classList.toggle("lassoing", isOn);
      this.onLassoing(isOn);
    }

    lasso(line) {
      this.setLassoing(false);
      this.onList(line.map(([sx, sy]) => this.camera.toPlace(sx, sy)));
    }

    listView() {
      const [x0, y0] = this.camera.toPlace(0, this.camera.height);
      const [x1, y1] = this.camera.toPlace(this.camera.width, 0);
      this.onList([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]);
    }

    showAll() {
      this.camera.fly({ x: 0.5, y: 0.5, zoom: 1 });
    }

    // Fly to words so that most of those around them are in view.
    flyTo(chosen, near) {
      const centre = chosen.length === 1 ? chosen : chosen.concat(near);
      if (!centre.length) return;
      const places = centre.map((id) => this.place(id));
      const x = places.reduce((sum, place) => sum + place[0], 0) / places.length;
      const y = places.reduce((sum, place) => sum + place[1], 0) / places.length;
      const far = chosen.concat(near).map((id) => this.place(id)).map((place) => Math.hypot(place[0] - x, place[1] - y)).sort((a, b) => a - b);
      const radius = far[Math.floor(0.75 * (far.length - 1))] || 0.02;
      this.camera.fly({ x, y, zoom: Math.min(60, Math.max(1, 0.38 / Math.max(radius, 0.004))) });
    }
  };
})((window.Explorer = window.Explorer || {}));
