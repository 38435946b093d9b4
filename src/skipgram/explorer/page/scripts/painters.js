"use strict";
// Points on a canvas: by WebGL, or in 2-D where there is none. Both paint the frequent words last, on top.
// No library: those there are write shader calls with `new Function`, which the page's own policy forbids.
(function (E) {
  const MOST_COLORS = 48;
  const PAINTED_IN_MOTION = 12000; // in 2-D, the most frequent words alone while the map moves

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

  class CanvasPainter {
    constructor(canvas) {
      this.canvas = canvas;
      this.context = canvas.getContext("2d");
    }

    setPoints(points) {
      this.points = points;
    }

    // Words of one colour are painted together: the rest of the cost is in changing colours.
    setColors(numbers, palette) {
      this.palette = palette.map(([r, g, b]) => `rgb(${r},${g},${b})`);
      const sizes = new Uint32Array(palette.length);
      for (let i = 0; i < this.points.length; i++) sizes[numbers[i]]++;
      this.groups = Array.from(sizes, (size) => new Uint32Array(size));
      const filled = new Uint32Array(palette.length);
      for (let i = 0; i < this.points.length; i++) this.groups[numbers[i]][filled[numbers[i]]++] = i;
    }

    paint(camera, { mix, size, alpha, ratio, moving }) {
      const { context, points } = this;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, camera.width, camera.height);
      context.globalAlpha = alpha;
      const { from, to, lost, length } = points;
      const end = moving ? Math.min(length, PAINTED_IN_MOTION) : length;
      const unit = camera.scale / 65535;
      const left = camera.width / 2 - camera.x * camera.scale;
      const top = camera.height / 2 + camera.y * camera.scale;
      const side = Math.max(1, size * 0.9);
      this.groups.forEach((ids, color) => {
        context.fillStyle = this.palette[color];
        for (const i of ids) {
          if (i >= end) break;
          if (mix > 0.5 && lost && lost[i]) continue;
          const x = left + (from[2 * i] + mix * (to[2 * i] - from[2 * i])) * unit;
          const y = top - (from[2 * i + 1] + mix * (to[2 * i + 1] - from[2 * i + 1])) * unit;
          if (x < -side || y < -side || x > camera.width + side || y > camera.height + side) continue;
          context.fillRect(x - side / 2, y - side / 2, side, side);
        }
      });
      context.globalAlpha = 1;
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
