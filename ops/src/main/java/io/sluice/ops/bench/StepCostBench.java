package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Sluice takes of the trainer's thread: one trainer in Java with a bridge in its own process,
 * and one in Python that speaks to a bridge in another, while the job, the broker and at last the
 * bridge are taken away. The two take turns, so that neither disturbs the other. Job and broker
 * stand for other machines, and keep to one core at the lowest priority.
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
                StackProcess stack = StackProcess.start(scratch.folder("stack"));
                JsonProcess java = java(stack, scratch)) {
            java.answer(ANSWER);
            if (python.isPresent()) {
                withPython(python.get(), scratch, stack, java);
            } else {
                out.println("no Python 3.10 or newer (python3, or $SLUICE_PYTHON): Java alone");
                alone(stack, java);
            }
        }
        figures.put("sum_share_of_100ms_step", largestMean / STEP_MICROS);
        SortedMap<String, Object> settings = BenchRun.STEP_COST.settings();
        settings.put("steps", steps);
        settings.put("pauseMillis", pauseMillis);
        settings.put("stack", "a process of its own, on one core, at the lowest priority");
        settings.put("javaBridge", "in the trainer's process");
        settings.put("pythonBridge", python.isPresent() ? "a process of its own" : "none");
        return BenchResult.here("bridge", figures, settings);
    }

    private JsonProcess java(StackProcess stack, ScratchFolder scratch) throws IOException {
        return new JsonProcess(
                "the trainer in Java",
                ChildProcess.java(
                        "the trainer in Java",
                        List.of(),
                        List.of("-Xmx384m", "-Dsluice.log=" + scratch.folder("java") + ".log"),
                        JavaTrainerMain.class,
                        List.of(
                                stack.bootstrap(),
                                scratch.folder("java").toString(),
                                Integer.toString(steps),
                                Long.toString(pauseMillis))));
    }

    private void alone(StackProcess stack, JsonProcess java) throws InterruptedException {
        healthy(java);
        stopJob(stack);
        steps("_java_flink_dead", java);
        stopBroker(stack);
        steps("_java_kafka_dead", java);
    }

    private void withPython(
            String interpreter, ScratchFolder scratch, StackProcess stack, JsonProcess java)
            throws Exception {
        BridgeProcess.Settings settings =
                new BridgeProcess.Settings(
                        BenchRun.STEP_COST,
                        "step-cost-python",
                        SEED,
                        stack.bootstrap(),
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
                JsonProcess python = PythonScript.start(interpreter, "step_cost.py", arguments)) {
            python.answer(ANSWER);
            healthy(java);
            times("noise", "_python", python);
            JsonNode lease = phase(python, "lease");
            figures.put("socket_p50_us", lease.get("p50_us").asDouble());
            figures.put("socket_p99_us", lease.get("p99_us").asDouble());
            steps("_python", python);
            stopJob(stack);
            steps("_java_flink_dead", java);
            steps("_python_flink_dead", python);
            stopBroker(stack);
            steps("_java_kafka_dead", java);
            steps("_python_kafka_dead", python);
            out.println("killing the bridge of the trainer in Python");
            daemon.kill();
            steps("_python_daemon_dead", python);
        }
    }

    private void healthy(JsonProcess java) throws InterruptedException {
        times("noise", "_java", java);
        steps("_java", java);
        JsonNode sketches = phase(java, JavaTrainerMain.SKETCHES);
        figures.put("p50_us_java_sketches", sketches.get("p50_us").asDouble());
        figures.put("p99_us_java_sketches", sketches.get("p99_us").asDouble());
    }

    private void stopJob(StackProcess stack) throws InterruptedException {
        out.println("cancelling the job");
        stack.stopJob();
    }

    private void stopBroker(StackProcess stack) throws InterruptedException {
        out.println("stopping the broker");
        stack.stopBroker();
    }

    /** Steps without sketches, under some condition. */
    private void steps(String condition, JsonProcess trainer) throws InterruptedException {
        JsonNode phase = phase(trainer, condition.substring(1));
        figures.put("p50_us" + condition, phase.get("p50_us").asDouble());
        figures.put("p99_us" + condition, phase.get("p99_us").asDouble());
        if (phase.has("held_steps")) {
            figures.put("held_steps" + condition, phase.get("held_steps").asDouble());
        }
        largestMean = Math.max(largestMean, phase.get("mean_us").asDouble());
    }

    private void times(String name, String trainerName, JsonProcess trainer)
            throws InterruptedException {
        JsonNode phase = phase(trainer, name);
        figures.put(name + "_p50_us" + trainerName, phase.get("p50_us").asDouble());
        figures.put(name + "_p99_us" + trainerName, phase.get("p99_us").asDouble());
    }

    private JsonNode phase(JsonProcess trainer, String name) throws InterruptedException {
        out.println(name);
        trainer.say(name);
        return trainer.answer(ANSWER);
    }
}
