package io.sluice.ops.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

    @Test
    void saysWhatIsKnownOfTheRun() throws Exception {
        JsonNode run = json(TestingRuns.history()).get("run");
        assertThat(run.get("id").asText()).isEqualTo("demo");
        assertThat(run.get("policy").asText()).isEqualTo("dga");
        assertThat(run.get("seed").isTextual()).isTrue();
        assertThat(run.get("seed").asText()).isEqualTo("9223372036854775807");
        assertThat(run.get("totalSteps").asLong()).isEqualTo(1_800);
        assertThat(run.at("/groups/1/id").asText()).isEqualTo("noise_words");
        assertThat(run.at("/groups/1/poor").asBoolean()).isTrue();
        assertThat(run.at("/groups/0/prior").asDouble()).isEqualTo(0.5);
        assertThat(run.at("/targets/0/note").asText()).isEqualTo("a language that no group holds");
    }

    @Test
    void writesSeriesAsColumns() throws Exception {
        JsonNode json = json(TestingRuns.history());
        assertThat(json.at("/mixtures/steps").toString()).isEqualTo("[0,35]");
        assertThat(json.at("/mixtures/versions").toString()).isEqualTo("[0,1]");
        assertThat(json.at("/mixtures/weights").toString()).isEqualTo("[[0.5,0.5],[0.6,0.4]]");
        assertThat(json.at("/trainingLoss").toString())
                .isEqualTo("{\"steps\":[25],\"losses\":[4.75]}");
        assertThat(json.at("/targetLosses/0/losses").toString()).isEqualTo("[5.25]");
        assertThat(json.at("/alignments/scores").toString()).isEqualTo("[[1.0,-1.0]]");
        assertThat(json.at("/alignments/cosines").toString()).isEqualTo("[[[0.25],[-0.5]]]");
    }

    @Test
    void writesWhatIsNotKnownAsNull() throws Exception {
        JsonNode json = json(TestingRuns.history());
        assertThat(json.at("/groupLosses/losses").toString()).isEqualTo("[[4.5,null]]");
        assertThat(json.at("/alignments/errors").toString()).isEqualTo("[[[0.125],[null]]]");
        assertThat(json.at("/rounds/recent/0/kl").isNull()).isTrue();
        assertThat(json.at("/rounds/recent/0/base").toString()).isEqualTo("[]");

        JsonNode fresh = json(new RunHistory(TestingRuns.facts(), TestingRuns.CLOCK));
        assertThat(fresh.get("latency").isNull()).isTrue();
        assertThat(fresh.at("/progress/trainingLoss").isNull()).isTrue();
        assertThat(fresh.at("/status/state").asText()).isEqualTo("STARTING");
    }

    @Test
    void writesDecisionsAndCounts() throws Exception {
        JsonNode json = json(TestingRuns.history());
        assertThat(json.at("/rounds/changed").asLong()).isEqualTo(1);
        assertThat(json.at("/rounds/held").asLong()).isEqualTo(1);
        JsonNode last = json.at("/rounds/recent/1");
        assertThat(last.get("outcome").asText()).isEqualTo("CHANGED");
        assertThat(last.get("effectiveStep").asLong()).isEqualTo(35);
        assertThat(last.get("decided").toString()).isEqualTo("[0.6,0.4]");
        assertThat(json.get("plans").toString())
                .isEqualTo("{\"published\":1,\"applied\":1,\"refused\":0}");
        assertThat(json.get("signals").toString())
                .isEqualTo(
                        "{\"accepted\":3,\"duplicates\":2,\"late\":1,\"rejected\":0,\"dropped\":4}");
        assertThat(json.at("/latency/p99Seconds").asDouble()).isEqualTo(0.5);
    }

    @Test
    void remembersTheRecentDecisionsAndCountsThemAll() throws Exception {
        RunHistory history = new RunHistory(TestingRuns.facts(), TestingRuns.CLOCK);
        for (int round = 0; round < 100; round++) {
            history.decision(RoundDecision.held(round, round, "dga", "WARM_UP", "", 0));
        }
        JsonNode rounds = json(history).get("rounds");
        assertThat(rounds.get("held").asLong()).isEqualTo(100);
        assertThat(rounds.get("recent")).hasSize(20);
        assertThat(rounds.at("/recent/19/round").asLong()).isEqualTo(99);
    }

    @Test
    void stopsTheClockWhenTheRunEnds() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        RunHistory history = new RunHistory(TestingRuns.facts(), now::get);
        now.set(Instant.ofEpochSecond(90));
        assertThat(json(history).at("/status/elapsedSeconds").asDouble()).isEqualTo(90);
        history.status(RunStatus.FINISHED, "");
        now.set(Instant.ofEpochSecond(900));
        assertThat(json(history).at("/status/elapsedSeconds").asDouble()).isEqualTo(90);
        assertThat(json(history).at("/status/ended").asBoolean()).isTrue();
    }

    @Test
    void staysBoundedHoweverLongTheRunAndHoweverManyItsGroups() {
        RunHistory history = new RunHistory(TestingRuns.facts(), TestingRuns.CLOCK);
        for (int step = 0; step < 10_000; step++) {
            history.mixture(step, step, new double[] {0.5, 0.5});
        }
        assertThat(history.snapshot().mixtures()).hasSizeBetween(1_000, RunHistory.MAX_POINTS);

        List<RunFacts.Group> many =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> new RunFacts.Group("g" + i, false, 1e-4))
                        .toList();
        RunHistory wide =
                new RunHistory(
                        new RunFacts("wide", "dga", 1, 100, many, List.of()), TestingRuns.CLOCK);
        for (int step = 0; step < 100; step++) {
            wide.mixture(step, step, new double[10_000]);
        }
        assertThat(wide.snapshot().mixtures())
                .hasSizeLessThanOrEqualTo(RunHistory.MIN_POINTS)
                .last()
                .extracting(Series.Point::step)
                .isEqualTo(99L);
    }

    @Test
    void doesNotSeeWhatTheCallerDoesToItsArrayLater() {
        RunHistory history = new RunHistory(TestingRuns.facts(), TestingRuns.CLOCK);
        double[] weights = {0.5, 0.5};
        history.mixture(0, 0, weights);
        weights[0] = 9;
        assertThat(history.snapshot().mixtures().get(0).value().weights()).containsExactly(.5, .5);
    }

    @Test
    void refusesArraysOfAnotherLengthThanTheRun() {
        RunHistory history = TestingRuns.history();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> history.groupLosses(1, new double[3]))
                .withMessage("losses has 3 entries, the run has 2 groups");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                history.alignment(
                                        1, new double[2], new double[2][2], new double[2][1]))
                .withMessage("cosines has 2 entries for group es, the run has 1 targets");
    }

    @Test
    void canBeReadWhileManyThreadsWrite() throws Exception {
        RunHistory history = new RunHistory(TestingRuns.facts(), TestingRuns.CLOCK);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(
                    new Thread(
                            () -> {
                                for (int step = 0; step < 5_000; step++) {
                                    history.progress(step, step, 1, 2);
                                    history.mixture(step, step, new double[] {0.5, 0.5});
                                }
                            }));
        }
        writers.forEach(Thread::start);
        while (writers.stream().anyMatch(Thread::isAlive)) {
            JsonNode json = json(history);
            assertThat(json.at("/mixtures/weights")).hasSameSizeAs(json.at("/mixtures/steps"));
        }
        assertThat(json(history).get("revision").asLong()).isEqualTo(40_000);
    }

    private static JsonNode json(RunHistory history) throws Exception {
        return new ObjectMapper().readTree(history.toJson());
    }
}
