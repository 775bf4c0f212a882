package io.sluice.flink.candidate.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.score.EmbeddingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddingBatcherTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final TestingEmbedder embedder = new TestingEmbedder();

    @Test
    void aFullBatchDoesNotWait() {
        embedder.permits.release(2);
        try (EmbeddingBatcher batcher = new EmbeddingBatcher(embedder, 3, LONG, 10)) {
            List<CompletableFuture<float[]>> vectors = new ArrayList<>();
            for (String text : List.of("good a", "b", "good c", "d", "e", "good f")) {
                vectors.add(batcher.submit(text));
            }
            assertThat(vectors.stream().map(CompletableFuture::join))
                    .containsExactly(
                            TestingEmbedder.GOOD,
                            TestingEmbedder.OTHER,
                            TestingEmbedder.GOOD,
                            TestingEmbedder.OTHER,
                            TestingEmbedder.OTHER,
                            TestingEmbedder.GOOD);
        }
        assertThat(embedder.batches)
                .containsExactly(List.of("good a", "b", "good c"), List.of("d", "e", "good f"));
    }

    @Test
    void anIncompleteBatchGoesWhenItsTimeIsUp() {
        embedder.permits.release();
        try (EmbeddingBatcher batcher =
                new EmbeddingBatcher(embedder, 100, Duration.ofMillis(1), 10)) {
            assertThat(batcher.submit("good").join()).isEqualTo(TestingEmbedder.GOOD);
        }
    }

    @Test
    void aBatchThatFailsFailsAloneAndTheNextOneIsAnswered() {
        embedder.permits.release(2);
        try (EmbeddingBatcher batcher = new EmbeddingBatcher(embedder, 1, LONG, 10)) {
            CompletableFuture<float[]> broken = batcher.submit("broken");
            CompletableFuture<float[]> good = batcher.submit("good");
            assertThatThrownBy(broken::join).hasCauseInstanceOf(EmbeddingException.class);
            assertThat(good.join()).isEqualTo(TestingEmbedder.GOOD);
        }
    }

    @Test
    void moreTextsThanMayWaitAreTurnedAwayAtOnce() {
        try (EmbeddingBatcher batcher = new EmbeddingBatcher(embedder, 1, LONG, 2)) {
            List<CompletableFuture<float[]>> vectors = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                vectors.add(batcher.submit("text " + i));
            }
            // The model has one text at most, and two wait.
            long turnedAway =
                    vectors.stream().filter(CompletableFuture::isCompletedExceptionally).count();
            assertThat(turnedAway).isBetween(7L, 8L);
            embedder.permits.release(10);
            assertThat(vectors.get(0).join()).isEqualTo(TestingEmbedder.OTHER);
        }
    }

    @Test
    void theModelIsNotAskedAboutTextsThatNobodyWaitsFor() {
        try (EmbeddingBatcher batcher = new EmbeddingBatcher(embedder, 1, LONG, 10)) {
            CompletableFuture<float[]> first = batcher.submit("first");
            CompletableFuture<float[]> givenUp = batcher.submit("given up");
            CompletableFuture<float[]> last = batcher.submit("last");
            givenUp.cancel(false);
            embedder.permits.release(10);
            first.join();
            last.join();
        }
        assertThat(embedder.batches).containsExactly(List.of("first"), List.of("last"));
    }
}
