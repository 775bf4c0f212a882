
// Plots in SVG: a stacked area of a step function, and lines. Pointer or arrow keys move a cursor.
const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function html(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function swatch(look) {
  const box = { width: 14, height: 14, rx: 3 };
  const parts = [svg("rect", { ...box, fill: "currentColor" })];
  if (look.pattern) parts.push(svg("rect", { ...box, fill: "url(#" + look.pattern + ")" }));
  return svg("svg", { class: "swatch " + look.tone, viewBox: "0 0 14 14", "aria-hidden": "true" }, ...parts);
}

/** A piece of a line as it is drawn, for lines that differ by their dashes too. */
function sample(look) {
  return svg("svg", { class: "sample", viewBox: "0 0 20 10", "aria-hidden": "true" },
    svg("path", { class: ["curve", look.tone, look.dash].join(" ").trim(), d: "M0 5H20" }));
}

/** Which group stands out on every plot: the one pointed at, else the one chosen. */
const Highlight = (() => {
  let chosen = null;
  let pointed = null;
  function apply(root) {
    const key = pointed ?? chosen;
    for (const element of (root ?? document).querySelectorAll(".plot [data-key]")) {
      element.classList.toggle("dim", key !== null && element.dataset.key !== key && !element.dataset.key.startsWith("target:"));
    }
    for (const element of document.querySelectorAll(".error[data-key]")) {
      element.setAttribute("visibility", element.dataset.key === key ? "visible" : "hidden");
    }
    for (const button of document.querySelectorAll("button.group")) {
      button.setAttribute("aria-pressed", String(button.dataset.group === chosen));
    }
  }
  return {
    apply,
    point(key) { pointed = key; apply(); },
    choose(key) { chosen = chosen === key ? null : key; apply(); },
  };
})();

const Scale = {
  linear(from, to, low, high) {
    const span = to - from || 1;
    return (value) => low + ((value - from) / span) * (high - low);
  },
  /** Round values inside [from, to], about `count` of them. */
  ticks(from, to, count) {
    const rough = (to - from || 1) / Math.max(1, count);
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
    const list = [];
    for (let i = Math.ceil(from / step - 1e-9) || 0; i * step <= to + step * 1e-9; i++) list.push(i * step);
    return { list, digits: Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0))) };
  },
};

class Plot {
  /** `read(value)` says a value in the tooltip, `head(step)` says the step. */
  constructor(root, { label, read, head, yTick, zero }) {
    Object.assign(this, { root, label, read, head, yTick, zero, view: null, at: null });
    this.svg = svg("svg", { tabindex: "0", role: "img", "aria-label": label });
    this.tip = html("div", { class: "tip", role: "status", hidden: "" });
    this.legend = html("ul", { class: "legend", hidden: "" });
    root.append(this.svg, this.tip, this.legend);
    this.svg.addEventListener("pointermove", (event) => this.follow(event));
    this.svg.addEventListener("pointerdown", (event) => this.follow(event));
    this.svg.addEventListener("pointerleave", () => this.moveTo(null));
    this.svg.addEventListener("blur", () => this.moveTo(null));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => { if (this.view && this.svg.clientWidth !== this.width) this.draw(); }).observe(root);
  }

  /** view: { end, to, lines: [look + points] } or { end, to, steps, bands: [look + values] } */
  show(view) {
    this.view = view;
    this.draw();
  }

  draw() {
    this.width = this.svg.clientWidth || 600;
    this.height = this.svg.clientHeight || 240;
    const labelled = this.width >= 460;
    this.area = { left: 44, right: this.width - (labelled ? 138 : 10), top: 10, bottom: this.height - 34 };
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.svg.replaceChildren();
    const series = this.view.bands ?? this.view.lines;
    const filled = this.view.bands ? this.view.steps.length > 0 : series.some((s) => s.points.some((p) => Format.known(p.y)));
    this.stops = filled ? this.steps() : [];
    this.x = Scale.linear(0, this.view.end, this.area.left, this.area.right);
    if (!filled) {
      this.axes(0, 1, []);
      this.svg.append(svg("text", { class: "empty", x: (this.area.left + this.area.right) / 2, y: this.height / 2 - 10 }, this.view.empty ?? "Nothing yet: the first round is under way."));
    } else if (this.view.bands) {
      this.drawBands(labelled);
    } else {
      this.drawLines(labelled);
    }
    this.drawLegend(series, labelled || !filled);
    this.overlay = svg("g", { "pointer-events": "none" });
    this.svg.append(this.overlay);
    this.drawCursor();
    Highlight.apply(this.root);
  }

  steps() {
    if (this.view.bands) return [...new Set([...this.view.steps, this.view.to])];
    return [...new Set(this.view.lines.flatMap((l) => l.points.map((p) => p.x)))].sort((a, b) => a - b);
  }

  axes(from, to, ticks, digits) {
    const { left, right, top, bottom } = this.area;
    this.y = Scale.linear(from, to, bottom, top);
    for (const tick of ticks) {
      const y = this.y(tick);
      const zero = this.zero && Math.abs(tick) < 1e-12;
      this.svg.append(
        svg("line", { class: zero ? "zero" : "grid", x1: left, x2: right, y1: y, y2: y }),
        svg("text", { x: left - 7, y: y + 4, "text-anchor": "end" }, this.yTick ? this.yTick(tick) : Format.fixed(tick, digits)));
    }
    this.svg.append(svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }));
    for (const tick of Scale.ticks(0, this.view.end, Math.max(2, (right - left) / 80)).list) {
      if (!Number.isInteger(tick)) continue;
      this.svg.append(svg("text", { x: this.x(tick), y: bottom + 16, "text-anchor": "middle" }, Format.exact(tick)));
    }
    this.svg.append(svg("text", { x: (left + right) / 2, y: bottom + 31, "text-anchor": "middle" }, "training step"));
  }

  drawBands(labelled) {
    const { steps, bands, to } = this.view;
    this.axes(0, 1, [0, 0.25, 0.5, 0.75, 1]);
    const base = new Array(steps.length).fill(0);
    const ends = [];
    for (const band of bands) {
      const low = base.slice();
      band.values.forEach((value, i) => { base[i] += value; });
      const path = this.staircase(steps, low, base, to);
      this.svg.append(svg("path", { class: "band " + band.tone, d: path, "data-key": band.key }));
      if (band.pattern) this.svg.append(svg("path", { d: path, fill: "url(#" + band.pattern + ")", "data-key": band.key, "pointer-events": "none" }));
      const i = steps.length - 1;
      ends.push({ look: band, y: this.y((low[i] + base[i]) / 2), text: band.label });
    }
    if (labelled) this.labels(ends, this.x(to));
  }

  staircase(steps, low, high, to) {
    const edge = (values) => steps.map((step, i) => [this.x(step), this.x(steps[i + 1] ?? to), this.y(values[i])]);
    const up = edge(high).map(([a, b, y]) => `${a.toFixed(1)} ${y.toFixed(2)}L${b.toFixed(1)} ${y.toFixed(2)}`);
    const down = edge(low).reverse().map(([a, b, y]) => `${b.toFixed(1)} ${y.toFixed(2)}L${a.toFixed(1)} ${y.toFixed(2)}`);
    return "M" + up.join("L") + "L" + down.join("L") + "Z";
  }

  drawLines(labelled) {
    const values = this.view.lines.flatMap((l) => l.points.map((p) => p.y)).filter(Format.known);
    let low = Math.min(...bounds(values));
    let high = Math.max(...bounds(values));
    if (this.zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
    const pad = (high - low || Math.abs(high) || 1) * 0.06;
    [low, high] = [low - pad, high + pad];
    const { list, digits } = Scale.ticks(low, high, this.height / 55);
    this.axes(low, high, list, digits);
    const ends = [];
    for (const line of this.view.lines) {
      if (line.points.some((p) => Format.known(p.error))) {
        this.svg.append(svg("path", { class: "error " + line.tone, d: this.errorBand(line.points), "data-key": line.key, visibility: "hidden" }));
      }
      this.svg.append(svg("path", { class: ["curve", line.tone, line.dash].join(" ").trim(), d: this.path(line.points), "data-key": line.key }));
      const end = line.points.filter((p) => Format.known(p.y)).pop();
      if (end) ends.push({ look: line, y: this.y(end.y), text: line.label, x: this.x(end.x) });
    }
    if (labelled) this.labels(ends, Math.max(...ends.map((e) => e.x)));
  }

  path(points) {
    let pen = "M";
    let path = "";
    for (const point of points) {
      if (!Format.known(point.y)) { pen = "M"; continue; }
      path += pen + this.x(point.x).toFixed(1) + " " + this.y(point.y).toFixed(1);
      pen = "L";
    }
    return path;
  }

  errorBand(points) {
    const clamp = (y) => Math.max(this.area.top, Math.min(this.area.bottom, this.y(y))).toFixed(1);
    const known = points.filter((p) => Format.known(p.y) && Format.known(p.error));
    const up = known.map((p) => this.x(p.x).toFixed(1) + " " + clamp(p.y + p.error));
    const down = known.map((p) => this.x(p.x).toFixed(1) + " " + clamp(p.y - p.error)).reverse();
    return "M" + [...up, ...down].join("L") + "Z";
  }

  /** Names at the right end, moved apart until none overlaps, as many as there is room for. */
  labels(ends, x) {
    const gap = 13;
    const room = Math.floor((this.area.bottom - this.area.top) / gap);
    const list = ends.slice(0, room).sort((a, b) => a.y - b.y);
    list.forEach((end, i) => { end.at = Math.max(end.y, i === 0 ? this.area.top + 2 : list[i - 1].at + gap); });
    for (let i = list.length - 1; i >= 0; i--) {
      list[i].at = Math.min(list[i].at, i === list.length - 1 ? this.area.bottom - 2 : list[i + 1].at - gap);
    }
    for (const end of list) {
      const poor = end.look.poor;
      this.svg.append(
        svg("path", { class: "leader", d: `M${(x + 1).toFixed(1)} ${end.y.toFixed(1)}L${(x + 10).toFixed(1)} ${end.at.toFixed(1)}`, "data-key": end.look.key }),
        svg("rect", { class: end.look.tone, x: x + 12, y: end.at - 3.5, width: 7, height: 7, rx: 1.5, fill: "currentColor", "data-key": end.look.key }),
        svg("text", { class: poor ? "end poor-label" : "end", x: x + 23, y: end.at + 4, "data-key": end.look.key }, Format.clip(end.text, poor ? 14 : 18) + (poor ? " (poor)" : "")));
    }
  }

  drawLegend(series, hidden) {
    this.legend.hidden = hidden;
    this.legend.replaceChildren(...(hidden ? [] : series.map((look) =>
      html("li", {}, html("span", { class: "group" }, this.sign(look), look.label + (look.poor ? " (poor)" : ""))))));
  }

  sign(look) {
    return this.view.bands ? swatch(look) : sample(look);
  }

  follow(event) {
    const box = this.svg.getBoundingClientRect();
    const step = ((event.clientX - box.left - this.area.left) / (this.area.right - this.area.left)) * this.view.end;
    this.moveTo(this.nearest(step));
    const key = event.target.dataset?.key;
    Highlight.point(this.view.bands && key ? key : null);
  }

  /** In a step function the plan that holds at the pointer counts, on a line the nearest point. */
  nearest(step) {
    if (this.stops.length === 0) return null;
    if (this.view.bands) return Math.max(0, Math.min(this.view.to, Math.round(step)));
    return this.stops.reduce((best, stop) => (Math.abs(stop - step) < Math.abs(best - step) ? stop : best));
  }

  key(event) {
    if (this.stops.length === 0) return;
    const here = this.at === null ? this.stops.length : this.stops.filter((s) => s < this.at).length;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: this.stops.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.moveTo(this.stops[Math.max(0, Math.min(this.stops.length - 1, to))]);
    } else if (event.key === "Escape") {
      this.moveTo(null);
    }
  }

  moveTo(step) {
    this.at = step;
    if (step === null) Highlight.point(null);
    this.drawCursor();
  }

  drawCursor() {
    this.overlay.replaceChildren();
    const shown = this.at !== null && this.stops.length > 0;
    this.tip.hidden = !shown;
    if (!shown) return;
    const x = this.x(this.at);
    this.overlay.append(svg("line", { class: "cursor", x1: x, x2: x, y1: this.area.top, y2: this.area.bottom }));
    const rows = this.view.bands ? this.sharesAt(this.at) : this.valuesAt(this.at);
    for (const row of rows) {
      if (!this.view.bands) this.overlay.append(svg("circle", { class: "point " + row.look.tone, cx: x, cy: this.y(row.value), r: 3.2 }));
    }
    const items = rows.sort((a, b) => b.value - a.value).slice(0, 16).map((row) =>
      html("div", {}, this.sign(row.look), html("span", {}, Format.clip(row.look.label, 22) + (row.look.poor ? " (poor)" : "")), html("span", { class: "value" }, this.read(row.value, row))));
    this.tip.replaceChildren(html("b", {}, this.head(this.at)), ...items);
    const left = x + 14 + this.tip.offsetWidth > this.width ? x - 14 - this.tip.offsetWidth : x + 14;
    this.tip.style.left = Math.max(0, left) + "px";
  }

  sharesAt(step) {
    const i = this.view.steps.filter((s) => s <= step).length - 1;
    return i < 0 ? [] : [...this.view.bands].reverse().map((look) => ({ look, value: look.values[i] }));
  }

  valuesAt(step) {
    return this.view.lines.flatMap((look) => {
      const point = look.points.find((p) => p.x === step);
      return point && Format.known(point.y) ? [{ look, value: point.y, error: point.error }] : [];
    });
  }
}

/** Least and greatest, without spreading a long list over an argument list. */
function bounds(values) {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
}

/** A group's share over the run, with its prior dashed. */
function sparkline(look, steps, values, end) {
  const x = Scale.linear(0, end || 1, 1, 91);
  const y = Scale.linear(0, Math.max(look.prior, ...bounds(values)) || 1, 20, 2);
  const path = values.map((v, i) => `${i === 0 ? "M" + x(steps[i]) : "H" + x(steps[i])}${i === 0 ? " " : "V"}${y(v).toFixed(1)}`).join("");
  return svg("svg", { class: "spark " + look.tone, viewBox: "0 0 92 22", "aria-hidden": "true" },
    svg("line", { class: "prior", x1: 1, x2: 91, y1: y(look.prior), y2: y(look.prior) }),
    svg("path", { class: "now", d: path + "H" + x(end) }));
}
