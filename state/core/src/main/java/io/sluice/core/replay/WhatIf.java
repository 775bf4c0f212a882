package io.sluice.core.replay;

import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * What a run would have decided under another policy or other bounds, round by round, from what was
 * measured in it. It follows a replay: each round has the evidence, the timing and the operators'
 * commands that it had, and what stands in for the plan that was in force is the one that this side
 * would have had in force after the same decision. Under the declared policy and bounds every
 * decision is the recorded one to the last bit.
 *
 * <p>The measurements are of the mixture that was trained on. So the first decisions that differ
 * are what the policy would have done; later ones lean on evidence that another mixture would have
 * changed, and say where the policy is heading rather than where it would have ended.
 */
public final class WhatIf {

    private record Place(String specDigest, long round) {}

    private record Round(long attempt, long round) {}

    private final PlanDigest digest;
    private final UnaryOperator<RunSpec> change;
    private final BiConsumer<Decision, Decision> sink;
    private final Map<String, RunSpec> specs = new HashMap<>();
    private final Map<String, Controller> controllers = new HashMap<>();
    private final Map<String, Plan> inForce = new HashMap<>();
    private final Map<String, Plan> plans = new HashMap<>();
    private final Map<Place, Statistics> begun = new HashMap<>();
    private Round place = new Round(-1, -1);
    private Statistics before;
    private Round next = place;
    private Statistics after;

    /**
     * @param change the declaration that decides, of the one that was declared; of the same groups
     *     and targets
     * @param sink takes each recorded decision, and what would have been decided
     */
    public WhatIf(
            PlanDigest digest, UnaryOperator<RunSpec> change, BiConsumer<Decision, Decision> sink) {
        this.digest = digest;
        this.change = change;
        this.sink = sink;
    }

    /** What its policy asks of a run's sketches. */
    SketchWork work(RunSpec declared) {
        return SketchWork.of(changed(declared).policy());
    }

    private RunSpec changed(RunSpec declared) {
        return specs.computeIfAbsent(declared.digest(), d -> change.apply(declared));
    }

    /** Decides what was decided. */
    void decided(RunReplay.Made made) {
        DecisionInputs inputs = made.inputs();
        RunSpec spec = changed(made.spec());
        Plan base = inForce.getOrDefault(made.inForce().digest(), made.inForce());
        plans.putIfAbsent(base.digest(), base);
        before = before(made, spec);
        Controller.Step step =
                RunReplay.step(
                        controllers.computeIfAbsent(
                                spec.digest(),
                                d -> new Controller(spec, digest, new InMemorySnapshotStore())),
                        inputs,
                        spec,
                        made.attempt(),
                        base,
                        RunReplay.unanswered(plans, base, inputs.waiting()),
                        before.with(made.before().overrides()),
                        made.commands(),
                        made.parts());
        Decision decision = step.decisions().get(0);
        remember(made, step.state());
        sink.accept(made.decision(), decision);
    }

    /** What this side knows of the rounds before; a job that was restored decides some twice. */
    private Statistics before(RunReplay.Made made, RunSpec spec) {
        DecisionInputs inputs = made.inputs();
        Round asked = new Round(inputs.attempt(), inputs.firstRound());
        if (asked.equals(place)) {
            return before;
        }
        place = asked;
        if (asked.equals(next)) {
            return after;
        }
        Basis basis = inputs.basis();
        boolean anew = basis.kind() == Basis.Kind.NEW || basis.kind() == Basis.Kind.RESET;
        Statistics known = begun.get(new Place(spec.digest(), basis.round()));
        return anew || known == null
                ? Statistics.none(spec)
                : known.at(basis.round(), made.before().overrides());
    }

    private void remember(RunReplay.Made made, ControllerState state) {
        String recorded = made.decision().plan().map(Plan::digest).orElse(made.inForce().digest());
        inForce.put(recorded, state.inForce());
        plans.put(state.inForce().digest(), state.inForce());
        next = new Round(made.inputs().attempt(), made.inputs().round() + 1);
        after = Statistics.of(state);
        if (made.isBasis()) {
            begun.put(new Place(state.spec().digest(), next.round()), after);
        }
    }
}
