package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.flink.contract.ToContract;
import io.sluice.ops.UserException;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaysTest {

    private static final double SMALL = 1e-4;

    private final RecordedRun run = new RecordedRun();
    private final RecordLine lines = new RecordLine();

    @TempDir private Path folder;

    private Path file;

    @BeforeEach
    void record() throws IOException {
        file = write(texts());
    }

    @Test
    void aLineHoldsAllOfItsRecord() throws Exception {
        Contract contract = new Contract();
        for (Entry entry : run.entries()) {
            Entry read = lines.read(lines.of(entry));

            assertThat(contract.encode(read.value())).isEqualTo(contract.encode(entry.value()));
            assertThat(read.topic()).isEqualTo(entry.topic());
            assertThat(read.offset()).isEqualTo(entry.offset());
            assertThat(read.time()).isEqualTo(entry.time());
        }
    }

    @Test
    void aFileReplaysToTheRecordedDecisions() {
        List<JsonNode> made = new ArrayList<>();

        ReplayView view = Replays.replay(file, Optional.empty(), made::add);

        assertThat(view.difference()).isEmpty();
        assertThat(view.same()).isEqualTo(RecordedRun.ROUNDS);
        assertThat(view.plans()).isPositive();
        assertThat(made).isEqualTo(recorded());
    }

    @Test
    void aFileThatWasRecordedOnceReplaysByEveryBuild() throws Exception {
        Path stored = Path.of(ReplaysTest.class.getResource("/replay/signals.jsonl").toURI());

        ReplayView view = Replays.replay(stored, Optional.empty(), made -> {});

        assertThat(view.difference()).isEmpty();
        assertThat(view.same()).isEqualTo(view.recorded()).isEqualTo(RecordedRun.ROUNDS);
    }

    @Test
    void theSamePolicyWouldHaveDecidedTheSameToTheLastBit() {
        List<JsonNode> made = new ArrayList<>();

        WhatIfView view =
                Replays.whatIf(file, Optional.empty(), change("dga", Map.of()), made::add);

        assertThat(made).isEqualTo(recorded());
        assertThat(view.plans()).isEqualTo(view.recordedPlans()).isPositive();
        assertThat(view.rounds())
                .hasSize(RecordedRun.ROUNDS)
                .allSatisfy(line -> assertThat(line.made()).isEqualTo(line.recorded()))
                .allSatisfy(line -> assertThat(line.distance()).isZero());
    }

    @Test
    void theStaticPolicyWouldHaveStayedAtThePrior() {
        WhatIfView view =
                Replays.whatIf(file, Optional.empty(), change("static", Map.of()), made -> {});

        assertThat(view.recordedPlans()).isPositive();
        assertThat(view.plans()).isZero();
        assertThat(view.groups())
                .extracting(WhatIfView.GroupLine::made)
                .containsExactly(0.2, 0.3, 0.5);
        assertThat(view.rounds().get(RecordedRun.ROUNDS - 1).distance()).isPositive();
        assertThat(view.text()).contains("it would have been 0 plans").contains("UNCHANGED");
    }

    @Test
    void aSmallerLargestChangeFollowsItsOwnPlansRoundByRound() {
        List<JsonNode> made = new ArrayList<>();
        WhatIfChange slower =
                new WhatIfChange(
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        OptionalDouble.of(SMALL),
                        OptionalDouble.empty());

        Replays.whatIf(file, Optional.empty(), slower, made::add);

        String base = recorded().get(0).get("baseDigest").asText();
        for (JsonNode decision : made) {
            assertThat(decision.get("baseDigest").asText()).isEqualTo(base);
            JsonNode plan = decision.get("planDigest");
            base = plan.asText().isEmpty() ? base : plan.asText();
            assertThat(decision.get("kl").asDouble()).isLessThanOrEqualTo(SMALL * (1 + 1e-9));
        }
        assertThat(made).isNotEqualTo(recorded());
    }

    @Test
    void anOptionThatIsNotNamedStaysAsDeclared() {
        List<JsonNode> made = new ArrayList<>();

        Replays.whatIf(file, Optional.empty(), change("dga", Map.of("eta", 0.3)), made::add);

        assertThat(made).isEqualTo(recorded());
    }

    @Test
    void aPolicyThatTheRunCannotFeedIsRefusedWithTheReason() {
        assertThatThrownBy(
                        () ->
                                Replays.whatIf(
                                        file,
                                        Optional.empty(),
                                        change("no-such", Map.of()),
                                        made -> {}))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageContaining("cannot be replayed like this")
                .hasMessageContaining("no-such");
    }

    @Test
    void aMissingSignalIsADifference() throws IOException {
        List<String> texts = texts();
        texts.removeIf(line -> line.contains("\"GroupSignal\"") && line.contains("\"round\":7"));

        ReplayView view = Replays.replay(write(texts), Optional.empty(), made -> {});

        assertThat(view.same()).isEqualTo(7);
        assertThat(view.difference().orElseThrow().reason()).contains("has not all signals");
    }

    @Test
    void aMalformedLineIsToldByItsNumberAndField() throws IOException {
        refuses("{\"topic\":", "line 2: it is no JSON");
        refuses("[]", "line 2: it is no JSON object");
        refuses("{\"topic\":\"rejects\"}", "field 'topic' is \"rejects\": write one of");
        String signal = line(Topic.TELEMETRY);
        refuses(
                signal.replace("\"tokens\":1000,\"seq", "\"tokens\":1.5,\"seq"),
                "field 'value.tokens'");
        refuses(signal.replace("\"kind\":\"GROUP\"", "\"kind\":\"DOG\""), "write one of");
        refuses(signal.replace("\"part\":0", "\"part\":0,\"mood\":1"), "'value.mood' is unknown");
        refuses(signal.replace("\"sketch\":\"", "\"sketch\":\"!"), "'value.sketch' is no base64");
        refuses(
                signal.replace("\"key\":\"pt-small\"", "\"key\":\"other\""),
                "the same run in both");
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        JsonNode signal = new ObjectMapper().readTree(line(Topic.TELEMETRY));
        ((ObjectNode) signal.get("value")).remove("sketch");

        Entry read = lines.read(signal);

        assertThat(((GroupSignal) read.value()).getSketch().remaining()).isZero();
    }

    @Test
    void aFileOfSeveralRunsNeedsOneNamed() throws IOException {
        List<String> texts = texts();
        texts.add(line(Topic.RUNS).replace("\"pt-small\"", "\"other\""));
        Path several = write(texts);

        assertThatThrownBy(() -> Replays.replay(several, Optional.empty(), made -> {}))
                .hasMessageContaining("choose one with --run");
        assertThat(Replays.replay(several, Optional.of(RecordedRun.RUN), made -> {}).same())
                .isEqualTo(RecordedRun.ROUNDS);
    }

    private void refuses(String line, String message) throws IOException {
        Path wrong = write(List.of(line(Topic.RUNS), line));
        assertThatThrownBy(
                        () -> new RecordFile(wrong, Optional.of(RecordedRun.RUN)).read(entry -> {}))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageContaining(message);
    }

    private String line(Topic topic) {
        return ViewJson.line(
                        lines.of(
                                run.entries().stream()
                                        .filter(entry -> entry.topic() == topic)
                                        .findFirst()
                                        .orElseThrow()))
                .strip();
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        run.entries().forEach(entry -> texts.add(ViewJson.line(lines.of(entry)).strip()));
        return texts;
    }

    private List<JsonNode> recorded() {
        RecordJson json = new RecordJson();
        return run.decisions().stream().map(ToContract::decision).map(json::value).toList();
    }

    private Path write(List<String> texts) throws IOException {
        return Files.write(Files.createTempFile(folder, "records", ".jsonl"), texts);
    }

    private static WhatIfChange change(String policy, Map<String, Double> options) {
        return new WhatIfChange(
                Optional.of(policy),
                options,
                Map.of(),
                Map.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }
}
