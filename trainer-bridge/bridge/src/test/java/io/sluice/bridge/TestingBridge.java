package io.sluice.bridge;

import java.nio.file.Path;

/** A bridge of {@link TestingRuns} on a log in memory, whose store can fail. */
public final class TestingBridge {

    private final BridgeStore store;
    private final Bridge bridge;

    /** Opens it with its store in a folder. */
    public TestingBridge(Path folder, TestingLog log) {
        this(TestingRuns.options(folder), log);
    }

    /** Opens it with other options. */
    public TestingBridge(BridgeOptions options, TestingLog log) {
        store = BridgeStore.open(options.stateFolder());
        bridge =
                Bridge.open(
                        options,
                        TestingRuns.declaration(),
                        BridgeListener.NONE,
                        log,
                        folder -> store,
                        System::nanoTime);
    }

    public Bridge bridge() {
        return bridge;
    }

    /** Makes every use of the store fail from now on. */
    public void breakStore() {
        store.close();
    }
}
