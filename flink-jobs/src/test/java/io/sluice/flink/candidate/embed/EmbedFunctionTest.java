package io.sluice.flink.candidate.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.dedup.Fingerprint;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.score.DocumentScore;
import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextScorers;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.flink.candidate.CandidateEventLayout;
import io.sluice.flink.candidate.ScorerOptions;
import io.sluice.flink.candidate.TestingTopicLog;
import io.sluice.schemas.TargetEmbedding;
import io.sluice.state.flink.LayoutSerializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EmbedFunctionTest {

    private static final DocumentScore TEXT = new DocumentScore("length", 1, 0.5);

    private static TestingEmbedder embedder = TestingEmbedder.ready();

    private final TestingTopicLog catalogs = new TestingTopicLog();

    @Test
    void documentsComeOutInTheOrderInWhichTheyCameWithTheirSimilarity() throws Exception {
        target("exam", "testing-1", 1, 0);
        List<CandidateEvent> out =
                through(1, document("a", "good"), document("b", "bad"), removal());
        assertThat(out).hasSize(3);
        assertThat(similarity(out.get(0)).value()).isEqualTo(1);
        assertThat(similarity(out.get(1)).value()).isEqualTo(0);
        assertThat(similarity(out.get(0)).version()).isEqualTo(similarity(out.get(1)).version());
        assertThat(((Offered) out.get(0)).scores()).startsWith(TEXT);
        assertThat(out.get(2)).isInstanceOf(Removal.class);
    }

    @Test
    void theSameShareOfDocumentsIsAskedAboutEveryTime() throws Exception {
        target("exam", "testing-1", 1, 0);
        Offered[] many =
                IntStream.range(0, 400)
                        .mapToObj(i -> document("doc-" + i, "good"))
                        .toArray(Offered[]::new);
        List<Boolean> first = through(0.25, many).stream().map(this::isScored).toList();
        assertThat(first.stream().filter(scored -> scored).count()).isBetween(70L, 130L);
        assertThat(through(0.25, many).stream().map(this::isScored).toList()).isEqualTo(first);
    }

    @Test
    void aDocumentsOwnEmbeddingIsTakenWhereItsSizeIsThatOfATarget() throws Exception {
        target("exam", "other-model", 0, 2);
        int before = embedder.batches.size();
        List<CandidateEvent> out =
                through(
                        1,
                        document("a", "good", 0, 3),
                        document("b", "good", 1, 2, 3),
                        document("c", "good", 0, 0));
        assertThat(similarity(out.get(0)).value()).isEqualTo(1);
        assertThat(out.subList(1, 3)).noneMatch(this::isScored);
        assertThat(out).allMatch(event -> ((Offered) event).embedding().length == 0);
        assertThat(embedder.batches).hasSize(before);
    }

    @Test
    void withoutATargetOfItsModelNothingIsScored() throws Exception {
        assertThat(through(1, document("a", "good"))).noneMatch(this::isScored);
        target("exam", "other-model", 1, 0);
        assertThat(through(1, document("a", "good"))).noneMatch(this::isScored);
        target("exam", "testing-1", 1, 0);
        assertThat(through(1, document("a", "good"))).allMatch(this::isScored);
        target("exam", "none");
        assertThat(through(1, document("a", "good"))).noneMatch(this::isScored);
    }

    @Test
    void anotherVectorIsAnotherVersion() throws Exception {
        target("exam", "testing-1", 1, 0);
        int one = similarity(through(1, document("a", "good")).get(0)).version();
        target("exam", "testing-1", 1, 0.5f);
        int two = similarity(through(1, document("a", "good")).get(0)).version();
        assertThat(two).isNotEqualTo(one).isPositive();
    }

    @Test
    void whereTheModelFailsTheDocumentGoesOnWithoutItsScore() throws Exception {
        target("exam", "testing-1", 1, 0);
        assertThat(through(1, document("a", "broken")))
                .hasSize(1)
                .noneMatch(this::isScored)
                .allMatch(event -> ((Offered) event).scores().equals(List.of(TEXT)));
    }

    @Test
    void whereTheModelIsTooLateTheDocumentGoesOnWithoutItsScore() throws Exception {
        target("exam", "testing-1", 1, 0);
        embedder = new TestingEmbedder();
        try {
            ScorerOptions hasty = options(1, Duration.ofMillis(1));
            assertThat(through(hasty, document("a", "good"))).noneMatch(this::isScored);
        } finally {
            embedder.permits.release(1_000_000);
            embedder = TestingEmbedder.ready();
        }
    }

    @Test
    void whatTheModelHadAtASnapshotIsAskedAboutAgain() throws Exception {
        target("exam", "testing-1", 1, 0);
        embedder = new TestingEmbedder();
        OperatorSubtaskState snapshot;
        TestingEmbedder first = embedder;
        try (var harness = harness(options(1, Duration.ofMinutes(10)))) {
            harness.open();
            harness.processElement(document("a", "good"), 0);
            harness.processElement(document("b", "bad"), 0);
            snapshot = harness.snapshot(1, 1);
            first.permits.release(1_000_000);
        }
        embedder = TestingEmbedder.ready();
        try (var harness = harness(options(1, Duration.ofMinutes(10)))) {
            harness.initializeState(snapshot);
            harness.open();
            harness.endInput();
            assertThat(harness.extractOutputValues())
                    .extracting(event -> ((Offered) event).candidate().id())
                    .containsExactly("a", "b");
            assertThat(harness.extractOutputValues()).allMatch(this::isScored);
        }
    }

    @Test
    void aModelThatCannotBeLoadedEndsTheJobWithAReason() {
        EmbedFunction function =
                new EmbedFunction(
                        options(1, Duration.ofSeconds(1)),
                        catalogs,
                        (options, loader) -> {
                            throw new EmbeddingException("there is no model at " + options.model());
                        });
        assertThatThrownBy(() -> harness(function).open())
                .isInstanceOf(SuppressRestartsException.class)
                .hasRootCauseMessage("there is no model at /models/m")
                .cause()
                .hasMessageContaining("--scorer-model: there is no model at /models/m");
    }

    private List<CandidateEvent> through(double share, CandidateEvent... events) throws Exception {
        return through(options(share, Duration.ofMinutes(1)), events);
    }

    private List<CandidateEvent> through(ScorerOptions options, CandidateEvent... events)
            throws Exception {
        try (var harness = harness(options)) {
            harness.open();
            for (CandidateEvent event : events) {
                harness.processElement(event, 0);
            }
            harness.endInput();
            return harness.extractOutputValues();
        }
    }

    private OneInputStreamOperatorTestHarness<CandidateEvent, CandidateEvent> harness(
            ScorerOptions options) throws Exception {
        return harness(new EmbedFunction(options, catalogs, (o, loader) -> embedder));
    }

    private static OneInputStreamOperatorTestHarness<CandidateEvent, CandidateEvent> harness(
            EmbedFunction function) throws Exception {
        LayoutSerializer<CandidateEvent> serializer =
                new LayoutSerializer<>(CandidateEventLayout.INSTANCE);
        var harness =
                new OneInputStreamOperatorTestHarness<CandidateEvent, CandidateEvent>(
                        new AsyncWaitOperatorFactory<>(
                                function,
                                0,
                                EmbedFunction.MOST_IN_FLIGHT,
                                AsyncDataStream.OutputMode.ORDERED),
                        serializer);
        harness.setup(serializer);
        return harness;
    }

    private static ScorerOptions options(double share, Duration timeout) {
        return new ScorerOptions("/models/m", share, 4, Duration.ofMillis(1), 1, timeout);
    }

    private void target(String target, String model, float... vector) {
        List<Float> numbers = IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList();
        catalogs.add("web", new TargetEmbedding("web", target, model, numbers, "test"));
    }

    private static Offered document(String id, String text, float... embedding) {
        return new Offered(
                new Candidate(
                        id,
                        "web",
                        "en",
                        "crawl",
                        Optional.empty(),
                        Optional.of(text),
                        Optional.empty(),
                        1,
                        Map.of()),
                new Position(0, 7),
                Fingerprint.ofAddress(id),
                List.of(TEXT),
                embedding,
                false);
    }

    private static Removal removal() {
        return new Removal("web", "en", "a", "", "ana", "asked");
    }

    private boolean isScored(CandidateEvent event) {
        return TextScorers.similarity(((Offered) event).scores()).isPresent();
    }

    private static DocumentScore similarity(CandidateEvent event) {
        return TextScorers.similarity(((Offered) event).scores()).orElseThrow();
    }
}
