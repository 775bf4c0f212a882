
// The last decision in sentences that need no earlier knowledge. Parts are text or { b: text }.
const Explain = (() => {
  const HELD = {
    WARM_UP: "it is too early for gradients to tell the groups apart",
    INCOMPLETE: "signals of the round are missing",
    THIN_TARGET: "a target has too little evidence",
    THIN_GROUPS: "groups with too little evidence make up more than half of the mixture",
    MISSING_LOSSES: "losses that the policy needs have not come",
    UNCHANGED: "the policy asked for the mixture that is already in force",
    OBSERVING: "this run only observes",
  };

  function decision(model) {
    const recent = model.data.rounds.recent;
    const last = Model.last(recent);
    if (!last) return ["No round has been decided yet. The mixture is the prior until the first decision."];
    return last.outcome === "CHANGED" ? changed(model, last) : held(last);
  }

  function held(d) {
    const reason = HELD[d.reason] ?? d.reason.toLowerCase().replaceAll("_", " ");
    return [
      { b: "Round " + d.round + " kept the mixture" }, ": plan " + d.version + " stays in force",
      reason ? ", because " + reason : "",
      ended(d.message ? ": " + d.message : ""),
    ];
  }

  function changed(model, d) {
    const parts = [{ b: "Round " + d.round + " changed the mixture" }, ": plan " + d.version + " holds from step " + Format.exact(d.effectiveStep) + ". "];
    const moves = movements(model, d);
    if (moves.length > 0) {
      const moved = moves.reduce((sum, m) => sum + Math.max(0, m.change), 0);
      const [up, down] = [moves[0], moves[moves.length - 1]];
      parts.push("It moved " + Format.share(moved) + " of the mixture, most towards ", { b: up.look.label }, " (" + Format.points(up.change) + ")");
      parts.push(...because(model, d, up, down), " ");
      if (down.change < 0) parts.push("Most was taken from ", { b: down.look.label }, " (" + Format.points(down.change) + "). ");
    }
    return [...parts, ...guards(d), ...gain(d), ...remark(d)];
  }

  /** Groups by change, greatest rise first; none when the weights are not known. */
  function movements(model, d) {
    if (d.base.length === 0 || d.decided.length === 0) return [];
    return model.groups
      .map((look) => ({ look, change: d.decided[look.index] - d.base[look.index] }))
      .sort((a, b) => b.change - a.change);
  }

  /** Names a cosine only where it stands out of its error; otherwise says that none does. */
  function because(model, d, up, down) {
    const found = Model.alignmentAt(model.data, d.step);
    if (!found) return ["."];
    const best = strongest(model, found, up.look.index, 1);
    if (best) return [", because its gradient agrees with that of target ", { b: best.target.label }, " (cosine " + cosine(best) + ")."];
    const worst = strongest(model, found, down.look.index, -1);
    if (worst) return [", because the gradient of " + down.look.label + " opposes that of target ", { b: worst.target.label }, " (cosine " + cosine(worst) + ")."];
    return [". No single gradient stands out of its error; the small differences between the groups' scores decided."];
  }

  function strongest(model, alignment, group, sign) {
    let best = null;
    for (const target of model.targets) {
      const value = alignment.cosines[group][target.index];
      const error = alignment.errors[group][target.index] ?? 0;
      if (!Format.known(value) || sign * value <= error) continue;
      if (!best || sign * value > sign * best.value) best = { target, value, error };
    }
    return best;
  }

  function cosine({ value, error }) {
    return Format.fixed(value, 2) + "\u00a0±\u00a0" + Format.fixed(error, error < 0.01 ? 3 : 2);
  }

  function guards(d) {
    const parts = [];
    if (Format.known(d.fraction)) {
      parts.push(d.fraction > 0.999
        ? "The largest-change guard let the whole step through"
        : "The largest-change guard let " + Format.share(d.fraction) + " of the proposed step through");
      parts.push(Format.known(d.kl) ? " (KL\u00a0" + Format.compact(d.kl) + "). " : ". ");
    }
    if (d.boundGroups > 0) parts.push(Format.plural(d.boundGroups, "group lies", "groups lie") + " at the floor or cap. ");
    return parts;
  }

  function gain(d) {
    if (!Format.known(d.predictedGain) || d.predictedGain === 0) return [];
    const error = Format.known(d.predictedGainError) ? "\u00a0±\u00a0" + Format.compact(d.predictedGainError) : "";
    return ["Expected gain in the weighted score: " + Format.compact(d.predictedGain) + error + ". "];
  }

  function remark(d) {
    return d.message ? [ended(" " + d.message)] : [];
  }

  function ended(text) {
    return /[.!?]$/.test(text) ? text : text + ".";
  }

  function outcome(d) {
    if (d.outcome === "CHANGED") return "changed";
    return "held" + (d.reason ? ": " + (HELD[d.reason] ?? d.reason.toLowerCase().replaceAll("_", " ")) : "");
  }

  return { decision, movements, outcome };
})();
