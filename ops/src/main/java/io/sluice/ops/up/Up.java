package io.sluice.ops.up;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.daemon.BridgeDaemon;
import io.sluice.bridge.daemon.DaemonOptions;
import io.sluice.ops.run.RunFile;
import io.sluice.ops.stack.LocalStack;
import io.sluice.ops.stack.OwnedFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Everything but the trainer in one JVM: broker, mixture job and, where there is a run, its bridge.
 * State is kept: a second life in the same folder goes on where the first one was.
 */
public final class Up implements AutoCloseable {

    private final OwnedFolder folder;
    private final LocalStack stack;
    private final Optional<BridgeDaemon> bridge;

    private Up(OwnedFolder folder, LocalStack stack, Optional<BridgeDaemon> bridge) {
        this.folder = folder;
        this.stack = stack;
        this.bridge = bridge;
    }

    /**
     * Starts everything; what had started is closed again when something fails.
     *
     * @throws io.sluice.ops.UserException when the folder or the port is not to be had
     */
    public static Up start(UpOptions options) throws Exception {
        OwnedFolder folder = OwnedFolder.take(options.state(), ".sluice-up", "'./sluice up'");
        try {
            LocalStack stack =
                    LocalStack.start(options.state(), options.kafkaPort(), options.parallelism());
            try {
                return new Up(
                        folder,
                        stack,
                        options.run().map(run -> bridge(options, run, stack.bootstrap())));
            } catch (Throwable e) {
                stack.suspend();
                throw e;
            }
        } catch (Throwable e) {
            folder.close();
            throw e;
        }
    }

    private static BridgeDaemon bridge(UpOptions options, RunFile run, String bootstrap) {
        BridgeOptions bridge =
                BridgeOptions.of(bootstrap, options.state().resolve("bridge"))
                        .withDrawsPerStep(run.drawsPerStep());
        DaemonOptions daemon =
                DaemonOptions.of(bridge, options.socket())
                        .withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return BridgeDaemon.start(daemon, run.spec(), run.data(), BridgeListener.NONE);
    }

    /** Where clients find the broker. */
    public String bootstrap() {
        return stack.bootstrap();
    }

    /** The snapshot that the job went on from; empty where it began anew. */
    public Optional<Path> restoredFrom() {
        return stack.restoredFrom();
    }

    /** The bridge, where a run was given. */
    public Optional<BridgeDaemon> bridge() {
        return bridge;
    }

    /** Completes when the job has ended, which it does not do by itself but for a failure. */
    public CompletableFuture<Void> jobEnd() {
        return stack.jobEnd();
    }

    /** Why the job ended, if it ended by itself. */
    public Optional<Throwable> jobFailure() {
        return stack.jobFailure();
    }

    /** Closes bridge, job and broker in this order; the job leaves a snapshot of all it knows. */
    @Override
    public void close() {
        try (folder) {
            try {
                bridge.ifPresent(BridgeDaemon::close);
            } finally {
                stack.suspend();
            }
        }
    }
}
