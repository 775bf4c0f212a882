package io.sluice.bridge.pool;

import static io.sluice.bridge.pool.TestingDocuments.CATALOG;
import static io.sluice.bridge.pool.TestingDocuments.builder;
import static io.sluice.bridge.pool.TestingDocuments.document;
import static io.sluice.bridge.pool.TestingDocuments.removal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.GroupId;
import io.sluice.schemas.AdmittedDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

class DocumentPoolTest {

    private static final GroupId CODE = new GroupId("code");
    private static final GroupId WEB = new GroupId("web");
    private static final int MEGABYTE = 1 << 20;
    private static final PoolOptions SMALL = new PoolOptions(CATALOG, 10L << 20, 4L << 20);

    @TempDir Path folder;

    private final TestingDocuments topic = new TestingDocuments();

    @Test
    void documentsAreDrawnInTheOrderOfTheTopicAndOverRestartsNoneTwice() {
        topic.append("code", 5, 10);
        topic.append("web", 3, 10);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(ids(pool.draw(CODE, 0, 2, 2))).containsExactly("code-0", "code-1");
        }
        topic.append(document("code", "code-5", "later"));
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(ids(pool.draw(CODE, 2, 1, 10)))
                    .containsExactly("code-2", "code-3", "code-4", "code-5");
            assertThat(ids(pool.draw(CODE, 0, 1, 2))).containsExactly("code-0", "code-1");
            assertThat(ids(pool.draw(WEB, 0, 3, 3))).containsExactly("web-0", "web-1", "web-2");
            PoolStatus.Group code = pool.status().groups().get(CODE);
            assertThat(code.documents()).isEqualTo(6);
            assertThat(code.drawn()).isEqualTo(6);
            assertThat(pool.status().duplicates()).isZero();
        }
    }

    @Test
    void aDocumentHoldsWhatTheRecordSays() {
        AdmittedDocument record =
                builder("code", "a", "größe").setUri("https://example.org/a").build();
        topic.append(record);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            PooledDocument drawn = pool.draw(CODE, 0, 1, 1).get(0).document().orElseThrow();
            assertThat(drawn.id()).isEqualTo("a");
            assertThat(drawn.source()).isEqualTo("feed");
            assertThat(drawn.uri()).isEqualTo("https://example.org/a");
            assertThat(drawn.tokens()).isEqualTo(1);
            assertThat(drawn.text()).asString(StandardCharsets.UTF_8).isEqualTo("größe");
        }
    }

    @Test
    void whatWasRepeatedAndWhatWasMissingStaysSoOverARestart() {
        List<String> before;
        try (DocumentPool pool = open()) {
            assertThat(pool.draw(CODE, 0, 2, 4))
                    .hasSize(2)
                    .allMatch(drawn -> drawn.document().isEmpty());
            topic.append("code", 3, 10);
            topic.feed(pool);
            before = ids(pool.draw(CODE, 2, 8, 8));
            assertThat(before).startsWith("code-0", "code-1", "code-2");
            assertThat(pool.draw(CODE, 5, 3, 3)).allMatch(drawn -> drawn.pass() == 1);
        }
        topic.append(document("code", "code-3", "later"));
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(pool.draw(CODE, 0, 2, 2)).allMatch(drawn -> drawn.document().isEmpty());
            assertThat(ids(pool.draw(CODE, 2, 8, 8))).isEqualTo(before);
            assertThat(ids(pool.draw(CODE, 10, 1, 1))).containsExactly("code-3");
        }
    }

    @Test
    void theFirstRecordOfAnIdentifierCounts() {
        topic.append(document("code", "a", "first"));
        topic.append(document("web", "a", "second"));
        topic.append(document("code", "a", "third"));
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(ids(pool.draw(CODE, 0, 1, 9))).containsExactly("a");
            assertThat(pool.draw(WEB, 0, 1, 1).get(0).document()).isEmpty();
            assertThat(pool.status().duplicates()).isEqualTo(2);
        }
    }

    @Test
    void removedDocumentsAreNotHandedOut() {
        topic.append("code", 6, 10);
        AdmittedDocument other = builder("code", "other", "text").setSource("elsewhere").build();
        topic.append(other);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            pool.draw(CODE, 0, 2, 2);
            topic.append(removal("code", "code-0", ""));
            topic.append(removal("code", "code-3", ""));
            topic.append(removal("code", "", ""));
            topic.feed(pool);
            assertThat(ids(pool.draw(CODE, 0, 1, 9)))
                    .containsExactly("code-1", "code-1", "code-2", "code-4", "code-5", "other");
            topic.append(removal("code", "", "feed"));
            topic.append(document("code", "code-9", "of the source, and later"));
            topic.feed(pool);
            assertThat(ids(pool.draw(CODE, 0, 12, 12))).containsOnly("other", "code-9");
            assertThat(pool.status().groups().get(CODE).removed()).isEqualTo(6);
        }
    }

    @Test
    void aGroupWithoutAnyDocumentLeftHasNothing() {
        topic.append("code", 2, 10);
        topic.append(removal("code", "", "feed"));
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(pool.draw(CODE, 0, 1, 1).get(0).document()).isEmpty();
        }
    }

    @Test
    void aFullGroupLeavesDocumentsInTheTopicAndTakesThemWhenItHasRoom() {
        topic.append("code", 12, MEGABYTE / 2);
        topic.append("web", 2, 10);
        try (DocumentPool pool = DocumentPool.open(folder, SMALL, "run", 1)) {
            topic.feed(pool);
            assertThat(pool.status().groups().get(CODE))
                    .matches(PoolStatus.Group::full)
                    .matches(group -> group.documents() == 7);
            assertThat(ids(pool.draw(WEB, 0, 2, 2))).containsExactly("web-0", "web-1");
            assertThat(ids(draw(pool, CODE, 0, 7))).isEqualTo(numbered("code", 0, 7));
            pool.release(Map.of(CODE, 3L));
            topic.feed(pool);
        }
        try (DocumentPool pool = DocumentPool.open(folder, SMALL, "run", 1)) {
            topic.feed(pool);
            assertThat(ids(draw(pool, CODE, 3, 7))).isEqualTo(numbered("code", 3, 10));
            assertThatThrownBy(() -> pool.draw(CODE, 2, 1, 1))
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            e -> assertThat(e.kind()).isEqualTo(PoolException.Kind.RELEASED));
            pool.release(Map.of(CODE, 9L));
            topic.feed(pool);
            assertThat(ids(draw(pool, CODE, 9, 3))).isEqualTo(numbered("code", 9, 12));
            assertThat(pool.status().groups().get(CODE).full()).isFalse();
            assertThat(pool.status().duplicates()).isZero();
        }
    }

    @Test
    void noMoreBytesAreHeldThanAllowedInAll() {
        for (String group : List.of("a", "b", "c", "d")) {
            topic.append(group, 7, MEGABYTE / 2);
        }
        try (DocumentPool pool = DocumentPool.open(folder, SMALL, "run", 1)) {
            topic.feed(pool);
            assertThat(pool.status().bytes()).isBetween(9L << 20, 10L << 20);
            assertThat(pool.status().groups().get(new GroupId("a")).full()).isFalse();
            GroupId a = new GroupId("a");
            draw(pool, a, 0, 7);
            pool.release(Map.of(a, 7L));
            topic.feed(pool);
            GroupId c = new GroupId("c");
            assertThat(ids(draw(pool, c, 0, 7))).isEqualTo(numbered("c", 0, 7));
        }
    }

    @Test
    void repeatsFollowTheWeights() {
        for (int i = 0; i < 20; i++) {
            AdmittedDocument record =
                    builder("code", "code-" + i, "text").setWeight(i < 10 ? 0.5 : 1.5).build();
            topic.append(record);
        }
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            pool.draw(CODE, 0, 20, 20);
            Map<String, Integer> times = new HashMap<>();
            ids(pool.draw(CODE, 20, 800, 800)).forEach(id -> times.merge(id, 1, Integer::sum));
            int light = IntStream.range(0, 10).map(i -> times.get("code-" + i)).sum();
            assertThat(light).isEqualTo(200);
        }
    }

    @Test
    void recordsThatAreNoDocumentsAreCountedAndPassedOver() {
        AdmittedDocument weightless = builder("code", "a", "text").setWeight(Double.NaN).build();
        AdmittedDocument empty = document("code", "b", "");
        AdmittedDocument nameless = document("code", "", "text");
        AdmittedDocument lost = document("co de", "c", "text");
        List.of(weightless, empty, nameless, lost).forEach(topic::append);
        topic.append(new byte[] {1, 2, 3});
        topic.append("code", 1, 10);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(pool.status().refused()).isEqualTo(5);
            assertThat(ids(pool.draw(CODE, 0, 1, 9))).containsExactly("code-0");
        }
    }

    @Test
    void documentsOfOtherCatalogsAreNotHeld() {
        AdmittedDocument foreign = builder("code", "a", "text").setCatalog("another").build();
        topic.append(foreign);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
            assertThat(pool.status().documents()).isZero();
        }
    }

    /** A folder that is open for reading refuses every write, as one on a full disk does. */
    @Test
    void aFolderThatTakesNoWritesIsDrawnFromAndTakesThemLater() {
        topic.append("code", 3, 10);
        try (DocumentPool pool = open()) {
            topic.feed(pool);
        }
        topic.append(document("code", "code-3", "later"));
        AtomicInteger opened = new AtomicInteger();
        PoolStore.Opener full =
                (options, path) ->
                        opened.getAndIncrement() == 0
                                ? RocksDB.openReadOnly(options, path)
                                : RocksDB.open(options, path);
        try (DocumentPool pool =
                DocumentPool.open(folder, PoolOptions.of(CATALOG), "run", 1, full)) {
            assertThatThrownBy(() -> topic.feed(pool)).isInstanceOf(PoolException.class);
            assertThat(pool.isWritable()).isFalse();
            List<String> before = ids(pool.draw(CODE, 0, 5, 5));
            assertThat(before).startsWith("code-0", "code-1", "code-2");
            pool.repair();
            topic.feed(pool);
            assertThat(pool.isWritable()).isTrue();
            assertThat(ids(pool.draw(CODE, 0, 6, 6)))
                    .startsWith(before.toArray(String[]::new))
                    .endsWith("code-3");
        }
        try (DocumentPool pool = open()) {
            assertThat(ids(pool.draw(CODE, 5, 1, 1))).containsExactly("code-3");
        }
    }

    @Test
    void foldersThatCannotBeUsedAreRefused() throws Exception {
        open().close();
        assertKind(
                PoolException.Kind.FOREIGN,
                () -> DocumentPool.open(folder, PoolOptions.of(CATALOG), "another", 1));
        try (DocumentPool pool = open()) {
            assertKind(PoolException.Kind.LOCKED, this::open);
        }
        Path current = folder.resolve("CURRENT");
        Files.writeString(current, "nonsense");
        assertKind(PoolException.Kind.DAMAGED, this::open);
        Path file = Files.createFile(folder.resolve("file"));
        assertKind(
                PoolException.Kind.UNUSABLE,
                () -> DocumentPool.open(file, PoolOptions.of(CATALOG), "run", 1));
    }

    @Test
    void aClosedPoolSaysSo() {
        DocumentPool pool = open();
        topic.append("code", 1, 10);
        topic.feed(pool);
        pool.close();
        pool.close();
        assertKind(PoolException.Kind.CLOSED, () -> pool.draw(CODE, 0, 1, 1));
    }

    @Test
    void drawsOutOfRangeAreRefused() {
        try (DocumentPool pool = open()) {
            assertThatThrownBy(() -> pool.draw(CODE, -1, 1, 1)).hasMessageContaining("-1");
            assertThatThrownBy(() -> pool.draw(CODE, 0, 2, 1)).hasMessageContaining("2 of 1");
            assertThatThrownBy(() -> pool.draw(CODE, 0, 1, 1_025)).hasMessageContaining("1025");
            assertThatThrownBy(() -> new PoolOptions(CATALOG, 1, 2))
                    .hasMessageContaining("1 bytes");
            assertThatThrownBy(() -> PoolOptions.of("no catalog")).hasMessageContaining("catalog");
        }
    }

    private DocumentPool open() {
        return DocumentPool.open(folder, PoolOptions.of(CATALOG), "run", 1);
    }

    private static void assertKind(PoolException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PoolException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    /** Draws that may need several answers. */
    private static List<DrawnDocument> draw(DocumentPool pool, GroupId group, long from, int need) {
        List<DrawnDocument> drawn = new ArrayList<>();
        while (drawn.size() < need) {
            int left = need - drawn.size();
            drawn.addAll(pool.draw(group, from + drawn.size(), left, left));
        }
        return drawn;
    }

    private static List<String> ids(List<DrawnDocument> drawn) {
        return drawn.stream().map(each -> each.document().orElseThrow().id()).toList();
    }

    private static List<String> numbered(String group, int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> group + "-" + i).toList();
    }
}
