package io.sluice.core.simulation;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import io.sluice.core.sketch.BFloat16;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One reporter's sums over the round under way. Losses and gradients are made up. */
final class RoundRecorder {

    private static final int TOKENS_PER_DRAW = 64;
    private static final int SEQUENCES_PER_DRAW = 2;

    private final Dice dice;
    private final RunSpec spec;
    private final String reporter;
    private final long resumeStep;

    /** Tokens by (group, part), and of them by plan version. */
    private final TreeMap<Integer, List<TreeMap<Long, Long>>> drawn = new TreeMap<>();

    private final int[] observations;
    private boolean targetsTaken;

    RoundRecorder(Dice dice, RunSpec spec, String reporter, long resumeStep) {
        this.dice = dice;
        this.spec = spec;
        this.reporter = reporter;
        this.resumeStep = resumeStep;
        this.observations = new int[spec.groups().size()];
    }

    /** Takes a step in; answers the round when that is its last. */
    Optional<RecordedRound> step(long step, SealedPlan sealed, List<GroupId> draws) {
        if (step < resumeStep) {
            return Optional.empty();
        }
        for (GroupId group : draws) {
            int j = spec.groupIndex(group);
            drawn.computeIfAbsent(j, k -> List.of(new TreeMap<>(), new TreeMap<>()))
                    .get(observations[j]++ % Signal.PARTS)
                    .merge(sealed.plan().version(), (long) TOKENS_PER_DRAW, Long::sum);
        }
        long round = spec.rounds().roundOf(step);
        long first = Math.max(spec.rounds().firstStep(round), resumeStep);
        long last = spec.rounds().lastStep(round);
        targetsTaken |= step == first + (last - first) / 2;
        return step == last ? Optional.of(end(round, first, last)) : Optional.empty();
    }

    private RecordedRound end(long round, long first, long last) {
        List<Signal> signals = new ArrayList<>();
        drawn.forEach(
                (j, parts) -> {
                    for (int part = 0; part < Signal.PARTS; part++) {
                        group(round, first, last, j, part, parts.get(part)).ifPresent(signals::add);
                    }
                });
        List<Evaluation> evaluations = new ArrayList<>();
        for (int i = 0; i < spec.targets().size() && targetsTaken; i++) {
            if (!dice.oneIn(40)) {
                boolean thin = dice.oneIn(40);
                for (int part = 0; part < Signal.PARTS; part++) {
                    signals.add(target(round, first, last, i, part, thin ? 1 : 8));
                }
            }
            if (dice.oneIn(4)) {
                evaluations.add(new Evaluation(i, 1 + dice.unit(), dice.between(1, 1000)));
            }
        }
        drawn.clear();
        java.util.Arrays.fill(observations, 0);
        targetsTaken = false;
        return new RecordedRound(round, first, last, signals, evaluations, false);
    }

    private Optional<Signal> group(
            long round, long first, long last, int j, int part, TreeMap<Long, Long> byVersion) {
        if (byVersion.isEmpty()) {
            return Optional.empty();
        }
        List<PlanTokens> plans = new ArrayList<>();
        byVersion.forEach((version, tokens) -> plans.add(new PlanTokens(version, tokens)));
        long tokens = plans.stream().mapToLong(PlanTokens::tokens).sum();
        return Optional.of(
                signal(
                        round,
                        first,
                        last,
                        Subject.of(spec.groups().get(j).id()),
                        part,
                        plans,
                        tokens,
                        SEQUENCES_PER_DRAW * tokens / TOKENS_PER_DRAW,
                        j));
    }

    private Signal target(long round, long first, long last, int i, int part, int sequences) {
        return signal(
                round,
                first,
                last,
                Subject.of(spec.targets().get(i).id()),
                part,
                List.of(),
                100,
                sequences,
                -1);
    }

    private Signal signal(
            long round,
            long first,
            long last,
            Subject subject,
            int part,
            List<PlanTokens> plans,
            long tokens,
            long sequences,
            int group) {
        return new Signal(
                spec.runId(),
                spec.digest(),
                -1,
                round,
                subject,
                reporter,
                part,
                first,
                last,
                plans,
                tokens,
                sequences,
                tokens * (1 + dice.unit()),
                tokens * (2 + dice.unit()),
                dice.oneIn(80) ? new byte[0] : sketch(tokens, group));
    }

    /** Towards the target or away from it, something of the subject's own, and noise. */
    private byte[] sketch(long tokens, int group) {
        float[] sum = new float[Scenario.DIMENSION];
        for (int b = 0; b < sum.length; b++) {
            sum[b] = (float) (tokens * (dice.unit() - 0.5) / 4);
        }
        sum[0] += group % 2 == 0 ? -tokens : tokens;
        sum[2 + group] += tokens / 2f;
        return BFloat16.encode(sum);
    }
}
