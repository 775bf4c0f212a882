package io.sluice.core.sequence;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.sequence.PlanAck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Says which plan holds for which step of one attempt. Plans come in by compare-and-set, steps go
 * out sealed, and a sealed step never changes its plan. No clock, no I/O; one owner at a time.
 *
 * <p><b>In force</b> is the plan last accepted, even if its first step is still to come. A plan is
 * accepted only if its epoch is not below the highest seen, it was made for this attempt and spec,
 * its version is above the one in force, it replaces the plan in force, and its mixture has exactly
 * the run's groups and lies in the run's box, in which floors give way to supplies, unless its
 * label says that an operator's word stands above the box. It then begins at {@code max(its
 * effective step, last sealed step + 1)}; plans accepted before it that would begin there or later
 * never begin.
 *
 * <p><b>Epochs.</b> Every plan of the run that is offered raises the highest epoch, also one that
 * is refused for another reason. An epoch is the offset of a controller's claim, so that seeing it
 * proves that a newer controller has started. That controller's first plan is likely to be refused,
 * because the older one, still running, published meanwhile; were the epoch not raised, the two
 * could go on taking turns. So the older one is fenced at once, and (epoch, version) of accepted
 * plans never falls.
 */
public final class PlanSequencer {

    /** A smaller change than this, in nats, is none. */
    private static final double LEAST_KL = 1e-12;

    private final RunSpec spec;
    private final Attempt attempt;
    private final MixtureBox widest;
    private final NavigableMap<Long, Plan> planByFirstStep = new TreeMap<>();
    private long highestEpoch;
    private long lastSealedStep;

    private PlanSequencer(RunSpec spec, Attempt attempt, SequencerState state) {
        if (state.attempt() != attempt.number()) {
            throw new IllegalArgumentException(
                    "state of attempt " + state.attempt() + " for attempt " + attempt.number());
        }
        if (state.lastSealedStep() < attempt.resumeStep() - 1) {
            throw new IllegalArgumentException(
                    "sealed through step "
                            + state.lastSealedStep()
                            + ", before the attempt's first step "
                            + attempt.resumeStep());
        }
        this.spec = spec;
        this.attempt = attempt;
        this.widest = MixtureBox.widest(spec);
        this.highestEpoch = state.highestEpoch();
        this.lastSealedStep = state.lastSealedStep();
        state.plans().forEach(entry -> planByFirstStep.put(entry.firstStep(), entry.plan()));
    }

    /**
     * A sequencer at the start of an attempt, with nothing sealed and the attempt's plan in force.
     *
     * @param highestEpoch highest epoch that the log has shown so far; -1 when it has shown none
     * @param firstStep first step of the plan in force: the attempt's first step, or an earlier one
     *     when the trainer's checkpoint carried the plan over
     */
    public static PlanSequencer start(
            RunSpec spec, Attempt attempt, long highestEpoch, long firstStep) {
        return new PlanSequencer(
                spec,
                attempt,
                new SequencerState(
                        attempt.number(),
                        Math.max(highestEpoch, attempt.inForce().epoch()),
                        attempt.resumeStep() - 1,
                        List.of(new SealedPlan(attempt.inForce(), firstStep))));
    }

    /** A sequencer that goes on where {@link #snapshot()} was taken. */
    public static PlanSequencer restore(RunSpec spec, Attempt attempt, SequencerState state) {
        return new PlanSequencer(spec, attempt, state);
    }

    /** What must be durable before a seal or an answer leaves. */
    public SequencerState snapshot() {
        List<SealedPlan> plans = new ArrayList<>(planByFirstStep.size());
        planByFirstStep.forEach((firstStep, plan) -> plans.add(new SealedPlan(plan, firstStep)));
        return new SequencerState(attempt.number(), highestEpoch, lastSealedStep, plans);
    }

    /** Accepts or refuses a plan, and says which one is in force now. */
    public PlanAck offer(Plan plan) {
        Verdict verdict = judge(plan);
        if (plan.runId().equals(spec.runId())) {
            highestEpoch = Math.max(highestEpoch, plan.epoch());
        }
        if (verdict == Verdict.ACCEPTED) {
            long firstStep = Math.max(plan.effectiveStep(), lastSealedStep + 1);
            planByFirstStep.tailMap(firstStep, true).clear();
            planByFirstStep.put(firstStep, plan);
        }
        return new PlanAck(
                spec.runId(),
                attempt.number(),
                plan.version(),
                plan.digest(),
                plan.epoch(),
                verdict,
                inForce());
    }

    /**
     * Makes a plan of the bridge's own that moves from the one in force to the prior, as far as the
     * run's largest change allows. It is in force at once, and begins with the next step that is
     * sealed. To a controller that comes back it is a mixture in force like any other, from which
     * its next plan goes on. What an operator decided is not undone by silence.
     *
     * @return the plan; empty when the one in force is at the prior already, or an operator's
     */
    public Optional<Plan> fallBack(PlanDigest digest) {
        Plan inForce = inForce();
        if (inForce.label().isOperators()) {
            return Optional.empty();
        }
        RunSpec present = withDrawn(inForce.mixture());
        Mixture prior = present.prior();
        double[] towards = new double[prior.size()];
        for (int j = 0; j < towards.length; j++) {
            towards[j] = LogWeights.log(prior.weight(j));
        }
        double[] weights =
                ChangeLimit.limit(
                                inForce.mixture().weights(),
                                towards,
                                MixtureBox.of(present),
                                spec.guards().maxKl())
                        .weights();
        Mixture mixture = Mixture.normalised(prior.groups(), weights);
        if (mixture.klFrom(inForce.mixture()) < LEAST_KL) {
            return Optional.empty();
        }
        Plan plan =
                new Plan(
                        spec.runId(),
                        attempt.number(),
                        highestEpoch,
                        spec.digest(),
                        -1,
                        inForce.version() + 1,
                        inForce.digest(),
                        lastSealedStep + 1,
                        mixture,
                        Plan.Label.FALLBACK,
                        "");
        Plan made = plan.withDigest(digest.of(plan));
        planByFirstStep.tailMap(lastSealedStep + 1, true).clear();
        planByFirstStep.put(lastSealedStep + 1, made);
        return Optional.of(made);
    }

    /** The run with those groups that are declared for later and are drawn by now. */
    private RunSpec withDrawn(Mixture inForce) {
        List<GroupSpec> groups = new ArrayList<>();
        for (int j = 0; j < inForce.size(); j++) {
            GroupSpec group = spec.groups().get(j);
            groups.add(group.withDormant(group.dormant() && inForce.weight(j) == 0));
        }
        return spec.withGroups(groups);
    }

    /** First step of the plan in force. */
    public long inForceSince() {
        return planByFirstStep.lastKey();
    }

    private Verdict judge(Plan plan) {
        Plan inForce = inForce();
        if (plan.digest().equals(inForce.digest())) {
            return Verdict.REPEATED;
        }
        if (plan.epoch() < highestEpoch) {
            return Verdict.STALE_EPOCH;
        }
        if (plan.attempt() != attempt.number()) {
            return Verdict.OTHER_ATTEMPT;
        }
        if (!plan.runId().equals(spec.runId()) || !plan.specDigest().equals(spec.digest())) {
            return Verdict.OTHER_SPEC;
        }
        if (plan.version() <= inForce.version()) {
            return Verdict.STALE_VERSION;
        }
        if (!plan.replaces().equals(inForce.digest())) {
            return Verdict.WRONG_BASE;
        }
        if (!plan.mixture().groups().equals(spec.groupIds())
                || !plan.label().isOperators() && !widest.contains(plan.mixture().weights())) {
            return Verdict.BAD_MIXTURE;
        }
        return Verdict.ACCEPTED;
    }

    /**
     * Seals the steps after the last sealed one through {@code throughStep}: one seal per span that
     * one plan holds for, in order; none when these steps are sealed already.
     */
    public List<Seal> seal(long throughStep) {
        List<Seal> seals = new ArrayList<>();
        while (lastSealedStep < throughStep) {
            long from = lastSealedStep + 1;
            Map.Entry<Long, Plan> holds = planByFirstStep.floorEntry(from);
            Long nextFirstStep = planByFirstStep.higherKey(from);
            long through =
                    nextFirstStep == null ? throughStep : Math.min(throughStep, nextFirstStep - 1);
            boolean changesPlan = from == Math.max(holds.getKey(), attempt.resumeStep());
            seals.add(
                    new Seal(
                            spec.runId(),
                            attempt.number(),
                            spec.digest(),
                            from,
                            through,
                            holds.getValue(),
                            changesPlan));
            lastSealedStep = through;
        }
        return seals;
    }

    /**
     * The plan of a sealed step.
     *
     * @throws IllegalStateException when the attempt has not sealed this step, or its plan was
     *     forgotten
     */
    public SealedPlan planAt(long step) {
        Map.Entry<Long, Plan> holds = planByFirstStep.floorEntry(step);
        if (step < attempt.resumeStep() || step > lastSealedStep || holds == null) {
            throw new IllegalStateException(
                    "step "
                            + step
                            + " is not at hand: attempt "
                            + attempt.number()
                            + " sealed steps "
                            + attempt.resumeStep()
                            + " to "
                            + lastSealedStep
                            + " and has plans from step "
                            + planByFirstStep.firstKey());
        }
        return new SealedPlan(holds.getValue(), holds.getKey());
    }

    /**
     * Drops the plans that end before {@code step}, so that memory stays bounded. Steps from there
     * on can still be asked for; what is not sealed yet is kept.
     */
    public void forgetBefore(long step) {
        Long firstStep = planByFirstStep.floorKey(Math.min(step, lastSealedStep + 1));
        if (firstStep != null) {
            planByFirstStep.headMap(firstStep, false).clear();
        }
    }

    /** The plan last accepted; at the start the attempt's. */
    public Plan inForce() {
        return planByFirstStep.lastEntry().getValue();
    }

    /** The last sealed step; the step before the attempt's first one when none is. */
    public long lastSealedStep() {
        return lastSealedStep;
    }
}
