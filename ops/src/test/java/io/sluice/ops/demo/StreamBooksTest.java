package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.bridge.pool.PooledDocument;
import io.sluice.core.domain.GroupId;
import io.sluice.ops.page.StreamFigures;
import io.sluice.schemas.GroupSupply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamBooksTest {

    private long nanos;
    private final StreamBooks books = new StreamBooks("late", 10, () -> nanos);

    @Test
    void aGroupLastsUntilItIsDrawnOnce() {
        supply(1000, 0);
        draw(0, 100);
        nanos = Duration.ofSeconds(10).toNanos();
        draw(1, 100);

        StreamFigures.Group group = books.figures().groups().get(0);
        assertThat(group.epochs()).hasValue(0.2);
        assertThat(group.lastsSeconds()).hasValue(40);
    }

    @Test
    void aGroupThatGrowsAsItIsDrawnLastsForEver() {
        supply(1000, 20);
        draw(0, 100);
        nanos = Duration.ofSeconds(10).toNanos();

        assertThat(books.figures().groups().get(0).lastsSeconds()).isEmpty();
    }

    private void supply(long tokens, double tokensPerSecond) {
        books.heard(
                GroupSupply.newBuilder()
                        .setCatalog("demo")
                        .setGroup("en")
                        .setVersion(1)
                        .setDocuments(10)
                        .setUniqueTokens(tokens)
                        .setAdmitted(10)
                        .setTurnedAway(0)
                        .setRemoved(0)
                        .setTokensPerSecond(tokensPerSecond)
                        .setScoreQuantiles(List.of())
                        .build());
    }

    private void draw(long step, int bytes) {
        PooledDocument document =
                new PooledDocument("text/en/" + step, "demo", "", bytes, new byte[bytes]);
        books.drawn(step, new GroupId("en"), new DrawnDocument(step, 0, Optional.of(document)));
    }
}
