package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.UserException;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a long outage of Kafka and Flink costs a trainer in Python: nothing of its time, and of its
 * signals those that the books name. Afterwards what trainer, bridge and job counted is counted
 * again from the log.
 */
public final class OutageBench {

    private static final String RUN = "outage";
    private static final long SEED = 1;
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration PLAN = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration REPORT = Duration.ofMinutes(1);
    private static final Duration SENT = Duration.ofSeconds(20);
    private static final String ACKNOWLEDGED = "sluice_signals_total{outcome=\"acknowledged\",}";
    private static final String DROPPED = "sluice_signals_total{outcome=\"dropped\",}";
    private static final int WARM_UP_PLANS = 5;
    private static final double STEP_MILLIS = 20;

    private final Duration outage;
    private final PrintStream out;
    private final SortedMap<String, Double> figures = new TreeMap<>();

    /**
     * @param outage how long Kafka and Flink are away
     */
    public OutageBench(Duration outage, PrintStream out) {
        this.outage = outage;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        String python =
                PythonScript.interpreter()
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "the trainer is a Python process, and there is no"
                                                        + " Python 3.10 or newer: install one, or name"
                                                        + " it in SLUICE_PYTHON"));
        try (ScratchFolder scratch = ScratchFolder.create();
                Breakable stack = new Breakable(scratch.path())) {
            stack.start();
            BridgeProcess.Settings settings =
                    new BridgeProcess.Settings(
                            BenchRun.OUTAGE,
                            RUN,
                            SEED,
                            stack.broker.bootstrap(),
                            scratch.folder("bridge"));
            List<String> arguments =
                    List.of(
                            "--endpoint",
                            settings.endpoint(),
                            "--step-ms",
                            Double.toString(STEP_MILLIS));
            try (BridgeProcess bridge = BridgeProcess.start(settings);
                    JsonProcess trainer = PythonScript.start(python, "outage.py", arguments)) {
                measure(stack, bridge, trainer);
            }
        }
        SortedMap<String, Object> settings = BenchRun.OUTAGE.settings();
        settings.put("outageSeconds", outage.toSeconds());
        settings.put("stepMillis", STEP_MILLIS);
        return BenchResult.here(RUN, figures, settings);
    }

    private void measure(Breakable stack, BridgeProcess bridge, JsonProcess trainer)
            throws Exception {
        Properties client = Clients.of(stack.broker.bootstrap());
        out.println("waiting for plans ...");
        awaitPlans(client, WARM_UP_PLANS, 0);
        trainer.say("healthy");
        trainer.answer(ANSWER);
        awaitPlans(client, 2 * WARM_UP_PLANS, 0);
        trainer.say("outage");
        phase("_healthy", trainer.answer(ANSWER));

        out.println("Kafka and Flink stop for " + outage.toSeconds() + " s");
        stack.stop();
        long end = System.nanoTime() + outage.toNanos();
        for (long left = outage.toNanos(); left > 0; left = end - System.nanoTime()) {
            Thread.sleep(Math.min(left / 1_000_000 + 1, REPORT.toMillis()));
            out.println(
                    "away, " + Math.max(0, (end - System.nanoTime()) / 1_000_000_000) + " s left");
        }
        trainer.say("back");
        phase("_outage", trainer.answer(ANSWER));
        stack.start();
        long back = System.currentTimeMillis();
        out.println("Kafka and Flink are back");
        long accepted = awaitPlans(client, 1, back);
        figures.put("seconds_to_next_plan", (accepted - stack.kafkaBackMillis) / 1e3);
        awaitPlans(client, WARM_UP_PLANS, accepted);

        trainer.say("end");
        phase("_back", trainer.answer(ANSWER));
        JsonNode told = trainer.answer(ANSWER);
        count(client, bridge, told);
    }

    private void phase(String name, JsonNode phase) {
        figures.put("steps" + name, phase.get("steps").asDouble());
        figures.put("p99_us" + name, phase.get("p99_us").asDouble());
        figures.put("longest_us" + name, phase.get("max_us").asDouble());
    }

    private void count(Properties client, BridgeProcess bridge, JsonNode told) throws Exception {
        long measured = told.get("signals").asLong();
        long lost = told.get("dropped_signals").asLong();
        awaitSent(bridge, measured - lost);
        long acknowledged = bridge.metric(ACKNOWLEDGED);
        long dropped = bridge.metric(DROPPED);
        bridge.stop();
        OutageBooks books =
                new OutageBooks(
                        TopicContent.read(client, Topic.TELEMETRY, GroupSignal.class),
                        TopicContent.read(client, Topic.TELEMETRY, RoundClosed.class).stream()
                                .map(TopicContent.Entry::value)
                                .toList(),
                        TopicContent.read(client, Topic.REJECTS, Rejected.class).stream()
                                .map(TopicContent.Entry::value)
                                .toList());
        figures.put("signals_measured", (double) measured);
        figures.put("signals_acknowledged", (double) acknowledged);
        figures.put("signals_dropped_by_bridge", (double) dropped);
        figures.put("signals_dropped_by_client", (double) lost);
        figures.put("signals_unaccounted", (double) (measured - acknowledged - dropped - lost));
        figures.put("signals_in_log", (double) books.distinctSignals());
        figures.put("signals_told_acknowledged", (double) books.toldAcknowledged());
        OutageBooks.Rounds rounds = books.rounds(told.get("rounds").asLong());
        figures.put("rounds_measured", told.get("rounds").asDouble());
        figures.put("rounds_acknowledged", (double) rounds.acknowledged());
        figures.put("rounds_dropped", (double) rounds.dropped());
        figures.put("rounds_never_told", (double) rounds.neverTold());
        figures.put("rounds_dropped_as_client_says", told.get("rounds_dropped").asDouble());
        figures.put("held_steps", told.get("held_steps").asDouble());
        figures.put("attempts", told.get("attempts").asDouble());
        long lastTold =
                books.closed().stream().mapToLong(RoundClosed::getRound).max().orElseThrow();
        Decision newest = awaitDecision(client, lastTold);
        figures.put("accepted_as_job_says", (double) newest.getAccepted());
        figures.put("accepted_recounted", (double) books.recount(newest));
    }

    /** Waits until the bridge has counted so many signals, or will not. */
    private static void awaitSent(BridgeProcess bridge, long signals) throws Exception {
        long deadline = System.nanoTime() + SENT.toNanos();
        while (bridge.metric(ACKNOWLEDGED) + bridge.metric(DROPPED) < signals
                && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
        }
    }

    /**
     * Waits until so many plans were accepted after a moment; answers when the last of them was.
     */
    private static long awaitPlans(Properties client, int plans, long afterMillis)
            throws InterruptedException {
        long deadline = System.nanoTime() + PLAN.toNanos();
        while (true) {
            List<Long> accepted =
                    TopicContent.read(client, Topic.ACKS, PlanAck.class).stream()
                            .filter(ack -> ack.value().getVerdict() == AckVerdict.ACCEPTED)
                            .map(TopicContent.Entry::timestampMillis)
                            .filter(millis -> millis > afterMillis)
                            .toList();
            if (accepted.size() >= plans) {
                return accepted.get(plans - 1);
            }
            requireBefore(deadline, "a plan");
            Thread.sleep(POLL.toMillis());
        }
    }

    private static Decision awaitDecision(Properties client, long round)
            throws InterruptedException {
        long deadline = System.nanoTime() + PLAN.toNanos();
        while (true) {
            List<TopicContent.Entry<Decision>> decisions =
                    TopicContent.read(client, Topic.DECISIONS, Decision.class);
            if (!decisions.isEmpty()) {
                Decision newest = decisions.get(decisions.size() - 1).value();
                if (newest.getRound() >= round) {
                    return newest;
                }
            }
            requireBefore(deadline, "a decision on round " + round);
            Thread.sleep(POLL.toMillis());
        }
    }

    private static void requireBefore(long deadline, String what) {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException(
                    what + " did not come within " + PLAN.toSeconds() + " s");
        }
    }

    /** Broker and job, which stop and start again on the same port and the same state. */
    private static final class Breakable implements AutoCloseable {

        private final Path folder;
        private int port;
        private EmbeddedBroker broker;
        private EmbeddedJob job;
        private long kafkaBackMillis;

        Breakable(Path folder) {
            this.folder = folder;
        }

        void start() throws Exception {
            broker = EmbeddedBroker.start(folder.resolve("kafka"), port);
            kafkaBackMillis = System.currentTimeMillis();
            String bootstrap = broker.bootstrap();
            port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
            Topics.create(Clients.of(bootstrap), Topic.DEFAULT_PREFIX, 1, (short) 1);
            job = EmbeddedJob.start(folder.resolve("flink"), MixtureOptions.of(bootstrap), 1);
        }

        /** Without a savepoint: the job goes on from its newest checkpoint. */
        void stop() {
            job.close();
            broker.close();
        }

        @Override
        public void close() {
            if (job != null) {
                job.close();
            }
            if (broker != null) {
                broker.close();
            }
        }
    }
}
