package io.sluice.core.simulation;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.sequence.SealedPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each rank drew at each step. */
final class StepBooks {

    private record TrainerStep(int trainer, long step) {}

    private record Taken(SealedPlan sealed, List<GroupId> draws) {}

    private record PlanStep(String digest, long firstStep, long step) {}

    /** Draws of a plan so far, as far as they follow on from its first step. */
    private static final class Drawn {
        private final Map<GroupId, Long> counts = new HashMap<>();
        private long nextStep;
        private long draws;
    }

    private final Map<TrainerStep, SealedPlan> told = new HashMap<>();
    private final Map<TrainerStep, Taken> taken = new HashMap<>();
    private final Map<PlanStep, List<GroupId>> byPlan = new HashMap<>();
    private final Map<PlanStep, Drawn> drawn = new HashMap<>();

    /** A trainer heard of a span. */
    void told(int trainer, Span span) {
        for (long step = span.from(); step <= span.through(); step++) {
            Violation.unless(
                    told.putIfAbsent(new TrainerStep(trainer, step), span.sealed()) == null,
                    Invariant.SEALS,
                    () -> "one of these steps was told before: " + span);
        }
    }

    /** A rank took a step. */
    void took(int trainer, int rank, long step, SealedPlan sealed, List<GroupId> draws) {
        TrainerStep key = new TrainerStep(trainer, step);
        Taken first = taken.putIfAbsent(key, new Taken(sealed, draws));
        Violation.unless(
                first == null || (first.sealed().equals(sealed) && first.draws().equals(draws)),
                Invariant.RANKS,
                () -> "rank " + rank + " takes step " + step + " otherwise than another");
        Violation.unless(
                sealed.equals(told.get(key)),
                Invariant.SEALS,
                () ->
                        "rank "
                                + rank
                                + " takes step "
                                + step
                                + " by another plan than it was sealed with");
        List<GroupId> before =
                byPlan.putIfAbsent(
                        new PlanStep(sealed.plan().digest(), sealed.firstStep(), step), draws);
        Violation.unless(
                before == null || before.equals(draws),
                Invariant.DRAWS,
                () -> "step " + step + " was drawn otherwise by the same plan");
        if (before == null) {
            count(sealed, step, draws);
        }
    }

    /** A trainer wrote a checkpoint: it must name the plan of the step before. */
    void saved(int trainer, Resume checkpoint) {
        Taken last = taken.get(new TrainerStep(trainer, checkpoint.nextStep() - 1));
        Violation.unless(
                last.sealed().plan().equals(checkpoint.plan())
                        && last.sealed().firstStep() == checkpoint.planFirstStep(),
                Invariant.DRAWS,
                () ->
                        "a checkpoint names another plan than its last step was drawn by: "
                                + checkpoint);
    }

    /** Every group's count lies within one draw of its share, at the end of every step. */
    private void count(SealedPlan sealed, long step, List<GroupId> draws) {
        Drawn sum =
                drawn.computeIfAbsent(
                        new PlanStep(sealed.plan().digest(), sealed.firstStep(), 0),
                        plan -> {
                            Drawn none = new Drawn();
                            none.nextStep = sealed.firstStep();
                            return none;
                        });
        if (step != sum.nextStep) {
            return;
        }
        sum.nextStep++;
        sum.draws += draws.size();
        draws.forEach(group -> sum.counts.merge(group, 1L, Long::sum));
        Mixture mixture = sealed.plan().mixture();
        for (int j = 0; j < mixture.size(); j++) {
            long count = sum.counts.getOrDefault(mixture.groups().get(j), 0L);
            Violation.unless(
                    Math.abs(count - sum.draws * mixture.weight(j)) <= 1,
                    Invariant.DRAWS,
                    () -> "drawn " + sum.counts + " of " + sum.draws + " times by " + mixture);
        }
    }
}
