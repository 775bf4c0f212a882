package io.sluice.ops.up;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.daemon.BridgeDaemon;
import io.sluice.bridge.daemon.DaemonOptions;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.ops.candidates.CandidateStart;
import io.sluice.ops.run.RunFile;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.LocalStack;
import io.sluice.ops.stack.OwnedFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Everything but the trainer in one JVM: broker, mixture job, candidate job where it is wanted and,
 * where there is a run, its bridge. State is kept: a second life in the same folder goes on where
 * the first one was.
 */
public final class Up implements AutoCloseable {

    private final OwnedFolder folder;
    private final LocalStack stack;
    private final Optional<EmbeddedJob> candidates;
    private final Optional<BridgeDaemon> bridge;

    private Up(
            OwnedFolder folder,
            LocalStack stack,
            Optional<EmbeddedJob> candidates,
            Optional<BridgeDaemon> bridge) {
        this.folder = folder;
        this.stack = stack;
        this.candidates = candidates;
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
                return start(options, folder, stack);
            } catch (Throwable e) {
                stack.suspend();
                throw e;
            }
        } catch (Throwable e) {
            folder.close();
            throw e;
        }
    }

    private static Up start(UpOptions options, OwnedFolder folder, LocalStack stack)
            throws Exception {
        Optional<EmbeddedJob> candidates = Optional.empty();
        if (options.candidates().isPresent()) {
            candidates = Optional.of(candidates(options, options.candidates().get(), stack));
        }
        try {
            return new Up(
                    folder,
                    stack,
                    candidates,
                    options.run().map(run -> bridge(options, run, stack.bootstrap())));
        } catch (Throwable e) {
            candidates.ifPresent(EmbeddedJob::suspend);
            throw e;
        }
    }

    private static EmbeddedJob candidates(UpOptions options, CandidateStart start, LocalStack stack)
            throws Exception {
        options.run().ifPresent(run -> start.follow(stack.client(), run.spec().runId()));
        return EmbeddedJob.start(
                options.state().resolve("candidates"),
                start.with(CandidateOptions.of(stack.client())),
                options.parallelism());
    }

    private static BridgeDaemon bridge(UpOptions options, RunFile run, String bootstrap) {
        BridgeOptions plain =
                BridgeOptions.of(bootstrap, options.state().resolve("bridge"))
                        .withDrawsPerStep(run.drawsPerStep());
        BridgeOptions bridge =
                options.candidates()
                        .map(start -> plain.withPool(PoolOptions.of(start.catalog())))
                        .orElse(plain);
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

    /** Completes when a job has ended, which it does not do by itself but for a failure. */
    public CompletableFuture<?> jobEnd() {
        return candidates
                .<CompletableFuture<?>>map(
                        job -> CompletableFuture.anyOf(stack.jobEnd(), job.end()))
                .orElseGet(stack::jobEnd);
    }

    /** Why a job ended, if one ended by itself. */
    public Optional<Throwable> jobFailure() {
        return stack.jobFailure().or(() -> candidates.flatMap(EmbeddedJob::failure));
    }

    /** Closes bridge, jobs and broker in this order; the jobs leave snapshots of all they know. */
    @Override
    public void close() {
        try (folder) {
            try {
                bridge.ifPresent(BridgeDaemon::close);
                candidates.ifPresent(EmbeddedJob::suspend);
            } finally {
                stack.suspend();
            }
        }
    }
}
