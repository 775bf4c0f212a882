package io.sluice.core.round;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.statistics.GradientStatistics;
import io.sluice.core.statistics.SplitSketch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes a complete round's scalars. Only acknowledged signals count, in the order (reporter,
 * part).
 */
final class RoundSummary {

    private final RunSpec spec;
    private final int shard;
    private final RoundStore store;
    private final SketchWork work;
    private int missing;

    RoundSummary(RunSpec spec, int shard, RoundStore store, SketchWork work) {
        this.spec = spec;
        this.shard = shard;
        this.store = store;
        this.work = work;
    }

    /** The round's scalars; empty while a signal that was acknowledged is not here. */
    Optional<ShardRound> summarise(
            long attempt, long round, List<RoundClosed> statements, ShardRound.Counts counts) {
        List<Statement> searchable = statements.stream().map(Statement::of).toList();
        Accumulator[] targets = new Accumulator[spec.targets().size()];
        for (int i = 0; i < targets.length; i++) {
            Subject subject = Subject.of(spec.targets().get(i).id());
            targets[i] = accumulate(round, searchable, subject, i);
        }
        List<GroupRound> groups =
                work.isAny()
                        ? together(round, searchable, targets)
                        : oneByOne(round, searchable, targets);
        if (missing > 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ShardRound(
                        spec.runId(),
                        spec.digest(),
                        attempt,
                        round,
                        round,
                        shard,
                        spec.rounds().lastStep(round),
                        ShardRound.Status.COMPLETE,
                        groups,
                        targetRounds(targets),
                        evaluations(statements),
                        statements.get(0).learningRate(),
                        counts));
    }

    /** Whether every signal is here that a reporter says was acknowledged. */
    boolean isWhole(RoundClosed statement) {
        for (SubjectOutcome outcome : statement.outcomes()) {
            if (outcome.outcome() == Outcome.ACKNOWLEDGED
                    && isMine(outcome)
                    && store.signal(
                                    statement.round(),
                                    subject(outcome),
                                    statement.reporter(),
                                    outcome.part())
                            .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean isMine(SubjectOutcome outcome) {
        return outcome.kind() == Subject.Kind.TARGET
                || RoundReducer.shardOf(spec.groups().get(outcome.index()).id(), spec.shards())
                        == shard;
    }

    private Subject subject(SubjectOutcome outcome) {
        return outcome.kind() == Subject.Kind.TARGET
                ? Subject.of(spec.targets().get(outcome.index()).id())
                : Subject.of(spec.groups().get(outcome.index()).id());
    }

    /** Signals that were acknowledged and are not here, once a round was summarised. */
    int missing() {
        return missing;
    }

    /** The shard's groups, of which one at a time is held. */
    private List<GroupRound> oneByOne(
            long round, List<Statement> statements, Accumulator[] targets) {
        SketchComparison comparison =
                new SketchComparison(work, List.of(), sketches(List.of(targets)));
        List<GroupRound> groups = new ArrayList<>();
        SplitSketch sketch = new SplitSketch();
        for (int index = 0; index < spec.groups().size(); index++) {
            GroupId id = spec.groups().get(index).id();
            if (RoundReducer.shardOf(id, spec.shards()) == shard) {
                sketch.clear();
                Accumulator group = new Accumulator(index, sketch);
                accumulate(round, statements, Subject.of(id), group);
                add(groups, group, comparison);
            }
        }
        return groups;
    }

    /** All groups, held at once: the run has one shard. */
    private List<GroupRound> together(
            long round, List<Statement> statements, Accumulator[] targets) {
        List<Accumulator> all = new ArrayList<>();
        for (int index = 0; index < spec.groups().size(); index++) {
            Subject subject = Subject.of(spec.groups().get(index).id());
            all.add(accumulate(round, statements, subject, index));
        }
        if (missing > 0) {
            return List.of();
        }
        SketchComparison comparison =
                new SketchComparison(work, sketches(all), sketches(List.of(targets)));
        List<GroupRound> groups = new ArrayList<>();
        all.forEach(group -> add(groups, group, comparison));
        return groups;
    }

    private void add(List<GroupRound> groups, Accumulator group, SketchComparison comparison) {
        if (missing == 0 && group.tokens > 0) {
            groups.add(
                    new GroupRound(
                            group.index,
                            group.tokens,
                            group.sequences,
                            group.lossSum,
                            group.lossSquareSum,
                            group.sketch.isSplit()
                                    ? Optional.of(comparison.gradient(group.index, group.sketch))
                                    : Optional.empty()));
        }
    }

    private static List<SplitSketch> sketches(List<Accumulator> subjects) {
        return subjects.stream().map(subject -> subject.sketch).toList();
    }

    private Accumulator accumulate(
            long round, List<Statement> statements, Subject subject, int index) {
        Accumulator sum = new Accumulator(index, new SplitSketch());
        accumulate(round, statements, subject, sum);
        return sum;
    }

    private void accumulate(
            long round, List<Statement> statements, Subject subject, Accumulator sum) {
        for (Statement statement : statements) {
            for (int part = 0; part < Signal.PARTS; part++) {
                if (statement.acknowledges(subject.kind(), sum.index, part)) {
                    store.signal(round, subject, statement.reporter(), part)
                            .ifPresentOrElse(sum::add, () -> missing++);
                }
            }
        }
    }

    /** What a reporter says that the log has, by index and part. */
    private record Statement(String reporter, BitSet groups, BitSet targets) {

        static Statement of(RoundClosed closed) {
            Statement statement = new Statement(closed.reporter(), new BitSet(), new BitSet());
            for (SubjectOutcome outcome : closed.outcomes()) {
                if (outcome.outcome() == Outcome.ACKNOWLEDGED) {
                    statement
                            .of(outcome.kind())
                            .set(Signal.PARTS * outcome.index() + outcome.part());
                }
            }
            return statement;
        }

        boolean acknowledges(Subject.Kind kind, int index, int part) {
            return of(kind).get(Signal.PARTS * index + part);
        }

        private BitSet of(Subject.Kind kind) {
            return kind == Subject.Kind.GROUP ? groups : targets;
        }
    }

    private static List<TargetRound> targetRounds(Accumulator[] targets) {
        List<TargetRound> rounds = new ArrayList<>();
        for (int i = 0; i < targets.length; i++) {
            Accumulator target = targets[i];
            if (target.tokens > 0) {
                rounds.add(
                        new TargetRound(
                                i,
                                target.tokens,
                                target.sequences,
                                target.lossSum,
                                target.sketch.isSplit()
                                        ? Optional.of(GradientStatistics.squaredNorm(target.sketch))
                                        : Optional.empty()));
            }
        }
        return rounds;
    }

    /** Token-weighted means over the reporters. */
    private static List<Evaluation> evaluations(List<RoundClosed> statements) {
        TreeMap<Integer, Evaluation> byTarget = new TreeMap<>();
        for (RoundClosed statement : statements) {
            for (Evaluation evaluation : statement.evaluations()) {
                byTarget.merge(
                        evaluation.target(),
                        evaluation,
                        (a, b) -> {
                            long tokens = a.tokens() + b.tokens();
                            double loss = (a.loss() * a.tokens() + b.loss() * b.tokens()) / tokens;
                            return new Evaluation(a.target(), loss, tokens);
                        });
            }
        }
        return List.copyOf(byTarget.values());
    }

    private static final class Accumulator {
        private final int index;
        private long tokens;
        private long sequences;
        private double lossSum;
        private double lossSquareSum;
        private final SplitSketch sketch;

        Accumulator(int index, SplitSketch sketch) {
            this.index = index;
            this.sketch = sketch;
        }

        void add(Signal signal) {
            tokens = Math.addExact(tokens, signal.tokens());
            sequences = Math.addExact(sequences, signal.sequences());
            lossSum += signal.lossSum();
            lossSquareSum += signal.lossSquareSum();
            if (signal.hasSketch()) {
                sketch.add(signal);
            }
        }
    }
}
