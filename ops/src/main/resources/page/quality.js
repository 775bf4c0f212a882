
// The report of a benchmark of policies: tables, loss curves and mixtures of each regime.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const UNIFORM = "static";
  const FROM = 0.2;
  const steps = data.setting.steps;
  const nbsp = "\u00a0";

  const unique = (list) => [...new Set(list)];
  const runName = (run) => run.policy + (run.steered_to ? " to " + run.steered_to : "");

  function percent(value) {
    return Format.signed(value * 100, 2) + nbsp + "%";
  }

  function change(delta) {
    const range = Format.known(delta.low) ? " [" + Format.signed(delta.low * 100, 2) + ", " + Format.signed(delta.high * 100, 2) + "]" : "";
    return html("span", {}, percent(delta.mean), html("span", { class: "pm" }, range));
  }

  function table(element, head, rows) {
    element.replaceChildren(
      html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...row.map((value, i) => (i === 0 ? html("th", { scope: "row" }, value) : html("td", {}, value)))))));
    return element;
  }

  const HEAD = ["loss", "uniform", "change, equal tokens", "compute", "change, equal compute", "tokens to uniform"];

  function figures(row) {
    return [
      Format.fixed(row.loss, 4), Format.fixed(row.loss_uniform, 4), change(row.delta), "×" + nbsp + Format.fixed(row.compute, 2),
      change(row.delta_equal_compute),
      Format.known(row.tokens_ratio_to_uniform) ? Math.round(row.tokens_ratio_to_uniform * 100) + nbsp + "%" : "never",
    ];
  }

  /** Groups in the order of the corpus's names; poor ones grey and hatched. */
  function looks(groups) {
    let plain = 0;
    let poor = 0;
    return groups.map((id) => {
      if (data.poor_groups.includes(id)) {
        const turn = poor++ % 3;
        return { key: id, label: id, poor: true, tone: "tone-poor-" + turn, pattern: "hatch-" + turn };
      }
      const cycle = Math.floor(plain / 9);
      return { key: id, label: id, poor: false, tone: "tone-" + (plain++ % 9), pattern: cycle > 0 ? "dots" : null };
    });
  }

  function plot(parent, title, looks) {
    const box = html("div", { class: "plot" });
    parent.append(html("section", {}, html("h2", {}, title), box));
    return new Plot(box, { label: title + " over training steps, mean over the seeds.", head: (step) => "Step " + Format.exact(step), ...looks });
  }

  /** Losses, and their change against uniform's; the steep beginning is left out. */
  function lossPlots(parent, regime, task) {
    const curves = data.curves.filter((c) => c.regime === regime && c.task === task && (c.steered_to === "" || c.steered_to === task));
    const uniform = curves.find((curve) => curve.policy === UNIFORM);
    const lines = (valueOf) => curves.map((curve, i) => ({
      key: runName(curve),
      label: curve === uniform ? "uniform" : curve.policy,
      tone: curve === uniform ? "tone-other" : "tone-" + ((i - 1) % 9),
      dash: curve === uniform ? "dash-1" : "",
      points: curve.steps.map((x, j) => ({ x, y: valueOf(curve, j) })).filter((point) => point.x >= FROM * steps),
    }));
    plot(parent, "Loss on " + task, { read: (v) => Format.fixed(v, 4) }).show({ end: steps, lines: lines((curve, j) => curve.losses[j]) });
    plot(parent, "Change of the loss on " + task + " against uniform, in percent", { read: (v) => Format.signed(v, 2), zero: true })
      .show({ end: steps, lines: lines((curve, j) => (curve.losses[j] / uniform.losses[j] - 1) * 100) });
  }

  function mixturePlot(parent, trace) {
    const groups = Object.keys(trace.mixtures[0]).sort();
    const bands = looks(groups).map((look) => ({ ...look, values: trace.mixtures.map((mixture) => mixture[look.key]) }));
    plot(parent, "Mixture of " + runName(trace), { read: Format.share, yTick: (v) => Math.round(v * 100) + " %" })
      .show({ end: steps, to: steps, steps: trace.steps, bands });
  }

  function groupTable(parent, rows) {
    const groups = Object.keys(rows[0].mixture).sort();
    const head = ["group", ...rows.flatMap((row) => [runName(row) + ": last share", "passes"])];
    const body = groups.map((id) => [
      id + (data.poor_groups.includes(id) ? " (poor)" : ""),
      ...rows.flatMap((row) => [Format.share(row.mixture[id]), Format.fixed(row.epochs[id], 2)]),
    ]);
    parent.append(html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Groups" }, table(html("table", {}), head, body)));
  }

  function regime(name) {
    const rows = data.rows.filter((row) => row.regime === name);
    const intro = html("section", {}, html("h2", {}, "Regime " + name));
    $("regimes").append(intro);
    const runs = unique(rows.map(runName)).map((run) => rows.find((row) => runName(row) === run));
    groupTable(intro, runs);
    const others = rows.filter((row) => !row.steered);
    if (others.length > 0) {
      intro.append(html("details", {}, html("summary", {}, "Tasks that were not steered to"),
        html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Other tasks" },
          table(html("table", {}), ["policy", "task", ...HEAD], others.map((row) => [runName(row), row.task, ...figures(row)])))));
    }
    const pair = html("div", { class: "pair" });
    $("regimes").append(pair);
    unique(rows.filter((row) => row.steered).map((row) => row.task)).forEach((task) => lossPlots(pair, name, task));
    data.traces.filter((trace) => trace.regime === name).forEach((trace) => mixturePlot(pair, trace));
  }

  $("facts").textContent = data.corpus + " · setting " + data.setting.name + " · " + Format.exact(steps) + " steps, " + Format.exact(data.setting.bytes)
    + " bytes a run · seeds " + data.setting.first_seed + " to " + (data.setting.first_seed + data.setting.seeds - 1);
  table($("summary"), ["regime", "task", "policy", ...HEAD],
    data.rows.filter((row) => row.steered).map((row) => [row.regime, row.task, row.policy, ...figures(row)]));
  unique(data.rows.map((row) => row.regime)).forEach(regime);
  $("footer").textContent = data.machine.java + ", " + data.machine.os + ", " + data.machine.cores + " cores. This file holds everything it shows.";
})();
