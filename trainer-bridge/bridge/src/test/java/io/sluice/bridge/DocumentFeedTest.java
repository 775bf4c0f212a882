package io.sluice.bridge;

import static io.sluice.bridge.pool.TestingDocuments.CATALOG;
import static io.sluice.bridge.pool.TestingDocuments.document;
import static io.sluice.bridge.pool.TestingDocuments.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.bridge.pool.PoolException;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.core.domain.GroupId;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DocumentFeedTest {

    private static final GroupId CODE = new GroupId("code");
    private static final int MEGABYTE = 1 << 20;

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();

    @Test
    void aBridgeWithoutACatalogHoldsNoDocuments() {
        try (Bridge bridge = new TestingBridge(folder, log).bridge()) {
            assertThat(bridge.documents()).isEmpty();
        }
    }

    @Test
    void documentsArriveWhileNobodyWaitsAndOverRestarts() {
        add("a", 10);
        try (Bridge bridge = open()) {
            awaitDocuments(bridge, 1);
        }
        add("b", 10);
        try (Bridge bridge = open()) {
            awaitDocuments(bridge, 2);
            assertThat(ids(pool(bridge).draw(CODE, 0, 2, 2))).containsExactly("a", "b");
            assertThat(pool(bridge).status().duplicates()).isZero();
        }
    }

    @Test
    void aLogThatFailsIsReadAgainFromWhereThePoolStands() {
        try (Bridge bridge = open()) {
            add("a", 10);
            awaitDocuments(bridge, 1);
            log.breakReads(Topic.DOCUMENTS, 2);
            add("b", 10);
            awaitDocuments(bridge, 2);
            assertThat(bridge.status().faults()).containsEntry("documents", 2L);
            assertThat(pool(bridge).status().duplicates()).isZero();
        }
    }

    @Test
    void whatAFullGroupLeftIsReadOnceThereIsRoom() {
        for (int i = 0; i < 10; i++) {
            add("code-" + i, MEGABYTE / 2);
        }
        try (Bridge bridge = open()) {
            awaitDocuments(bridge, 7);
            for (long n = 0; n < 7; n++) {
                pool(bridge).draw(CODE, n, 1, 1);
            }
            pool(bridge).release(Map.of(CODE, 7L));
            while (pool(bridge).status().groups().get(CODE).full()) {
                Thread.onSpinWait();
            }
            assertThat(ids(pool(bridge).draw(CODE, 7, 2, 2))).containsExactly("code-7", "code-8");
        }
    }

    @Test
    void aPoolOfAnotherCatalogIsRefusedAndTheFolderIsFreeAgain() {
        open().close();
        BridgeOptions other = TestingRuns.options(folder).withPool(PoolOptions.of("another"));
        assertThatThrownBy(() -> new TestingBridge(other, log)).isInstanceOf(PoolException.class);
        open().close();
    }

    private Bridge open() {
        PoolOptions small = new PoolOptions(CATALOG, 4L << 20, 4L << 20);
        return new TestingBridge(TestingRuns.options(folder).withPool(small), log).bridge();
    }

    private void add(String id, int bytes) {
        byte[] value = encode(document("code", id, "x".repeat(bytes)));
        log.put(Topic.DOCUMENTS, CATALOG + ":code", value);
    }

    private static DocumentPool pool(Bridge bridge) {
        return bridge.documents().orElseThrow();
    }

    private static void awaitDocuments(Bridge bridge, long count) {
        while (pool(bridge).status().documents() < count) {
            Thread.onSpinWait();
        }
    }

    private static List<String> ids(List<DrawnDocument> drawn) {
        return drawn.stream().map(each -> each.document().orElseThrow().id()).toList();
    }
}
