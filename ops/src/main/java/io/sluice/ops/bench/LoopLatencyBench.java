package io.sluice.ops.bench;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.Observation;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.ops.ProgressDisplay;
import io.sluice.ops.demo.Latencies;
import io.sluice.ops.stack.LocalStack;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long feedback takes: rounds of made-up signals go through bridge, Kafka, Flink, Kafka and
 * bridge, one at a time, and after each round one record goes through an identity job. Both are
 * timed on the same machine in the same minutes.
 */
public final class LoopLatencyBench {

    private static final int TARGETS = 2;
    private static final long ANSWER_SECONDS = 60;

    private final int groups;
    private final int warmUp;
    private final int rounds;
    private final PrintStream out;

    /** One round a step: {@code warmUp} rounds are run before {@code rounds} are measured. */
    public LoopLatencyBench(int groups, int warmUp, int rounds, PrintStream out) {
        this.groups = groups;
        this.warmUp = warmUp;
        this.rounds = rounds;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        try (ScratchFolder scratch = ScratchFolder.create()) {
            return measure(scratch.path());
        }
    }

    private BenchResult measure(Path folder) throws Exception {
        Latencies loop = new Latencies();
        Latencies identity = new Latencies();
        BlockingQueue<OptionalLong> plans = new LinkedBlockingQueue<>();
        CountDownLatch started = new CountDownLatch(1);
        BridgeListener listener =
                new BridgeListener() {
                    @Override
                    public void attemptStarted(long number) {
                        started.countDown();
                    }

                    @Override
                    public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
                        plans.add(nanosSinceRoundClosed);
                    }
                };
        try (LocalStack stack = LocalStack.start(folder, 1);
                IdentityJob job = IdentityJob.start(stack.client(), folder.resolve("identity"));
                Bridge bridge = Bridge.open(options(stack, folder), spec(), listener);
                TrainerSession session = bridge.start()) {
            // Rounds that end before the attempt has its number are dropped.
            if (!started.await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the attempt did not start");
            }
            ProgressDisplay progress = new ProgressDisplay(out, false, warmUp + rounds);
            SplittableRandom random = new SplittableRandom(1);
            for (int round = 0; round < warmUp + rounds; round++) {
                observe(session, round, random);
                OptionalLong nanos = plans.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
                if (nanos == null) {
                    throw new IllegalStateException("no plan came for round " + round);
                }
                long through = job.roundTripNanos();
                if (round >= warmUp) {
                    nanos.ifPresent(loop::add);
                    identity.add(through);
                }
                progress.show(round + 1, "rounds");
            }
        }
        return result(loop, identity);
    }

    private void observe(TrainerSession session, long step, SplittableRandom random) {
        session.plan(step);
        for (int half = 0; half < 2; half++) {
            for (int j = 0; j < groups; j++) {
                session.record(observation(Subject.of(group(j)), agreement(j, step), random));
            }
            for (int i = 0; i < TARGETS; i++) {
                session.record(observation(Subject.of(target(i)), 1, random));
            }
        }
        session.endStep(step, 1e-3);
    }

    /**
     * How far a group points where the targets point; turns with every round, so that every round
     * moves the mixture.
     */
    private double agreement(int j, long step) {
        double share = (double) j / groups - 0.5;
        return step % 2 == 0 ? share : -share;
    }

    private static Observation observation(Subject subject, double along, SplittableRandom random) {
        float[] sketch = new float[SketchSpec.DEFAULT_DIMENSION];
        for (int b = 0; b < sketch.length; b++) {
            sketch[b] = (float) (along + 0.1 * (random.nextDouble() - 0.5));
        }
        return new Observation(subject, 4096, 32, 8192, 20_000, sketch);
    }

    private BenchResult result(Latencies loop, Latencies identity) {
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put("p50_ms", loop.percentileMillis(0.5));
        figures.put("p99_ms", loop.percentileMillis(0.99));
        figures.put("identity_p50_ms", identity.percentileMillis(0.5));
        figures.put("identity_p99_ms", identity.percentileMillis(0.99));
        figures.put("ratio_p50", loop.percentileMillis(0.5) / identity.percentileMillis(0.5));
        figures.put("ratio_p99", loop.percentileMillis(0.99) / identity.percentileMillis(0.99));
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("groups", groups);
        settings.put("targets", TARGETS);
        settings.put("sketchDimension", SketchSpec.DEFAULT_DIMENSION);
        settings.put("warmUpRounds", warmUp);
        settings.put("rounds", loop.count());
        return BenchResult.here("loop-latency", figures, settings);
    }

    private BridgeOptions options(LocalStack stack, Path folder) {
        return BridgeOptions.of(
                        stack.client().getProperty("bootstrap.servers"), folder.resolve("bridge"))
                .withDrawsPerStep(groups)
                .withLeaseSteps(1);
    }

    private RunSpec spec() {
        List<GroupSpec> declared = new ArrayList<>();
        for (int j = 0; j < groups; j++) {
            declared.add(
                    new GroupSpec(
                            group(j), 1.0 / groups, 0.1 / groups, Math.min(1, 10.0 / groups)));
        }
        List<TargetSpec> targets = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            targets.add(new TargetSpec(target(i), 1.0 / TARGETS));
        }
        return new RunSpec(
                "loop-latency",
                declared,
                targets,
                PolicySpec.of("dga"),
                GuardSpec.DEFAULT,
                new RoundSpec(1, 1, 0),
                new SketchSpec(SketchSpec.DEFAULT_DIMENSION, 1),
                1,
                1,
                Mode.CONTROL,
                "");
    }

    private static GroupId group(int j) {
        return new GroupId(String.format(Locale.ROOT, "group-%05d", j));
    }

    private static TargetId target(int i) {
        return new TargetId("target-" + i);
    }
}
