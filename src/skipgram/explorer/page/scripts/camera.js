"use strict";
// Where the map looks: the place at its centre and its scale in pixels a unit; flights from view to view.
(function (E) {
  const MOST_ZOOM = 4000;
  const LEAST_ZOOM = 0.5;
  const FLIGHT_MS = 650;

  E.prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  E.Camera = class {
    constructor(onMove) {
      this.onMove = onMove;
      this.x = 0.5;
      this.y = 0.5;
      this.zoom = 1;
      this.width = 1;
      this.height = 1;
      this.flight = 0;
    }

    // Pixels a unit: at zoom 1 the whole square of places fits.
    get scale() {
      return 0.92 * Math.min(this.width, this.height) * this.zoom;
    }

    get view() {
      return { x: this.x, y: this.y, zoom: this.zoom };
    }

    resize(width, height) {
      this.width = Math.max(1, width);
      this.height = Math.max(1, height);
    }

    toScreen(x, y) {
      return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
    }

    toPlace(sx, sy) {
      return [this.x + (sx - this.width / 2) / this.scale, this.y - (sy - this.height / 2) / this.scale];
    }

    set({ x, y, zoom }, moving = false) {
      const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
      this.x = clamp(x, -0.25, 1.25);
      this.y = clamp(y, -0.25, 1.25);
      this.zoom = clamp(zoom, LEAST_ZOOM, MOST_ZOOM);
      this.onMove(moving);
    }

    pan(dx, dy, moving = true) {
      this.set({ x: this.x - dx / this.scale, y: this.y + dy / this.scale, zoom: this.zoom }, moving);
    }

    // Zoom about a point of the screen, which keeps its place.
    zoomAt(factor, sx = this.width / 2, sy = this.height / 2, moving = true) {
      const [x, y] = this.toPlace(sx, sy);
      const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.zoom * factor));
      const kept = this.zoom / zoom;
      this.set({ x: x + (this.x - x) * kept, y: y + (this.y - y) * kept, zoom }, moving);
    }

    stop() {
      cancelAnimationFrame(this.flight);
      this.flight = 0;
    }

    // Fly to a view: out to where both places are seen, then in; at once where motion is unwelcome.
    fly(target, after = () => {}) {
      this.stop();
      if (E.prefersStill()) {
        this.set(target);
        after();
        return;
      }
      const start = this.view;
      const apart = Math.hypot(target.x - start.x, target.y - start.y);
      const seen = 0.7 / Math.max(apart, 1e-6); // the zoom at which the whole way is in view
      const dip = Math.max(0, Math.log(Math.min(start.zoom, target.zoom) / seen));
      const began = performance.now();
      const step = (now) => {
        const time = Math.min(1, Math.max(0, (now - began) / FLIGHT_MS));
        const eased = time < 0.5 ? 4 * time ** 3 : 1 - (2 - 2 * time) ** 3 / 2;
        const height = Math.log(start.zoom) + eased * Math.log(target.zoom / start.zoom) - dip * Math.sin(Math.PI * eased);
        const view = { x: start.x + eased * (target.x - start.x), y: start.y + eased * (target.y - start.y), zoom: Math.exp(height) };
        this.set(time < 1 ? view : target, time < 1);
        if (time < 1) this.flight = requestAnimationFrame(step);
        else {
          this.flight = 0;
          after();
        }
      };
      this.flight = requestAnimationFrame(step);
    }
  };
})((window.Explorer = window.Explorer || {}));
