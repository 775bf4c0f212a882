package io.sluice.ops.processes;

import java.util.function.Supplier;

/**
 * A process of this machine that is kept.
 *
 * @param process the process that is looked at
 * @param start starts another in its place, which the next list of processes has
 */
public record KeptProcess(Supplier<JavaProcess> process, Start start) implements Kept {

    /** How a process is started. */
    @FunctionalInterface
    public interface Start {

        /** Starts it. */
        void run() throws Exception;
    }

    @Override
    public String name() {
        return process.get().name();
    }

    @Override
    public void requireAlive() {
        process.get().requireAlive();
    }

    @Override
    public void startAgain() throws Exception {
        process.get().kill();
        start.run();
    }
}
