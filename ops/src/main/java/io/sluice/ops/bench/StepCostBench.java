package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.SketchSpec;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Sluice takes of the trainer's thread: one trainer in Java on a bridge in its own process,
 * and one in Python that speaks to a bridge in another, while the job, the broker and at last the
 * bridge are taken away. The two take turns, so that neither disturbs the other.
 */
public final class StepCostBench {

    private static final Duration ANSWER = Duration.ofMinutes(5);
    private static final double STEP_MICROS = 100_000;
    private static final long SEED = 1;

    private final int steps;
    private final long pauseMillis;
    private final PrintStream out;
    private final SortedMap<String, Double> figures = new TreeMap<>();
    private double largestMean;

    /**
     * @param steps steps of each phase
     * @param pauseMillis the rest of a step, in which the trainers wait
     */
    public StepCostBench(int steps, long pauseMillis, PrintStream out) {
        this.steps = steps;
        this.pauseMillis = pauseMillis;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        Optional<String> python = PythonScript.interpreter();
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
            Topics.create(Clients.of(broker.bootstrap()), Topic.DEFAULT_PREFIX, 1, (short) 1);
            try (EmbeddedJob job =
                            EmbeddedJob.start(
                                    scratch.folder("flink"),
                                    MixtureOptions.of(broker.bootstrap()),
                                    1);
                    Bridge bridge =
                            Bridge.open(
                                    BenchRun.STEP_COST.options(
                                            broker.bootstrap(), scratch.folder("java")),
                                    BenchRun.STEP_COST.spec("step-cost-java", SEED),
                                    BridgeListener.NONE);
                    TrainerSession session = bridge.start()) {
                JavaTrainer trainer =
                        new JavaTrainer(session, BenchRun.STEP_COST.leaseSteps(), pauseMillis);
                if (python.isPresent()) {
                    withPython(python.get(), scratch, broker, job, trainer);
                } else {
                    out.println("no Python 3.10 or newer (python3, or $SLUICE_PYTHON): Java alone");
                    alone(broker, job, trainer);
                }
            }
        }
        figures.put("sum_share_of_100ms_step", largestMean / STEP_MICROS);
        SortedMap<String, Object> settings = BenchRun.STEP_COST.settings();
        settings.put("steps", steps);
        settings.put("pauseMillis", pauseMillis);
        settings.put("javaBridge", "in the broker's and the job's process");
        settings.put("pythonBridge", python.isPresent() ? "a process of its own" : "none");
        return BenchResult.here("bridge", figures, settings);
    }

    private void alone(EmbeddedBroker broker, EmbeddedJob job, JavaTrainer trainer)
            throws InterruptedException {
        healthy(trainer);
        stop(job);
        java("_flink_dead", trainer, trainer.losses(steps));
        stop(broker);
        java("_kafka_dead", trainer, trainer.losses(steps));
    }

    private void withPython(
            String python,
            ScratchFolder scratch,
            EmbeddedBroker broker,
            EmbeddedJob job,
            JavaTrainer trainer)
            throws Exception {
        BridgeProcess.Settings settings =
                new BridgeProcess.Settings(
                        BenchRun.STEP_COST,
                        "step-cost-python",
                        SEED,
                        broker.bootstrap(),
                        scratch.folder("python"));
        List<String> arguments =
                List.of(
                        "--endpoint",
                        settings.endpoint(),
                        "--steps",
                        Integer.toString(steps),
                        "--pause-ms",
                        Long.toString(pauseMillis));
        try (BridgeProcess daemon = BridgeProcess.start(settings);
                PythonScript script = PythonScript.start(python, "step_cost.py", arguments)) {
            script.answer(ANSWER);
            healthy(trainer);
            JsonNode noise = phase(script, "noise");
            figures.put("noise_p50_us_python", noise.get("p50_us").asDouble());
            figures.put("noise_p99_us_python", noise.get("p99_us").asDouble());
            JsonNode lease = phase(script, "lease");
            figures.put("socket_p50_us", lease.get("p50_us").asDouble());
            figures.put("socket_p99_us", lease.get("p99_us").asDouble());
            python("", script);
            stop(job);
            java("_flink_dead", trainer, trainer.losses(steps));
            python("_flink_dead", script);
            stop(broker);
            java("_kafka_dead", trainer, trainer.losses(steps));
            python("_kafka_dead", script);
            out.println("killing the bridge of the trainer in Python");
            daemon.kill();
            python("_daemon_dead", script);
        }
    }

    private void healthy(JavaTrainer trainer) throws InterruptedException {
        out.println("the machine and the trainer in Java, all healthy");
        trainer.warmUp();
        CallTimes noise = trainer.noise(steps);
        figures.put("noise_p50_us_java", noise.percentileMicros(0.5));
        figures.put("noise_p99_us_java", noise.percentileMicros(0.99));
        java("", trainer, trainer.losses(steps));
        CallTimes sketches = trainer.sketches(steps, SketchSpec.DEFAULT_DIMENSION);
        figures.put("p50_us_java_sketches", sketches.percentileMicros(0.5));
        figures.put("p99_us_java_sketches", sketches.percentileMicros(0.99));
    }

    private void stop(EmbeddedJob job) {
        out.println("cancelling the job");
        job.close();
    }

    private void stop(EmbeddedBroker broker) {
        out.println("stopping the broker");
        broker.close();
    }

    private void java(String condition, JavaTrainer trainer, CallTimes times) {
        figures.put("p50_us_java" + condition, times.percentileMicros(0.5));
        figures.put("p99_us_java" + condition, times.percentileMicros(0.99));
        figures.put(
                "p99_us_java" + condition + "_held_lease", trainer.held().percentileMicros(0.99));
        largestMean = Math.max(largestMean, times.meanMicros());
    }

    private void python(String condition, PythonScript script) throws InterruptedException {
        JsonNode phase = phase(script, condition.isEmpty() ? "healthy" : condition.substring(1));
        figures.put("p50_us_python" + condition, phase.get("p50_us").asDouble());
        figures.put("p99_us_python" + condition, phase.get("p99_us").asDouble());
        figures.put("held_steps_python" + condition, phase.get("held_steps").asDouble());
        largestMean = Math.max(largestMean, phase.get("mean_us").asDouble());
    }

    private JsonNode phase(PythonScript script, String name) throws InterruptedException {
        out.println("the trainer in Python: " + name);
        script.say(name);
        return script.answer(ANSWER);
    }
}
