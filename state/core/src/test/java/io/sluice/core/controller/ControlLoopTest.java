package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The whole loop in one thread: a scripted trainer whose best mixture is known, and nothing but
 * core between its signals and its draws.
 */
class ControlLoopTest {

    private static final int DIMENSION = 1009;
    private static final int SHARDS = 2;
    private static final int ROUNDS = 80;
    private static final int TOKENS_PER_DRAW = 2048;
    private static final int SEQUENCES_PER_DRAW = 4;
    private static final double ETA = 0.4;
    private static final double FLOOR = 0.02;

    /** Cosine of each group's gradient with the target's. */
    private static final double[] COSINES = {0.5, 0.3, 0.1, -0.2, -0.5};

    private static final double[] PRIORS = {0.1, 0.2, 0.3, 0.2, 0.2};

    private final Random random = new Random(17);
    private final RunSpec spec = spec();
    private final Attempt attempt = TestingRun.attempt(spec, 1, 0, "r0");
    private final TestingSignals signals = new TestingSignals(spec, attempt);
    private final PlanSequencer sequencer = PlanSequencer.start(spec, attempt, -1, 0);
    private final ExactSampler sampler = new ExactSampler(spec.seed(), spec.runId(), 32);
    private final Controller controller =
            new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
    private final List<RoundReducer> reducers = new ArrayList<>();
    private final List<RoundLedger> ledgers = new ArrayList<>();
    private ControllerState state = ControllerState.start(spec, attempt);

    @Test
    void theSameControllerGetsThereWithoutFlink() {
        for (int shard = 0; shard < SHARDS; shard++) {
            reducers.add(new RoundReducer(spec, shard, new InMemoryRoundStore()));
            ledgers.add(reducers.get(shard).start(attempt, Optional.empty()));
        }
        double[] sum = new double[PRIORS.length];
        for (long round = 0; round < ROUNDS; round++) {
            train(round);
            if (round >= ROUNDS - 10) {
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += sequencer.inForce().mixture().weight(j) / 10;
                }
            }
        }

        assertThat(state.nextRound()).isEqualTo(ROUNDS);
        assertThat(state.inForce()).isEqualTo(sequencer.inForce());
        assertThat(sum).containsExactly(fixedPoint(), within(0.02));
        Mixture last = sequencer.inForce().mixture();
        assertThat(last.weight(3)).isEqualTo(FLOOR, within(1e-12));
        assertThat(last.weight(4)).isEqualTo(FLOOR, within(1e-12));
    }

    /**
     * {@code box(prior exp(eta a / tau))}, where a are the cosines, shrunk towards their mean by
     * the error of the sketch and divided by the largest.
     */
    private double[] fixedPoint() {
        double mean = 0;
        for (double cosine : COSINES) {
            mean += cosine / COSINES.length;
        }
        double total = 0;
        for (double cosine : COSINES) {
            total += (cosine - mean) * (cosine - mean) / (COSINES.length - 1);
        }
        double share = (total - 1.0 / DIMENSION) / total;
        double largest = 0;
        double[] shrunk = new double[COSINES.length];
        for (int j = 0; j < shrunk.length; j++) {
            shrunk[j] = mean + share * (COSINES[j] - mean);
            largest = Math.max(largest, Math.abs(shrunk[j]));
        }
        double[] weights = new double[COSINES.length];
        for (int j = 0; j < weights.length; j++) {
            double score = shrunk[j] / largest;
            weights[j] = PRIORS[j] * Math.exp(ETA * score / spec.guards().priorPull());
        }
        return MixtureBox.of(spec).project(weights);
    }

    /** Draws a round by its sealed plans, reports it in random order, and takes the answer. */
    private void train(long round) {
        sequencer.seal(spec.rounds().lastStep(round));
        int[][] draws = new int[PRIORS.length][Signal.PARTS];
        int[] alternating = new int[PRIORS.length];
        for (long step = spec.rounds().firstStep(round);
                step <= spec.rounds().lastStep(round);
                step++) {
            for (GroupId group : sampler.draws(sequencer.planAt(step), step)) {
                int j = spec.groupIndex(group);
                draws[j][alternating[j]++ % Signal.PARTS]++;
            }
        }
        sequencer.forgetBefore(spec.rounds().lastStep(round));
        List<Signal> sent = new ArrayList<>();
        for (int part = 0; part < Signal.PARTS; part++) {
            for (int j = 0; j < PRIORS.length; j++) {
                Subject group = Subject.of(spec.groups().get(j).id());
                sent.add(signal(round, group, part, draws[j][part], COSINES[j], j + 1));
            }
            sent.add(signal(round, Subject.of(spec.targets().get(0).id()), part, 20, 1, 0));
        }
        List<SubjectOutcome> outcomes = sent.stream().map(signals::acknowledged).toList();
        Collections.shuffle(sent, random);
        for (int shard = 0; shard < SHARDS; shard++) {
            RoundReducer reducer = reducers.get(shard);
            for (Signal signal : sent) {
                assertThat(SignalRules.check(signal, spec, attempt)).isEmpty();
                if (belongs(signal.subject(), shard)) {
                    take(shard, reducer.add(ledgers.get(shard), signal));
                }
            }
            take(shard, reducer.close(ledgers.get(shard), signals.closed(round, "r0", outcomes)));
        }
    }

    private boolean belongs(Subject subject, int shard) {
        return !subject.isGroup()
                || RoundReducer.shardOf(new GroupId(subject.id()), SHARDS) == shard;
    }

    private void take(int shard, RoundReducer.Step step) {
        ledgers.set(shard, step.ledger());
        for (ShardRound result : step.rounds()) {
            Controller.Step decided = controller.round(state, result, 1);
            state = decided.state();
            for (Decision decision : decided.decisions()) {
                assertThat(decision.plan().isPresent() || decision.hold().isPresent()).isTrue();
                decision.plan().ifPresent(this::publish);
            }
        }
    }

    private void publish(Plan plan) {
        Mixture before = sequencer.inForce().mixture();
        PlanAck ack = sequencer.offer(plan);
        assertThat(ack.verdict()).isEqualTo(PlanAck.Verdict.ACCEPTED);
        assertThat(plan.mixture().klFrom(before))
                .isLessThanOrEqualTo(spec.guards().maxKl() + 1e-12);
        state = controller.acknowledge(state, ack);
    }

    /**
     * A gradient of length 1 that has this cosine with the target's, which points along axis 0; the
     * rest points along an axis of the group's own. Noise of length 1 per token.
     */
    private Signal signal(
            long round, Subject subject, int part, int draws, double cosine, int axis) {
        long tokens = (long) draws * TOKENS_PER_DRAW;
        float[] sum = new float[DIMENSION];
        double noise = Math.sqrt((double) tokens / DIMENSION);
        for (int b = 0; b < DIMENSION; b++) {
            sum[b] = (float) (noise * random.nextGaussian());
        }
        sum[0] += (float) (tokens * cosine);
        sum[axis] += (float) (tokens * Math.sqrt(1 - cosine * cosine));
        return signals.signal(
                round, subject, "r0", part, tokens, (long) draws * SEQUENCES_PER_DRAW, sum);
    }

    private static RunSpec spec() {
        TestingRun run =
                TestingRun.run()
                        .target("t", 1)
                        .policy(PolicySpec.of("dga", Map.of("eta", ETA)))
                        .dimension(DIMENSION)
                        .shards(SHARDS);
        for (int j = 0; j < PRIORS.length; j++) {
            run.group(TestingRun.id(j), PRIORS[j], FLOOR, 1);
        }
        return run.build();
    }
}
