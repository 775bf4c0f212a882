package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.SealedPlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

class BridgeStoreTest {

    @TempDir Path folder;

    private final Plan prior = Records.prior(TestingRuns.spec());

    @Test
    void remembersTheHighestEpochAndTheLastSealedStepOverARestart() {
        Plan next = TestingRuns.next(prior, 1, 5, 4, 0.4, 0.4, 0.2);
        try (BridgeStore store = BridgeStore.open(folder)) {
            assertThat(store.highestEpoch(TestingRuns.RUN)).isEqualTo(-1);
            assertThat(store.lastSealed(TestingRuns.RUN)).isEmpty();
            store.putHighestEpoch(TestingRuns.RUN, 5);
            store.putSealed(1, new SealedPlan(prior, 0), 3);
            store.putSealed(1, new SealedPlan(next, 4), 7);
            store.putSealed(1, new SealedPlan(next, 4), 9);
        }
        try (BridgeStore store = BridgeStore.open(folder)) {
            assertThat(store.highestEpoch(TestingRuns.RUN)).isEqualTo(5);
            assertThat(store.highestEpoch("another")).isEqualTo(-1);
            assertThat(store.lastSealed(TestingRuns.RUN))
                    .contains(new TrainerCheckpoint(TestingRuns.RUN, 10, next, 4));
        }
    }

    /** A folder that is open for reading refuses every write, as one on a full disk does. */
    @Test
    void aStoreThatRefusedAWriteIsOpenedAnewAndTakesTheNextOnes() throws Exception {
        BridgeStore.open(folder).close();
        AtomicInteger opened = new AtomicInteger();
        BridgeStore.Opener full =
                (options, path) ->
                        opened.getAndIncrement() == 0
                                ? RocksDB.openReadOnly(options, path)
                                : RocksDB.open(options, path);
        try (BridgeStore store = BridgeStore.open(folder, full)) {
            assertThatThrownBy(() -> store.putHighestEpoch(TestingRuns.RUN, 5))
                    .isInstanceOf(StoreException.class);
            boolean written = false;
            while (!written) {
                try {
                    store.putSealed(1, new SealedPlan(prior, 0), 3);
                    written = true;
                } catch (StoreException e) {
                    Thread.onSpinWait();
                }
            }
            assertThat(opened).hasValue(2);
            assertThat(store.lastSealed(TestingRuns.RUN))
                    .contains(new TrainerCheckpoint(TestingRuns.RUN, 4, prior, 0));
        }
    }

    @Test
    @Timeout(60)
    void aStoreMayBeClosedWhileItIsOpenedAnew() throws Exception {
        BridgeStore.open(folder).close();
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger opened = new AtomicInteger();
        BridgeStore.Opener slow =
                (options, path) -> {
                    if (opened.getAndIncrement() == 0) {
                        return RocksDB.openReadOnly(options, path);
                    }
                    opening.countDown();
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return RocksDB.open(options, path);
                };
        BridgeStore store = BridgeStore.open(folder, slow);
        assertThatThrownBy(() -> store.putHighestEpoch(TestingRuns.RUN, 5))
                .isInstanceOf(StoreException.class);
        opening.await();
        assertFails(
                () -> store.highestEpoch(TestingRuns.RUN), StoreException.Kind.UNUSABLE, "folder");
        store.close();
        closed.countDown();
        // The repair closes what it opened, so that the folder is free again.
        boolean free = false;
        while (!free) {
            try {
                BridgeStore.open(folder).close();
                free = true;
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.LOCKED);
            }
        }
    }

    @Test
    void aLockedFolderIsNamedWithTheRemedy() {
        try (BridgeStore first = BridgeStore.open(folder)) {
            assertThat(first.highestEpoch(TestingRuns.RUN)).isEqualTo(-1);
            assertFails(
                    () -> BridgeStore.open(folder),
                    StoreException.Kind.LOCKED,
                    "another bridge has it open");
        }
    }

    @Test
    void aDamagedFolderIsNamedWithTheRemedy() throws Exception {
        try (BridgeStore store = BridgeStore.open(folder)) {
            store.putHighestEpoch(TestingRuns.RUN, 5);
        }
        Files.write(folder.resolve("CURRENT"), "rubbish".getBytes(StandardCharsets.UTF_8));
        assertFails(() -> BridgeStore.open(folder), StoreException.Kind.DAMAGED, "move it away");
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamedWithTheRemedy() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> BridgeStore.open(file))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                .hasMessageContaining(file.toString());
    }

    @Test
    void aClosedStoreRefusesInsteadOfTouchingNativeMemory() {
        BridgeStore store = BridgeStore.open(folder);
        store.close();
        store.close();
        assertFails(
                () -> store.putHighestEpoch(TestingRuns.RUN, 1),
                StoreException.Kind.CLOSED,
                "closed");
        assertFails(() -> store.lastSealed(TestingRuns.RUN), StoreException.Kind.CLOSED, "closed");
    }

    private void assertFails(ThrowingCallable call, StoreException.Kind kind, String remedy) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(remedy);
    }
}
