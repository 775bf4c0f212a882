package io.sluice.ops.mixing;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.CeilingGuard;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.Hold;
import io.sluice.core.guard.PaceGuard;
import io.sluice.core.guard.PriorPull;
import io.sluice.core.guard.RepetitionGuard;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.ops.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a policy makes of a step, and guards of that: the chain of the controller, without what it
 * knows of other rounds.
 *
 * @param policy the policy
 * @param label what a plan of it would be called
 * @param hold why none would be made; absent when one would
 * @param probe whether it asks for a probe
 * @param groups one entry a group, by id
 * @param kl divergence of the decided mixture from the one in force, in nats
 * @param fraction share of the step that the largest change allowed
 * @param bound how many groups lie at their floor or cap
 * @param boxExceeds whether the box alone led further than the largest change
 * @param heldBySupply how many groups have a lower cap than declared, because they would repeat
 * @param relaxation factor on the epochs that groups may be drawn
 * @param prices prices of the targets' ceilings, by target, to be handed to the next step
 * @param memory the policy's memory, to be handed to the next step
 */
public record StepResult(
        String policy,
        Plan.Label label,
        Optional<Hold> hold,
        boolean probe,
        List<Group> groups,
        double kl,
        double fraction,
        int bound,
        boolean boxExceeds,
        int heldBySupply,
        double relaxation,
        SortedMap<String, Double> prices,
        SortedMap<String, double[]> memory) {

    /**
     * One group.
     *
     * @param id the group
     * @param inForce its share before
     * @param score the policy's score
     * @param scoreError one standard error of it
     * @param worth worth of its next token, 1 while it is fresh
     * @param proposed the policy's proposal
     * @param pulled after the pull to the prior
     * @param decided after box and largest change
     */
    public record Group(
            String id,
            double inForce,
            double score,
            double scoreError,
            double worth,
            double proposed,
            double pulled,
            double decided) {}

    public StepResult {
        groups = List.copyOf(groups);
    }

    /**
     * Runs the step.
     *
     * @throws UserException when the policy cannot serve the run, or the file lacks what it needs
     */
    public static StepResult of(StepFile file) {
        RunSpec spec = file.spec();
        double[] inForce = file.snapshot().inForce().weights();
        double[] worth = RepetitionGuard.marginalValues(spec, file.drawn());
        double[] prices =
                CeilingGuard.prices(
                        spec,
                        file.prices(),
                        file.snapshot().losses().evaluated(),
                        file.snapshot().losses().target());
        PolicyStep step =
                step(
                        file,
                        new RoundSnapshot.Worth(
                                worth, CeilingGuard.weights(spec.targetWeights(), prices)));
        double[] pulled =
                step.probe()
                        ? step.logWeights()
                        : PriorPull.pull(
                                step.logWeights(), spec.prior(), spec.guards().priorPull());
        double latest = 0;
        for (long tokens : file.snapshot().losses().tokens()) {
            latest += tokens;
        }
        RepetitionGuard.Limits limits = RepetitionGuard.limits(spec, file.drawn(), latest);
        ChangeLimit.Limited limited =
                ChangeLimit.limit(inForce, pulled, limits.box(), spec.guards().maxKl());
        Plan.Label label =
                limits.label(limited).orElse(step.probe() ? Plan.Label.PROBE : Plan.Label.POLICY);
        return new StepResult(
                spec.policy().name(),
                label,
                hold(file, step, limits, limited),
                step.probe(),
                groups(file, worth, step, pulled, limited.weights()),
                limited.kl(),
                limited.fraction(),
                limits.box().countBound(limited.weights()),
                limited.boxExceeds(),
                limits.held(),
                limits.relaxation(),
                byTarget(spec, prices),
                step.memory().vectors());
    }

    private static List<Group> groups(
            StepFile file, double[] worth, PolicyStep step, double[] pulled, double[] decided) {
        double[] proposedShares = LogWeights.softmax(step.logWeights());
        double[] pulledShares = LogWeights.softmax(pulled);
        List<Group> groups = new ArrayList<>();
        for (int j = 0; j < decided.length; j++) {
            groups.add(
                    new Group(
                            file.spec().groups().get(j).id().value(),
                            file.snapshot().inForce().weight(j),
                            step.scores()[j],
                            step.scoreErrors()[j],
                            worth[j],
                            proposedShares[j],
                            pulledShares[j],
                            decided[j]));
        }
        return groups;
    }

    /** The result as lines. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s%s: %s",
                policy,
                probe && label != Plan.Label.PROBE ? ", a probe" : "",
                hold.map(why -> "held, " + why.reason() + ": " + why.message())
                        .orElse("a plan, " + label));
        line(
                text,
                "  %-20s %8s %8s %8s %8s %8s %8s",
                "group",
                "in force",
                "score",
                "worth",
                "proposed",
                "pulled",
                "decided");
        for (Group group : groups) {
            line(
                    text,
                    "  %-20s %8.4f %+8.4f %8.4f %8.4f %8.4f %8.4f",
                    group.id(),
                    group.inForce(),
                    group.score(),
                    group.worth(),
                    group.proposed(),
                    group.pulled(),
                    group.decided());
        }
        line(
                text,
                "change %.6f nats, %.0f %% of the step; %d at a floor or cap; %d held by supply%s",
                kl,
                100 * fraction,
                bound,
                heldBySupply,
                boxExceeds ? "; the box alone led further than the largest change" : "");
        if (prices.values().stream().anyMatch(price -> price > 0)) {
            line(
                    text,
                    "prices of ceilings: %s",
                    prices.entrySet().stream()
                            .map(
                                    e ->
                                            String.format(
                                                    Locale.ROOT,
                                                    "%s %.4f",
                                                    e.getKey(),
                                                    e.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        line(
                text,
                "memory %s",
                memory.isEmpty()
                        ? "none"
                        : String.join(", ", memory.keySet()) + " (values: --output json)");
        return text.toString();
    }

    /** As the controller holds a round of a run that controls, without an operator's word. */
    private static Optional<Hold> hold(
            StepFile file,
            PolicyStep step,
            RepetitionGuard.Limits limits,
            ChangeLimit.Limited limited) {
        Mixture inForce = file.snapshot().inForce();
        if (!inForce.differsFrom(limited.weights())) {
            return Optional.of(PaceGuard.unchanged());
        }
        return PaceGuard.isUrgent(step.probe(), limits.box(), inForce)
                ? Optional.empty()
                : PaceGuard.hold(
                        file.spec().guards(),
                        limited.kl(),
                        file.snapshot().round(),
                        file.planRound().orElse(-1));
    }

    private static SortedMap<String, Double> byTarget(RunSpec spec, double[] prices) {
        SortedMap<String, Double> byTarget = new TreeMap<>();
        for (int i = 0; i < prices.length; i++) {
            byTarget.put(spec.targets().get(i).id().value(), prices[i]);
        }
        return byTarget;
    }

    private static PolicyStep step(StepFile file, RoundSnapshot.Worth worth) {
        RoundSnapshot seen = file.snapshot();
        try {
            MixingPolicy policy = PolicyCatalog.create(file.spec());
            StepNeeds.requireGroups(policy, file);
            PolicyStep step = policy.step(seen.withWorth(worth), file.memory());
            if (step.missing().isPresent()) {
                throw StepNeeds.missing(policy, step.missing().get());
            }
            return step;
        } catch (IllegalArgumentException e) {
            throw UserException.invalid(e.getMessage(), e);
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
