
// How numbers read. Absent ones are null and read as a dash.
const Format = (() => {
  const ABSENT = "–";
  const known = (value) => value !== null && value !== undefined && Number.isFinite(value);
  /** A typographic minus, and none before a zero. */
  const minus = (text) => (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));
  const when = (value, text) => (known(value) ? text(value) : ABSENT);

  function fixed(value, digits) {
    return when(value, (v) => minus(v.toFixed(digits)));
  }

  function signed(value, digits) {
    return when(value, (v) => {
      const text = minus(v.toFixed(digits));
      return Number(v.toFixed(digits)) > 0 ? "+" + text : text;
    });
  }

  /** A share in percent; small shares keep a digit that tells them apart from nothing. */
  function share(value) {
    return when(value, (v) => {
      const percent = v * 100;
      const digits = percent !== 0 && Math.abs(percent) < 0.95 ? 2 : 1;
      return minus(percent.toFixed(digits)) + "\u00a0%";
    });
  }

  function points(value) {
    return when(value, (v) => signed(v * 100, Math.abs(v) < 0.00995 ? 2 : 1) + "\u00a0points");
  }

  /** Two digits that matter, for quantities whose size is not known beforehand. */
  function compact(value) {
    return when(value, (v) => {
      const size = Math.abs(v);
      if (size === 0) return "0";
      if (size < 1e-4) return minus(v.toExponential(1));
      return minus(v.toFixed(Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(size))))));
    });
  }

  function count(value) {
    return when(value, (v) => {
      if (v < 1e5) return Math.round(v).toLocaleString("en-US");
      const unit = v < 1e6 ? [1e3, "k"] : v < 1e9 ? [1e6, "M"] : [1e9, "G"];
      const scaled = v / unit[0];
      return scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0) + " " + unit[1];
    });
  }

  function exact(value) {
    return when(value, (v) => v.toLocaleString("en-US"));
  }

  function elapsed(seconds) {
    return when(seconds, (v) => {
      const s = Math.floor(v);
      if (s < 60) return s + " s";
      if (s < 3600) return Math.floor(s / 60) + " min " + (s % 60) + " s";
      return Math.floor(s / 3600) + " h " + Math.floor((s % 3600) / 60) + " min";
    });
  }

  function latency(seconds) {
    return when(seconds, (v) => (v < 1 ? Math.round(v * 1000) + " ms" : v.toFixed(v < 10 ? 2 : 1) + " s"));
  }

  function plural(number, one, many) {
    return exact(number) + " " + (number === 1 ? one : many);
  }

  function clip(text, length) {
    return text.length <= length ? text : text.slice(0, length - 1) + "…";
  }

  return { ABSENT, known, fixed, signed, share, points, compact, count, exact, elapsed, latency, plural, clip };
})();
