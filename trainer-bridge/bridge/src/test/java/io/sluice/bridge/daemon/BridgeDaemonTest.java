package io.sluice.bridge.daemon;

import static io.sluice.bridge.daemon.TestingDaemon.attempt;
import static io.sluice.bridge.daemon.TestingDaemon.awaitAttempt;
import static io.sluice.bridge.daemon.TestingDaemon.endRound;
import static io.sluice.bridge.daemon.TestingDaemon.lease;
import static io.sluice.bridge.daemon.TestingDaemon.send;
import static io.sluice.bridge.daemon.TestingDaemon.signal;
import static io.sluice.bridge.daemon.TestingDaemon.signals;
import static io.sluice.bridge.daemon.TestingDaemon.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bridge.RecordsForTests;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import io.sluice.bridge.daemon.TestingClient.Reply;
import io.sluice.core.domain.Plan;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Seal;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BridgeDaemonTest {

    private static final byte[] SKETCH = new byte[2 * TestingRuns.BUCKETS];

    static {
        for (int i = 0; i < SKETCH.length; i++) {
            SKETCH[i] = (byte) (i % 2 == 0 ? 3 * i : 0x40);
        }
    }

    @TempDir Path folder;

    private TestingDaemon daemon;
    private TestingClient client;

    @BeforeEach
    void open() {
        daemon = new TestingDaemon(folder);
        client = daemon.client();
    }

    @AfterEach
    void close() {
        client.close();
        daemon.close();
    }

    @Test
    void tellsWhatATrainerMustKnowOfTheRun() {
        JsonNode run = client.get("/v1/run").json();
        assertThat(run.path("protocol").asInt()).isEqualTo(1);
        assertThat(run.path("run").asText()).isEqualTo(TestingRuns.RUN);
        assertThat(run.path("digest").asText()).isEqualTo(daemon.daemon.spec().digest());
        assertThat(run.path("mode").asText()).isEqualTo("control");
        assertThat(run.path("draws_per_step").asInt()).isEqualTo(4);
        assertThat(run.path("lease_steps").asInt()).isEqualTo(2);
        assertThat(run.path("rounds").path("lead_steps").asInt()).isEqualTo(1);
        assertThat(run.path("sketch").path("dimension").asInt()).isEqualTo(TestingRuns.BUCKETS);
        assertThat(run.path("groups"))
                .extracting(group -> group.path("id").asText())
                .containsExactly("a", "b", "c");
        assertThat(run.path("targets").get(0).path("weight").asDouble()).isEqualTo(0.5);
    }

    @Test
    void leasesStepsWithTheirPlansAndSealsThemInTheLog() {
        String session = attempt(client);
        long number = awaitAttempt(client, session);
        Plan prior = RecordsForTests.prior();
        Plan next = TestingRuns.next(prior, number, 0, 6, 0.4, 0.4, 0.2);
        daemon.log.put(Topic.PLANS, RecordsForTests.record(next));
        daemon.log.await(Topic.ACKS, PlanAck.class, 1);

        JsonNode leased = lease(client, session, 1, 1, 9).json();
        assertThat(leased.path("sealed_through").asLong()).isEqualTo(9);
        assertThat(leased.path("state").asText()).isEqualTo("connected");
        assertThat(leased.path("spans"))
                .extracting(
                        span -> span.path("from").asLong(),
                        span -> span.path("through").asLong(),
                        span -> span.path("version").asLong(),
                        span -> span.path("first_step").asLong())
                .containsExactly(tuple(1L, 5L, 0L, 0L), tuple(6L, 9L, 1L, 6L));
        JsonNode plan = leased.path("spans").get(1).path("plan");
        assertThat(plan.path("digest").asText()).isEqualTo(next.digest());
        assertThat(plan.path("weights").path("a").asDouble()).isEqualTo(0.4);
        assertThat(plan.path("label").asText()).isEqualTo("policy");
        client.post("/v1/detach", "{\"session\": \"" + session + "\"}");
        daemon.daemon.close();
        List<Seal> seals = daemon.log.all(Topic.SEALS, Seal.class);
        assertThat(seals.get(seals.size() - 1).getThroughStep()).isEqualTo(9);
    }

    @Test
    void aLeaseThatIsAskedForAgainIsTheSame() {
        String session = attempt(client);
        long number = awaitAttempt(client, session);
        String first = lease(client, session, 0, 0, 7).json().path("spans").toString();
        Plan next = TestingRuns.next(RecordsForTests.prior(), number, 0, 1, 0.4, 0.4, 0.2);
        daemon.log.put(Topic.PLANS, RecordsForTests.record(next));
        daemon.log.await(Topic.ACKS, PlanAck.class, 1);
        try (TestingClient again = daemon.client()) {
            assertThat(lease(again, session, 0, 0, 7).json().path("spans").toString())
                    .isEqualTo(first);
        }
    }

    @Test
    void severalConnectionsOfATrainerSeeOneSequenceOfSteps() throws Exception {
        String session = attempt(client);
        ExecutorService ranks = Executors.newFixedThreadPool(4);
        List<Future<Long>> sealed = new ArrayList<>();
        for (int rank = 0; rank < 4; rank++) {
            sealed.add(
                    ranks.submit(
                            () -> {
                                long through = 0;
                                try (TestingClient own = daemon.client()) {
                                    for (long step = 0; step < 100; step++) {
                                        through =
                                                lease(own, session, step, step, step + 4)
                                                        .json()
                                                        .path("sealed_through")
                                                        .asLong();
                                    }
                                }
                                return through;
                            }));
        }
        for (Future<Long> through : sealed) {
            assertThat(through.get()).isEqualTo(103);
        }
        ranks.shutdown();
        daemon.daemon.close();
        long expected = 0;
        for (Seal seal : daemon.log.all(Topic.SEALS, Seal.class)) {
            assertThat(seal.getFromStep()).isEqualTo(expected);
            expected = seal.getThroughStep() + 1;
        }
        assertThat(expected).isEqualTo(104);
    }

    @Test
    void aKnownPlanIsNotToldAgain() {
        String session = attempt(client);
        JsonNode spans =
                client.post(
                                "/v1/lease",
                                "{\"session\": \""
                                        + session
                                        + "\", \"step\": 0, \"from_step\": 0, \"through_step\": 3,"
                                        + " \"known_version\": 0}")
                        .json()
                        .path("spans");
        assertThat(spans.get(0).path("plan").isNull()).isTrue();
    }

    @Test
    void aTrainerWithoutASamplerIsToldTheDraws() {
        String session = attempt(client);
        JsonNode step = client.get("/v1/step?session=" + session + "&step=0").json();
        assertThat(step.path("version").asLong()).isZero();
        assertThat(step.path("weights").path("b").asDouble()).isEqualTo(0.3);
        assertThat(step.path("draws")).hasSize(4);
    }

    @Test
    void whatATrainerMeasuredStandsInTheLogAsItWasSent() {
        String session = attempt(client);
        long number = awaitAttempt(client, session);
        ByteBuffer body = signals(session, 0, 2, 2 * (56 + SKETCH.length));
        signal(body, 1, 0, SKETCH);
        signal(body, 0, 1, SKETCH);
        assertThat(send(client, body).body()).isEqualTo("{\"taken\":2,\"dropped\":0}");
        Reply ended =
                endRound(
                        client,
                        session,
                        0,
                        ", \"evaluations\": [{\"target\": 1, \"loss\": 2.5, \"tokens\": 64}],"
                                + " \"signals\": [{\"kind\": \"target\", \"index\": 0, \"part\": 1,"
                                + " \"tokens\": 5, \"sequences\": 1, \"loss_sum\": 9.5,"
                                + " \"loss_square_sum\": 20, \"plans\": []}],"
                                + " \"dropped\": [{\"kind\": \"group\", \"index\": 2, \"part\": 0},"
                                + " {\"kind\": \"group\", \"index\": 1, \"part\": 0}]");
        assertThat(ended.body()).isEqualTo("{\"queued\":true}");

        RoundClosed closed = daemon.log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(daemon.log.all(Topic.TELEMETRY, GroupSignal.class))
                .extracting(
                        GroupSignal::getSubject,
                        GroupSignal::getPart,
                        GroupSignal::getTokens,
                        GroupSignal::getLossSum,
                        signal -> signal.getSketch().remaining())
                .containsExactly(
                        tuple("a", 1, 10L, 20.0, SKETCH.length),
                        tuple("b", 0, 10L, 20.0, SKETCH.length),
                        tuple("t", 1, 5L, 9.5, 0));
        GroupSignal first = daemon.log.all(Topic.TELEMETRY, GroupSignal.class).get(0);
        assertThat(first.getSketch()).isEqualTo(ByteBuffer.wrap(SKETCH));
        assertThat(first.getAttempt()).isEqualTo(number);
        assertThat(first.getPlans()).containsExactly(new PlanTokens(0L, 10L));
        assertThat(closed.getLearningRate()).isEqualTo(0.25);
        assertThat(closed.getNanos()).isEqualTo(7);
        assertThat(closed.getThroughStep()).isEqualTo(3);
        assertThat(closed.getEvaluations())
                .singleElement()
                .satisfies(evaluation -> assertThat(evaluation.getLoss()).isEqualTo(2.5));
        assertThat(closed.getOutcomes())
                .filteredOn(outcome -> outcome.getOutcome() == SignalOutcome.DROPPED)
                .extracting(SubjectOutcome::getIndex, SubjectOutcome::getPart)
                .containsExactly(tuple(2, 0));
    }

    @Test
    void aRoundThatIsReportedBeforeTheLogAnswersIsToldAsDropped() {
        daemon.log.hang(true);
        String session = attempt(client);
        ByteBuffer body = signals(session, 0, 1, 56 + SKETCH.length);
        signal(body, 0, 0, SKETCH);
        send(client, body);
        assertThat(endRound(client, session, 0, "").body()).isEqualTo("{\"queued\":false}");
        daemon.log.hang(false);
        RoundClosed closed = daemon.log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getOutcomes().get(0).getOutcome()).isEqualTo(SignalOutcome.DROPPED);
    }

    @Test
    void anotherTrainerIsRefusedWhileTheFirstIsConnectedAndTakesOverWhenItHasDied() {
        String first = attempt(client);
        try (TestingClient other = daemon.client()) {
            Reply refused = other.post("/v1/attempt", start(0, "null"));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("trainer_connected");
            assertThat(refused.json().path("error").path("message").asText())
                    .contains("test, process 1 on here");

            client.close();
            Reply taken = refused;
            while (taken.status() != 200) {
                taken = other.post("/v1/attempt", start(0, "null"));
            }
            assertThat(lease(other, first, 0, 0, 1).code()).isEqualTo("session_ended");
        }
    }

    @Test
    void aTrainerThatLostItsConnectionComesBackOverAnother() {
        String session = attempt(client);
        client.close();
        try (TestingClient again = daemon.client()) {
            assertThat(lease(again, session, 0, 0, 1).status()).isEqualTo(200);
            try (TestingClient other = daemon.client()) {
                assertThat(other.post("/v1/attempt", start(0, "null")).code())
                        .isEqualTo("trainer_connected");
            }
        }
    }

    @Test
    void aTrainerMayStartAnewOverItsOwnConnection() {
        String first = attempt(client);
        String second = attempt(client);
        assertThat(second).isNotEqualTo(first);
        assertThat(lease(client, first, 0, 0, 1).status()).isEqualTo(410);
        assertThat(lease(client, second, 0, 0, 1).status()).isEqualTo(200);
    }

    @Test
    void attemptsThatCannotBeClosedYetDoNotPileUp() {
        daemon.log.hang(true);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(attempt(client)).hasSize(32);
        }
        assertThat(client.post("/v1/attempt", start(0, "null")).code())
                .isEqualTo("too_many_requests");
        daemon.log.hang(false);
        Reply started;
        do {
            started = client.post("/v1/attempt", start(0, "null"));
        } while (started.status() == 429);
        assertThat(started.status()).isEqualTo(200);
    }

    @Test
    void aDetachedSessionIsOverAndTheRunFree() {
        String session = attempt(client);
        assertThat(
                        client.post(
                                        "/v1/saved",
                                        "{\"session\": \"" + session + "\", \"next_step\": 0}")
                                .status())
                .isEqualTo(200);
        assertThat(
                        client.post(
                                        "/v1/finish",
                                        "{\"session\": \"" + session + "\", \"next_step\": 0}")
                                .status())
                .isEqualTo(200);
        assertThat(client.post("/v1/detach", "{\"session\": \"" + session + "\"}").status())
                .isEqualTo(200);
        assertThat(lease(client, session, 0, 0, 1).code()).isEqualTo("session_ended");
        try (TestingClient other = daemon.client()) {
            assertThat(attempt(other)).hasSize(32);
        }
    }

    @Test
    void aTrainerThatOutlivedItsDaemonReattachesAndItsStepsAreSealedAsItTookThem() {
        String session = attempt(client);
        long number = awaitAttempt(client, session);
        Plan next = TestingRuns.next(RecordsForTests.prior(), number, 0, 2, 0.4, 0.4, 0.2);
        lease(client, session, 0, 0, 1);
        daemon.log.put(Topic.PLANS, RecordsForTests.record(next));
        daemon.log.await(Topic.ACKS, PlanAck.class, 1);
        lease(client, session, 2, 2, 5);
        String checkpoint = client.get("/v1/checkpoint?session=" + session + "&next_step=6").body();
        TestingLog log = daemon.log;
        client.close();
        daemon.close();

        daemon = new TestingDaemon(folder, log, Limits.DEFAULT, TestingDaemon.options(folder));
        client = daemon.client();
        JsonNode started = client.post("/v1/attempt", start(6, checkpoint)).json();
        assertThat(started.path("resume_step").asLong()).isEqualTo(6);
        assertThat(started.path("plan_first_step").asLong()).isEqualTo(2);
        assertThat(started.path("plan").path("digest").asText()).isEqualTo(next.digest());
        String again = started.path("session").asText();
        lease(client, again, 12, 6, 12);
        List<AttemptStarted> attempts = log.await(Topic.RUNS, AttemptStarted.class, 2);
        assertThat(attempts.get(1).getResumeStep()).isEqualTo(6);
        daemon.close();
        List<Seal> seals = log.all(Topic.SEALS, Seal.class);
        Seal last = seals.get(seals.size() - 1);
        assertThat(last.getFromStep()).isEqualTo(6);
        assertThat(last.getThroughStep()).isEqualTo(12);
        assertThat(last.getDigest()).isEqualTo(next.digest());
    }

    @Test
    void leasesGoOnWhenTheStoreFailsAndOnlyANewAttemptIsRefused() {
        String session = attempt(client);
        daemon.parts.breakStore();
        assertThat(lease(client, session, 0, 0, 5).status()).isEqualTo(200);
        assertThat(lease(client, session, 4, 4, 9).json().path("sealed_through").asLong())
                .isEqualTo(9);
        try (TestingClient monitor = daemon.monitor()) {
            assertThat(monitor.get("/readyz").status()).isEqualTo(503);
            assertThat(monitor.get("/healthz").status()).isEqualTo(200);
            assertThat(monitor.get("/metrics").body())
                    .contains("sluice_bridge_errors_total{where=\"store\",} 2.0");
        }
        Reply refused = client.post("/v1/attempt", start(0, "null"));
        assertThat(refused.status()).isEqualTo(507);
        assertThat(refused.code()).isEqualTo("store");
    }

    @Test
    void aNewerAttemptElsewhereFencesTheSessionAndItsMixtureStays() {
        String session = attempt(client);
        awaitAttempt(client, session);
        AttemptStarted own = daemon.log.all(Topic.RUNS, AttemptStarted.class).get(0);
        daemon.log.put(Topic.RUNS, own);
        JsonNode leased;
        do {
            leased = lease(client, session, 0, 0, 3).json();
        } while (!leased.path("state").asText().equals("fenced"));
        assertThat(leased.path("spans").get(0).path("version").asLong()).isZero();
        try (TestingClient monitor = daemon.monitor()) {
            assertThat(monitor.get("/metrics").body()).contains("sluice_fenced 1.0");
        }
    }

    @Test
    void tellsPeopleWhatItKnows() {
        String session = attempt(client);
        long number = awaitAttempt(client, session);
        lease(client, session, 0, 0, 4);
        endRound(
                client,
                session,
                0,
                ", \"dropped\": [{\"kind\": \"group\", \"index\": 2, \"part\": 0}]");
        daemon.log.await(Topic.TELEMETRY, RoundClosed.class, 1);
        JsonNode status = client.get("/v1/status").json();
        assertThat(status.path("attempt").asLong()).isEqualTo(number);
        assertThat(status.path("state").asText()).isEqualTo("connected");
        assertThat(status.path("plan").path("weights").path("a").asDouble()).isEqualTo(0.5);
        assertThat(status.path("sealed_through").asLong()).isEqualTo(4);
        assertThat(status.path("last_round").asLong()).isZero();
        assertThat(status.path("signals").path("dropped").asLong()).isEqualTo(1);
        assertThat(status.path("trainer").path("connected").asBoolean()).isTrue();
        assertThat(status.path("faults")).isEmpty();
        assertThat(status.path("store_works").asBoolean()).isTrue();
        assertThat(status.path("uptime_seconds").asDouble()).isPositive();
    }

    @Test
    void countsRequestsByPathAndStatus() {
        client.get("/v1/run");
        client.get("/v1/nothing");
        try (TestingClient monitor = daemon.monitor()) {
            assertThat(monitor.get("/readyz").status()).isEqualTo(200);
            assertThat(monitor.get("/metrics").body())
                    .contains(
                            "sluice_daemon_requests_total{path=\"/v1/run\",status=\"200\",} 1.0",
                            "sluice_daemon_requests_total{path=\"other\",status=\"404\",} 1.0",
                            "sluice_daemon_connections 1.0");
            assertThat(monitor.get("/v1/run").status()).isEqualTo(404);
        }
    }
}
