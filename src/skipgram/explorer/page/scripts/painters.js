"use strict";
// Points on a canvas: by WebGL, or in 2-D where there is none. Both paint the frequent words last, on top.
// No library: those there are write shader calls with `new Function`, which the page's own policy forbids.
(function (E) {
  const MOST_COLORS = 48;

  const VERTEX = `
    attribute vec2 a_from, a_to;
    attribute vec4 a_look;
    uniform vec2 u_center, u_scale;
    uniform float u_mix, u_size, u_alpha;
    uniform vec4 u_palette[${MOST_COLORS}];
    varying vec4 v_color;
    void main() {
      vec2 place = mix(a_from, a_to, u_mix);
      gl_Position = vec4((place - u_center) * u_scale, 0.0, 1.0);
      gl_PointSize = u_size;
      vec4 color = u_palette[int(a_look.x)];
      v_color = vec4(color.rgb, color.a * u_alpha * (1.0 - a_look.y * u_mix));
    }`;
  const FRAGMENT = `
    precision mediump float;
    uniform float u_pixel;
    varying vec4 v_color;
    void main() {
      float edge = length(gl_PointCoord - 0.5);
      float alpha = v_color.a * (1.0 - smoothstep(0.5 - u_pixel, 0.5, edge));
      gl_FragColor = vec4(v_color.rgb * alpha, alpha);
    }`;

  function program(gl) {
    const linked = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(linked, shader);
    }
    gl.linkProgram(linked);
    if (!gl.getProgramParameter(linked, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(linked));
    return linked;
  }

  class WebGLPainter {
    constructor(canvas) {
      this.canvas = canvas;
      const gl = canvas.getContext("webgl", { alpha: true, antialias: false, premultipliedAlpha: true });
      if (!gl) throw new Error("no WebGL");
      this.gl = gl;
      this.program = program(gl);
      gl.useProgram(this.program);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      this.buffers = {};
      this.at = (name) => gl.getUniformLocation(this.program, name);
      this.length = 0;
    }

    upload(name, values, size, type, isUnit) {
      const gl = this.gl;
      const place = gl.getAttribLocation(this.program, name);
      this.buffers[name] = this.buffers[name] || gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, type, isUnit, 0, 0);
    }

    setPoints({ length, from, to, lost }) {
      this.length = length;
      this.lost = lost;
      const reversed = (places) => {
        const copy = new Uint16Array(2 * length);
        for (let i = 0; i < length; i++) {
          copy[2 * i] = places[2 * (length - 1 - i)];
          copy[2 * i + 1] = places[2 * (length - 1 - i) + 1];
        }
        return copy;
      };
      this.upload("a_from", reversed(from), 2, this.gl.UNSIGNED_SHORT, true);
      this.upload("a_to", reversed(to), 2, this.gl.UNSIGNED_SHORT, true);
    }

    setColors(numbers, palette) {
      const looks = new Uint8Array(4 * this.length);
      for (let i = 0; i < this.length; i++) {
        looks[4 * (this.length - 1 - i)] = numbers[i];
        looks[4 * (this.length - 1 - i) + 1] = this.lost ? this.lost[i] : 0;
      }
      this.upload("a_look", looks, 4, this.gl.UNSIGNED_BYTE, false);
      const colors = new Float32Array(4 * MOST_COLORS);
      palette.forEach((color, i) => colors.set([...color.map((part) => part / 255), 1], 4 * i));
      this.gl.uniform4fv(this.at("u_palette"), colors);
    }

    paint(camera, { mix, size, alpha, ratio }) {
      const gl = this.gl;
      gl.viewport(0, 0, this.canvas.width, this.canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(this.at("u_center"), camera.x, camera.y);
      gl.uniform2f(this.at("u_scale"), (2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height);
      gl.uniform1f(this.at("u_mix"), mix);
      gl.uniform1f(this.at("u_size"), size * ratio + 1);
      gl.uniform1f(this.at("u_pixel"), Math.min(0.5, 1 / (size * ratio + 1)));
      gl.uniform1f(this.at("u_alpha"), alpha);
      gl.drawArrays(gl.POINTS, 0, this.length);
    }
  }

  // Squares written as pixels: many times faster than asking the canvas for each.
  class CanvasPainter {
    constructor(canvas) {
      this.canvas = canvas;
      this.context = canvas.getContext("2d");
    }

    setPoints(points) {
      this.points = points;
    }

    setColors(numbers, palette) {
      this.numbers = numbers;
      this.palette = palette;
    }

    freshPixels() {
      const { width, height } = this.canvas;
      if (this.image?.width !== width || this.image?.height !== height) {
        this.image = this.context.createImageData(Math.max(1, width), Math.max(1, height));
        this.pixels = new Uint32Array(this.image.data.buffer);
      } else this.pixels.fill(0);
      return this.pixels;
    }

    paint(camera, { mix, size, alpha, ratio }) {
      const pixels = this.freshPixels();
      const { width, height } = this.image;
      const { from, to, lost, length } = this.points;
      const colors = Uint32Array.from(this.palette, ([r, g, b]) => (Math.round(255 * alpha) << 24) | (b << 16) | (g << 8) | r);
      const side = Math.max(1, Math.round(0.9 * size * ratio));
      const isRound = side > 3; // its corners left out
      const unit = (camera.scale * ratio) / 65535;
      const left = (camera.width / 2 - camera.x * camera.scale) * ratio - side / 2;
      const top = (camera.height / 2 + camera.y * camera.scale) * ratio - side / 2;
      for (let i = length - 1; i >= 0; i--) {
        if (mix > 0.5 && lost && lost[i]) continue;
        const x = Math.round(left + (from[2 * i] + mix * (to[2 * i] - from[2 * i])) * unit);
        const y = Math.round(top - (from[2 * i + 1] + mix * (to[2 * i + 1] - from[2 * i + 1])) * unit);
        if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
        const color = colors[this.numbers[i]];
        for (let row = 0; row < side; row++) {
          const inset = isRound && (row === 0 || row === side - 1) ? 1 : 0;
          const start = (y + row) * width + x;
          pixels.fill(color, start + inset, start + side - inset);
        }
      }
      this.context.putImageData(this.image, 0, 0);
    }
  }

  // A canvas that once gave a WebGL context gives no other: each painter has its own.
  function freshCanvas(holder) {
    const canvas = document.createElement("canvas");
    canvas.className = "points";
    canvas.setAttribute("aria-hidden", "true");
    holder.querySelector("canvas.points")?.remove();
    holder.prepend(canvas);
    return canvas;
  }

  E.painterFor = function (holder, onLost) {
    const canvas = freshCanvas(holder);
    try {
      const painter = new WebGLPainter(canvas);
      canvas.addEventListener("webglcontextlost", onLost, { once: true });
      holder.dataset.painter = "webgl";
      return painter;
    } catch {
      return E.canvasPainterFor(holder);
    }
  };

  E.canvasPainterFor = function (holder) {
    holder.dataset.painter = "canvas";
    return new CanvasPainter(freshCanvas(holder));
  };
})((window.Explorer = window.Explorer || {}));
