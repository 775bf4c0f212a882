
// From the data of a run to what is drawn: looks of the groups, and few enough series to read.
const Model = (() => {
  const TONES = 9;
  const MOST_SERIES = 24;
  const KEPT_WHEN_FOLDED = 15;
  const MOST_ROWS = 60;

  /** Poor groups are grey and hatched, so that colour is never the only sign. */
  function looks(groups) {
    let plain = 0;
    let poor = 0;
    return groups.map((group, index) => {
      const look = { key: group.id, label: group.id, index, poor: group.poor, prior: group.prior };
      if (group.poor) {
        const turn = poor++ % 3;
        return { ...look, tone: "tone-poor-" + turn, pattern: "hatch-" + turn, dash: "dash-" + (turn + 1) };
      }
      const cycle = Math.floor(plain / TONES);
      const tone = "tone-" + (plain++ % TONES);
      return { ...look, tone, pattern: cycle > 0 ? "dots" : null, dash: cycle > 0 ? "dash-" + (1 + ((cycle - 1) % 3)) : "" };
    });
  }

  /** Largest share a group ever had: by it a group earns its own series, and keeps it. */
  function peaks(data, count) {
    const peak = new Array(count).fill(0);
    for (const row of data.mixtures.weights) {
      row.forEach((weight, i) => { if (weight > peak[i]) peak[i] = weight; });
    }
    return peak;
  }

  function of(data) {
    const groups = looks(data.run.groups);
    const peak = peaks(data, groups.length);
    const folded = groups.length > MOST_SERIES;
    let shown = groups;
    if (folded) {
      const ranked = [...groups].sort((a, b) => peak[b.index] - peak[a.index] || a.index - b.index);
      const kept = new Set(ranked.slice(0, KEPT_WHEN_FOLDED).map((g) => g.index));
      shown = looksAgain(groups.filter((g) => kept.has(g.index)));
    }
    const rest = folded ? groups.filter((g) => !shown.some((s) => s.index === g.index)) : [];
    const lastStep = Math.max(data.progress.step, last(data.mixtures.steps) ?? 0);
    return {
      data,
      groups: folded ? groups.map((g) => shown.find((s) => s.index === g.index) ?? { ...g, tone: "tone-other", pattern: g.poor ? "hatch-0" : null }) : groups,
      shown,
      rest,
      targets: data.run.targets.map((t, i) => ({ ...t, key: "target:" + t.id, label: t.id, index: i, tone: "tone-target-" + (i % 4), dash: i % 4 === 0 ? "" : "dash-" + (i % 4) })),
      lastStep,
      end: horizon(data, lastStep),
      weights: last(data.mixtures.weights) ?? data.run.groups.map((g) => g.prior),
      version: last(data.mixtures.versions) ?? 0,
    };
  }

  function looksAgain(kept) {
    const fresh = looks(kept.map((g) => ({ id: g.key, poor: g.poor, prior: g.prior })));
    return kept.map((g, i) => ({ ...fresh[i], index: g.index }));
  }

  /** Right edge of every plot: the whole run, but an eighth or more of it while it is young. */
  function horizon(data, lastStep) {
    if (data.status.ended) return Math.max(1, lastStep);
    const total = Math.max(data.run.totalSteps, lastStep);
    let end = total;
    for (let i = 0; i < 3 && lastStep * 2 <= end; i++) end /= 2;
    return Math.ceil(end);
  }

  /** Bands of the stacked area, bottom first: shares per plan, small groups folded into one. */
  function bands(model) {
    const { steps, weights } = model.data.mixtures;
    const list = model.shown.map((look) => ({ ...look, values: weights.map((row) => row[look.index] ?? 0) }));
    if (model.rest.length > 0) {
      list.push({
        key: "other",
        label: "other (" + model.rest.length + ")",
        tone: "tone-other",
        values: weights.map((row) => model.rest.reduce((sum, g) => sum + (row[g.index] ?? 0), 0)),
      });
    }
    return { steps, bands: list };
  }

  /** Lines of one number per group and round. */
  function groupLines(model, steps, valueOf, errorOf) {
    return model.shown.map((look) => ({
      ...look,
      points: steps.map((x, i) => ({ x, y: valueOf(i, look.index), error: errorOf ? errorOf(i, look.index) : null })),
    }));
  }

  function targetLines(model) {
    return model.targets.map((target) => {
      const line = model.data.targetLosses[target.index];
      return { ...target, points: line.steps.map((x, i) => ({ x, y: line.losses[i] })) };
    });
  }

  /** Rows of the table: the run's order, or the largest first when there are too many. */
  function rows(model) {
    if (model.groups.length <= MOST_SERIES) return model.groups;
    return [...model.groups].sort((a, b) => model.weights[b.index] - model.weights[a.index]).slice(0, MOST_ROWS);
  }

  function last(list) {
    return list[list.length - 1];
  }

  /** The alignment known when a round was decided. */
  function alignmentAt(data, step) {
    const { steps, scores, cosines, errors } = data.alignments;
    let found = -1;
    steps.forEach((s, i) => { if (s <= step) found = i; });
    return found < 0 ? null : { scores: scores[found], cosines: cosines[found], errors: errors[found] };
  }

  return { of, bands, groupLines, targetLines, rows, last, alignmentAt };
})();
