package io.sluice.ops.bench;

import java.io.PrintStream;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A bridge that is killed and started again, over and over, on the same state. */
final class MortalBridge implements AutoCloseable {

    private static final int LEAST_LIFE_MILLIS = 3_000;
    private static final int MORE_LIFE_MILLIS = 7_000;
    private static final int DEATH_MILLIS = 1_000;

    private final BridgeProcess.Settings settings;
    private final SplittableRandom random;
    private final PrintStream out;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "sluice-bench-bridge");
    private volatile BridgeProcess process;
    private volatile Optional<Exception> failure = Optional.empty();
    private long deaths;

    private MortalBridge(
            BridgeProcess.Settings settings, long seed, PrintStream out, BridgeProcess process) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.out = out;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param seed of its deaths
     */
    static MortalBridge start(BridgeProcess.Settings settings, long seed, PrintStream out)
            throws InterruptedException {
        MortalBridge bridge = new MortalBridge(settings, seed, out, BridgeProcess.start(settings));
        bridge.thread.start();
        return bridge;
    }

    /** Lets it live, and ends it in order; answers how often it was killed. */
    long end() throws Exception {
        ending.countDown();
        thread.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
        process.stop();
        return deaths;
    }

    @Override
    public void close() throws InterruptedException {
        ending.countDown();
        thread.join();
        process.close();
    }

    private void run() {
        try {
            while (!ends(LEAST_LIFE_MILLIS + random.nextInt(MORE_LIFE_MILLIS))) {
                process.kill();
                deaths++;
                out.println("the bridge was killed");
                ends(random.nextInt(DEATH_MILLIS));
                process = BridgeProcess.start(settings);
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    /** Waits; answers whether the benchmark has ended meanwhile. */
    private boolean ends(long millis) throws InterruptedException {
        return ending.await(millis, TimeUnit.MILLISECONDS);
    }
}
