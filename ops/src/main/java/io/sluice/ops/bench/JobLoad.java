package io.sluice.ops.bench;

import io.sluice.core.sketch.BFloat16;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What the trainer of a made-up run would put on the topics, where the job is wanted alone: both
 * halves of every group and of two targets in every round, from one reporter.
 *
 * @param runId the run
 * @param groups how many groups
 * @param dimension numbers in each sketch; 0 for signals without
 * @param shards into how many parts the groups are split
 * @param drifts whether the evidence differs from round to round
 */
public record JobLoad(String runId, int groups, int dimension, int shards, boolean drifts) {

    static final int TARGETS = 2;

    private static final int PARTS = 2;
    private static final int ROUND_STEPS = 20;
    private static final long TOKENS = 4096;
    private static final String REPORTER = "r0";

    /** Names of equal length sort as their numbers do. */
    private static final int FIRST_NAME = 10_000;

    /** So many sketches, from none to all of the targets' direction, each with its noise. */
    private static final int SKETCHES = 61;

    /** After so many rounds every group agrees with the targets as it did before. */
    private static final int DRIFT_ROUNDS = 120;

    /** The same evidence in every round. */
    public JobLoad(String runId, int groups, int dimension, int shards) {
        this(runId, groups, dimension, shards, false);
    }

    /** Signals of a round, and the statement that closes it. */
    public int recordsPerRound() {
        return PARTS * (groups + TARGETS) + 1;
    }

    /** The first step of a round. */
    static long firstStep(long round) {
        return round * ROUND_STEPS;
    }

    /** The run's declaration. Where there are no sketches, its policy asks for none. */
    RunSpec declaration() {
        RunSpec.Builder spec =
                RunSpec.newBuilder()
                        .setRunId(runId)
                        .setGroups(
                                IntStream.range(0, groups)
                                        .mapToObj(
                                                j ->
                                                        GroupDeclaration.newBuilder()
                                                                .setId(group(j))
                                                                .setPrior(1.0 / groups)
                                                                .setFloor(0.1 / groups)
                                                                .setCap(Math.min(1, 10.0 / groups))
                                                                .build())
                                        .toList())
                        .setTargets(
                                IntStream.range(0, TARGETS)
                                        .mapToObj(
                                                i ->
                                                        TargetDeclaration.newBuilder()
                                                                .setId(target(i))
                                                                .setWeight(1.0 / TARGETS)
                                                                .build())
                                        .toList())
                        .setPolicy(dimension == 0 ? "odm" : "dga")
                        .setPolicyOptions(Map.of())
                        .setMinGroupSequences(2)
                        .setMinTargetSequences(2)
                        .setRoundSteps(ROUND_STEPS)
                        .setLeadSteps(1)
                        .setShards(shards)
                        .setMode(RunMode.CONTROL);
        if (dimension > 0) {
            spec.setSketchDimension(dimension);
        }
        return spec.setDigest(Digests.of(spec.setDigest("").build())).build();
    }

    /** An attempt from the first step on the prior. */
    AttemptStarted started(RunSpec spec) {
        MixturePlan.Builder prior =
                MixturePlan.newBuilder()
                        .setRunId(runId)
                        .setAttempt(-1)
                        .setEpoch(-1)
                        .setSpecDigest(spec.getDigest())
                        .setVersion(0)
                        .setWeights(
                                spec.getGroups().stream()
                                        .map(g -> new GroupWeight(g.getId(), g.getPrior()))
                                        .toList())
                        .setLabel(PlanLabel.PRIOR);
        return AttemptStarted.newBuilder()
                .setRunId(runId)
                .setSpecDigest(spec.getDigest())
                .setResumeStep(0)
                .setReporters(List.of(REPORTER))
                .setInForce(prior.setDigest(Digests.of(prior.setDigest("").build())).build())
                .build();
    }

    /** The sketches that signals take turns with. */
    List<ByteBuffer> sketches() {
        SplittableRandom random = new SplittableRandom(1);
        List<ByteBuffer> sketches = new ArrayList<>();
        for (int i = 0; i < SKETCHES; i++) {
            float[] values = new float[dimension];
            double along = (double) i / SKETCHES;
            for (int b = 0; b < dimension; b++) {
                values[b] = (float) (along + random.nextDouble(-0.5, 0.5));
            }
            sketches.add(ByteBuffer.wrap(BFloat16.encode(values)));
        }
        return sketches;
    }

    /**
     * Which of the sketches a signal has. Where evidence drifts, groups agree with the targets by
     * turns, so that there is always a better mixture than the one in force.
     *
     * @param number from 0 to {@link #recordsPerRound} - 2
     */
    int sketchOf(long round, int number) {
        if (!drifts) {
            return number % SKETCHES;
        }
        int part = number % PARTS;
        int index = number / PARTS;
        if (index >= groups) {
            return SKETCHES - PARTS + part;
        }
        double turn = (double) (round % DRIFT_ROUNDS) / DRIFT_ROUNDS + (double) index / groups;
        double agreement = (1 + StrictMath.sin(2 * Math.PI * turn)) / 2;
        return (int) (agreement * (SKETCHES - PARTS)) + part;
    }

    /**
     * One signal.
     *
     * @param number from 0 to {@link #recordsPerRound} - 2
     */
    GroupSignal signal(String digest, long attempt, long round, int number, ByteBuffer sketch) {
        int part = number % PARTS;
        int index = number / PARTS;
        boolean group = index < groups;
        // Not by the builder, which would take longer than the job that is measured.
        return new GroupSignal(
                runId,
                digest,
                attempt,
                round,
                group ? SubjectKind.GROUP : SubjectKind.TARGET,
                group ? group(index) : target(index - groups),
                REPORTER,
                part,
                firstStep(round),
                round * ROUND_STEPS + ROUND_STEPS - 1,
                group ? List.of(new PlanTokens(0L, TOKENS)) : List.of(),
                TOKENS,
                32L,
                TOKENS * (2 + 0.5 * Math.sin(index + round)),
                5.0 * TOKENS,
                sketch.duplicate());
    }

    /** The statement that everything of a round is in the log. */
    RoundClosed closed(String digest, long attempt, long round) {
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            for (int j = 0; j < groups; j++) {
                outcomes.add(outcome(SubjectKind.GROUP, j, part));
            }
            for (int i = 0; i < TARGETS; i++) {
                outcomes.add(outcome(SubjectKind.TARGET, i, part));
            }
        }
        return RoundClosed.newBuilder()
                .setRunId(runId)
                .setSpecDigest(digest)
                .setAttempt(attempt)
                .setRound(round)
                .setReporter(REPORTER)
                .setFromStep(firstStep(round))
                .setThroughStep(round * ROUND_STEPS + ROUND_STEPS - 1)
                .setOutcomes(outcomes)
                .setLearningRate(1e-3)
                .setEvaluations(Collections.emptyList())
                .build();
    }

    private static SubjectOutcome outcome(SubjectKind kind, int index, int part) {
        return new SubjectOutcome(kind, index, part, SignalOutcome.ACKNOWLEDGED);
    }

    private static String group(int j) {
        return "group-" + (FIRST_NAME + j);
    }

    private static String target(int i) {
        return "target-" + i;
    }
}
