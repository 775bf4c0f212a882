
// The page: fills the document from the data, and asks the server for more while the run lives.
(() => {
  const POLL_MILLIS = 1000;
  const RETRY_MILLIS = 4000;
  const WAIT_MILLIS = 10000;
  const $ = (id) => document.getElementById(id);
  const embedded = JSON.parse($("data").textContent);
  const head = (step) => "Step " + Format.exact(step);
  let model = null;
  let alignmentView = null;
  let gaveUp = false;

  const plots = {
    mixture: new Plot($("mixture"), {
      label: "Share of each group over training steps. Arrow keys move from plan to plan.",
      read: Format.share,
      yTick: (v) => Math.round(v * 100) + " %",
      head: (step) => head(step) + " · plan " + versionAt(step),
    }),
    targets: new Plot($("targets"), { label: "Held-out loss of each target over training steps. Arrow keys move from point to point.", read: (v) => Format.fixed(v, 3), head }),
    losses: new Plot($("losses"), { label: "Training loss of each group over training steps. Arrow keys move from round to round.", read: (v) => Format.fixed(v, 3), head }),
    alignment: new Plot($("alignment"), {
      label: "Alignment of each group over training steps. Arrow keys move from round to round.",
      read: (v, row) => Format.signed(v, 2) + (Format.known(row.error) ? " ± " + Format.fixed(row.error, 2) : ""),
      head,
      zero: true,
    }),
  };

  function versionAt(step) {
    const { steps, versions } = model.data.mixtures;
    return versions[steps.filter((s) => s <= step).length - 1] ?? 0;
  }

  function render(data) {
    const first = model === null;
    model = Model.of(data);
    header(data);
    decision(data);
    plots.mixture.show({ end: model.end, to: model.lastStep || model.end / 40, ...Model.bands(model) });
    $("poor-note").hidden = !model.groups.some((look) => look.poor);
    table($("groups"), groupHead(), Model.rows(model).map(groupRow));
    groupsLine();
    plots.targets.show({ end: model.end, lines: Model.targetLines(model), empty: "Nothing yet: no target has been measured." });
    targetsLine(data);
    plots.losses.show({ end: model.end, lines: Model.groupLines(model, data.groupLosses.steps, (i, g) => data.groupLosses.losses[i][g]) });
    if (first) alignmentSwitch();
    alignment();
    stream(data);
    loop(data);
    footer(data);
    Highlight.apply();
  }

  function header(data) {
    const { run, status, progress } = data;
    document.title = run.id + " · Sluice";
    $("run").textContent = run.id;
    state(status.state.toLowerCase(), status.state.toLowerCase());
    $("facts").replaceChildren(
      "policy ", html("b", {}, run.policy), " · seed ", html("b", {}, run.seed), " · " + Format.plural(run.groups.length, "group", "groups")
      + ", " + Format.plural(run.targets.length, "target", "targets") + (status.state === "FAILED" || !status.message ? "" : " · " + status.message));
    $("bar").max = run.totalSteps;
    $("bar").value = Math.min(progress.step, run.totalSteps);
    terms($("tiles"), [
      ["step", Format.exact(progress.step), "/ " + Format.exact(run.totalSteps)],
      ["tokens", Format.count(progress.tokens)],
      ["tokens per second", Format.count(progress.tokensPerSecond)],
      ["elapsed", Format.elapsed(status.elapsedSeconds)],
      ["training loss", Format.fixed(progress.trainingLoss, 3)],
      ["plan in force", Format.exact(model.version), model.version === 0 ? "(prior)" : null],
    ]);
    notice(status.state === "FAILED" ? status.message ? "The run failed: " + status.message : "The run failed." : null);
  }

  function state(kind, text) {
    if ($("state").textContent === text) return;
    $("state").className = "state " + kind;
    $("state").textContent = text;
  }

  function notice(text) {
    $("notice").hidden = text === null;
    if ($("notice").textContent !== text) $("notice").textContent = text ?? "";
  }

  function terms(list, entries) {
    list.replaceChildren(...entries.map(([name, value, rest]) => (value === undefined
      ? html("div", { class: "wide" }, name)
      : html("div", {}, html("dt", {}, name), html("dd", {}, value, rest ? html("small", {}, " " + rest) : null)))));
  }

  function decision(data) {
    $("sentence").replaceChildren(...Explain.decision(model).map((part) => (part.b ? html("b", {}, part.b) : part)));
    const last = Model.last(data.rounds.recent);
    const moves = last ? notable(Explain.movements(model, last)) : [];
    $("moves-scroll").hidden = moves.length === 0;
    table($("moves"), ["group", "before", "proposed", "decided", "points", "score"], moves.map(({ look, change }) => [
      name(look), Format.share(last.base[look.index]), Format.share(last.proposed[look.index]),
      Format.share(last.decided[look.index]), Format.signed(change * 100, 2), Format.signed(last.scores[look.index] ?? null, 2),
    ]));
    const { changed, held, recent } = data.rounds;
    $("rounds-line").textContent = changed + held === 0 ? "A round is a span of steps that is decided on together."
      : "Of " + Format.plural(changed + held, "round", "rounds") + " so far, " + Format.exact(changed) + " changed the mixture and " + Format.exact(held)
        + " kept it. The policy proposes; guards bound how far one round may move.";
    $("rounds-box").hidden = recent.length === 0;
    table($("rounds"), ["round", "through step", "plan", "KL", "let through", "outcome"], [...recent].reverse().map((d) => [
      Format.exact(d.round), Format.exact(d.step), Format.exact(d.version), Format.compact(d.kl), Format.share(d.fraction), { wide: Explain.outcome(d) },
    ]));
  }

  /** The three greatest rises and falls. */
  function notable(moves) {
    const changed = moves.filter((m) => Math.abs(m.change) > 5e-6);
    return changed.length <= 6 ? changed : [...changed.slice(0, 3), ...changed.slice(-3)];
  }

  function table(element, head, rows) {
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.group : null;
    const cell = (kind, value, attributes) => {
      const wide = value?.wide !== undefined;
      return html(kind, { ...attributes, class: wide ? "wide" : value === Format.ABSENT ? "none" : null }, wide ? value.wide : value);
    };
    element.replaceChildren(
      html("thead", {}, html("tr", {}, ...head.map((text, i) => cell("th", text === "outcome" ? { wide: text } : text, { scope: "col" })))),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...row.map((value, i) => (i === 0 ? cell("th", value, { scope: "row" }) : cell("td", value)))))));
    if (focused) element.querySelector(`button[data-group="${CSS.escape(focused)}"]`)?.focus();
  }

  function name(look) {
    const button = html("button", { class: "group", type: "button", "data-group": look.key, "aria-pressed": "false", title: "Show " + look.key + " on every plot" },
      swatch(look), html("span", { class: "name" }, Format.clip(look.label, 40)), look.poor ? html("span", { class: "tag" }, "poor") : null);
    button.addEventListener("pointerenter", () => Highlight.point(look.key));
    button.addEventListener("pointerleave", () => Highlight.point(null));
    button.addEventListener("click", () => Highlight.choose(look.key));
    return button;
  }

  function groupHead() {
    return ["group", "prior", "share now", "share over the run", "against prior", "score", ...cosineTargets().map((t) => "cosine with " + t.label), "training loss"];
  }

  /** Columns of cosines, for as many targets as a table can hold. */
  function cosineTargets() {
    return model.targets.slice(0, 4);
  }

  function groupRow(look) {
    const { data } = model;
    const now = model.weights[look.index];
    const latest = Model.alignmentAt(data, Infinity);
    const losses = data.groupLosses.losses.map((row) => row[look.index]).filter(Format.known);
    return [
      name(look), Format.share(look.prior), html("b", {}, Format.share(now)),
      data.mixtures.steps.length === 0 ? Format.ABSENT : sparkline(look, data.mixtures.steps, data.mixtures.weights.map((row) => row[look.index] ?? 0), model.lastStep),
      factor(now, look.prior),
      Format.signed(latest?.scores[look.index] ?? null, 2),
      ...cosineTargets().map((t) => plusMinus(latest?.cosines[look.index][t.index], latest?.errors[look.index][t.index])),
      Format.fixed(Model.last(losses) ?? null, 3),
    ];
  }

  function plusMinus(value, error) {
    if (!Format.known(value)) return Format.ABSENT;
    return html("span", {}, Format.signed(value, 2), Format.known(error) ? html("span", { class: "pm" }, " ± " + Format.fixed(error, 2)) : null);
  }

  function factor(now, prior) {
    if (!(prior > 0)) return Format.ABSENT;
    const ratio = now / prior;
    const arrow = ratio > 1.02 ? "▲ " : ratio < 0.98 ? "▼ " : "";
    return html("span", { class: "factor" }, arrow + "× " + (ratio < 0.1 ? Format.fixed(ratio, 2) : Format.fixed(ratio, ratio < 10 ? 2 : 0)));
  }

  function groupsLine() {
    const hidden = model.groups.length - Model.rows(model).length;
    $("groups-line").textContent = (hidden > 0 ? "The largest " + Model.rows(model).length + " of " + Format.exact(model.groups.length) + " groups. " : "")
      + "The cosine says how far a group's gradient points the way of a target's, with one standard error: above zero, training on the group helps the target. The score is what the policy makes of them: groups that score above the rest gain share, the others lose it. Point at a group to see it on every plot, click to keep it.";
  }

  function targetsLine(data) {
    const said = model.targets.flatMap((target) => {
      const losses = data.targetLosses[target.index].losses.filter(Format.known);
      const note = target.note ? " (" + target.note + ")" : "";
      if (losses.length === 0) return note ? [target.label + note] : [];
      return [target.label + note + ": " + Format.fixed(losses[0], 3) + (losses.length > 1 ? " → " + Format.fixed(Model.last(losses), 3) : "")];
    });
    $("targets-line").textContent = "Loss per token on text that is never trained on; lower is better. This is what the run is for. " + said.join("; ") + (said.length > 0 ? "." : "");
  }

  function alignmentSwitch() {
    const views = [{ label: "score", target: null }, ...model.targets.map((t) => ({ label: "cosine with " + t.label, target: t }))];
    $("alignment-switch").replaceChildren(...views.slice(0, 9).map(({ label, target }) => {
      const button = html("button", { type: "button", "aria-pressed": String(target === null) }, label);
      button.addEventListener("click", () => {
        alignmentView = target === null ? null : target.index;
        for (const other of $("alignment-switch").children) other.setAttribute("aria-pressed", String(other === button));
        alignment();
      });
      return button;
    }));
  }

  function alignment() {
    const { steps, scores, cosines, errors } = model.data.alignments;
    const t = alignmentView;
    const lines = t === null ? Model.groupLines(model, steps, (i, g) => scores[i][g])
      : Model.groupLines(model, steps, (i, g) => cosines[i][g][t], (i, g) => errors[i][g][t]);
    plots.alignment.show({ end: model.end, lines });
    $("alignment-line").textContent = t === null
      ? "What the policy makes of the gradients: groups that score above the rest gain share, the others lose it."
      : "Cosine of each group's gradient with that of target " + model.targets[t].label + ": above zero, training on the group lowers the target's loss. Point at a group in the table to see one standard error.";
  }

  function stream(data) {
    $("stream").hidden = !data.stream;
    if (!data.stream) return;
    const { offered, admitted, rejected, groups, junkShare, plantedAdmitted, lateGroup, announced, lateDrawn } = data.stream;
    terms($("stream-counts"), [
      ["Documents"],
      ["offered", Format.exact(offered)], ["admitted", Format.exact(admitted)],
      ["Turned away"],
      ...Object.entries(rejected).map(([reason, count]) => [reason.toLowerCase().replaceAll("_", " "), Format.exact(count)]),
      ["What was planted"],
      ["junk in what is drawn", Format.share(junkShare)], ["copies of test text admitted", Format.exact(plantedAdmitted)],
    ]);
    const looks = new Map(model.groups.map((look) => [look.key, look]));
    table($("supply"), ["group", "documents", "tokens", "tokens per second", "turned away", "drawn", "epochs", "all drawn in"], groups.map((group) => [
      looks.has(group.id) ? name(looks.get(group.id)) : Format.clip(group.id, 40), Format.exact(group.documents), Format.count(group.tokens),
      Format.count(group.tokensPerSecond), Format.exact(group.turnedAway), Format.exact(group.drawn), group.epochs === null ? "" : group.epochs.toFixed(2),
      group.lastsSeconds === null ? "" : Format.elapsed(group.lastsSeconds),
    ]));
    $("stream-line").textContent = "Documents arrive while the model trains; the trainer draws what was admitted, in that order. "
      + (announced === null ? "Group " + lateGroup + " is yet to appear."
        : "Group " + lateGroup + " appeared at step " + Format.exact(announced)
          + (lateDrawn === null ? " and was not drawn yet." : " and was drawn from step " + Format.exact(lateDrawn) + " on."));
  }

  function loop(data) {
    const { plans, signals, latency } = data;
    terms($("counts"), [
      ["Plans"],
      ["published", Format.exact(plans.published)], ["applied", Format.exact(plans.applied)], ["refused", Format.exact(plans.refused)],
      ["Signals"],
      ["accepted", Format.exact(signals.accepted)], ["duplicate", Format.exact(signals.duplicates)], ["late", Format.exact(signals.late)],
      ["rejected", Format.exact(signals.rejected)], ["dropped", Format.exact(signals.dropped)],
      ["From the end of a round to its plan at the trainer"],
      ["median", Format.latency(latency?.p50Seconds ?? null)], ["99 of 100 within", Format.latency(latency?.p99Seconds ?? null)],
    ]);
  }

  function footer(data) {
    const at = new Date(data.status.asOf).toLocaleString();
    $("footer").textContent = embedded
      ? "Report of run " + data.run.id + ", as of " + at + ". This file holds everything it shows."
      : data.status.ended ? "The run has ended; this page no longer updates." : "Updated every second; last at " + at + ".";
  }

  async function poll() {
    const data = await ask();
    if (data === null) {
      gone();
      setTimeout(poll, RETRY_MILLIS);
      return;
    }
    if (!data.status.ended) setTimeout(poll, POLL_MILLIS);
    if (data.revision !== model?.data.revision || gaveUp) render(data);
    else header(data);
    gaveUp = false;
  }

  /** The data of now, or null when the server does not answer. */
  async function ask() {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), WAIT_MILLIS);
    try {
      const answer = await fetch("data.json", { cache: "no-store", signal: patience.signal });
      return answer.ok ? await answer.json() : null;
    } catch (failure) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  function gone() {
    gaveUp = true;
    state("gone", "no answer");
    notice("The server of this run no longer answers; the process may have ended. "
      + (model ? "This is what it last said, at step " + Format.exact(model.data.progress.step) + ". " : "") + "The page keeps trying.");
  }

  if (embedded) render(embedded);
  else poll();
})();
