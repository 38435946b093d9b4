"use strict";
// The map's mouse, touch and keyboard: drag, pinch, wheel, click, lasso, arrow keys.
(function (E) {
  const CLICK_PIXELS = 5;
  const FAR_PIXELS = 14; // from a click to its word
  const LASSO_STEP = 4;
  const KEY_STEP = 0.12; // of the map's width

  E.addGestures = function (map, element) {
    const { camera } = map;
    const pointers = new Map();
    let start = null;
    let line = null;
    let settle = 0;

    const at = (event) => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const rest = () => {
      clearTimeout(settle);
      settle = setTimeout(() => camera.set(camera.view), 160);
    };

    function pinched(before, after) {
      const [[ax, ay], [bx, by]] = before;
      const [[cx, cy], [dx, dy]] = after;
      camera.pan((cx + dx - ax - bx) / 2, (cy + dy - ay - by) / 2);
      camera.zoomAt(Math.hypot(cx - dx, cy - dy) / Math.max(1, Math.hypot(ax - bx, ay - by)), (cx + dx) / 2, (cy + dy) / 2);
    }

    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      camera.stop();
      pointers.set(event.pointerId, at(event));
      start = { at: at(event), moved: 0 };
      map.mark({ crosshair: false });
      if (pointers.size > 1) line = null;
      else if (map.isLassoing || event.shiftKey) line = [at(event)];
    });

    element.addEventListener("pointermove", (event) => {
      const now = at(event);
      if (!pointers.has(event.pointerId)) {
        if (event.pointerType === "mouse") map.hover(map.wordNear(...now, FAR_PIXELS));
        return;
      }
      const before = [...pointers.values()];
      const last = pointers.get(event.pointerId);
      pointers.set(event.pointerId, now);
      if (start) start.moved = Math.max(start.moved, Math.hypot(now[0] - start.at[0], now[1] - start.at[1]));
      if (line) {
        const [x, y] = line[line.length - 1];
        if (Math.hypot(now[0] - x, now[1] - y) >= LASSO_STEP) line.push(now);
        map.mark({ line });
      } else if (pointers.size === 2) pinched(before, [...pointers.values()]);
      else if (start && start.moved > CLICK_PIXELS) camera.pan(now[0] - last[0], now[1] - last[1]);
    });

    const release = (event) => {
      if (!pointers.delete(event.pointerId)) return;
      if (line) {
        const closed = line;
        line = null;
        map.mark({ line: null });
        if (event.type === "pointerup" && closed.length > 2) map.lasso(closed);
      } else if (event.type === "pointerup" && start && start.moved <= CLICK_PIXELS && pointers.size === 0) {
        const id = map.wordNear(...at(event), FAR_PIXELS);
        if (id >= 0) map.onPick(id);
      } else rest();
      if (pointers.size === 0) start = null;
    };
    element.addEventListener("pointerup", release);
    element.addEventListener("pointercancel", release);
    element.addEventListener("pointerleave", () => map.hover(-1));

    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        camera.stop();
        const lines = event.deltaMode === 1 ? 18 : 1;
        camera.zoomAt(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), ...at(event));
        rest();
      },
      { passive: false },
    );

    const step = () => KEY_STEP * Math.min(camera.width, camera.height);
    const keys = {
      ArrowLeft: () => camera.pan(step(), 0),
      ArrowRight: () => camera.pan(-step(), 0),
      ArrowUp: () => camera.pan(0, step()),
      ArrowDown: () => camera.pan(0, -step()),
      "+": () => camera.zoomAt(1.5),
      "=": () => camera.zoomAt(1.5),
      "-": () => camera.zoomAt(1 / 1.5),
      0: () => map.showAll(),
      v: () => map.listView(),
    };
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        line = null;
        map.mark({ line: null, crosshair: false });
        map.setLassoing(false);
      } else if (event.key === "Enter") {
        const id = map.wordAtCentre();
        if (id >= 0) map.onPick(id);
      } else if (keys[event.key]) {
        event.preventDefault();
        camera.stop();
        map.mark({ crosshair: true });
        keys[event.key]();
        rest();
        map.saySoon();
      }
    });
    element.addEventListener("focus", () => map.mark({ crosshair: element.matches(":focus-visible") && !start }));
    element.addEventListener("blur", () => map.mark({ crosshair: false }));
  };
})((window.Explorer = window.Explorer || {}));
