package io.sluice.ops.processes;

import io.sluice.ops.UserException;

/** A process that is to run as long as the command does that has started it. */
public interface Kept {

    /** Its name, which it keeps when it is started again. */
    String name();

    /**
     * Returns when it runs.
     *
     * @throws UserException when it has ended, saying how and where its logs are
     */
    void requireAlive();

    /**
     * Starts it again, and returns when it answers. What may be left of it is ended first.
     *
     * @throws UserException when it does not start
     */
    void startAgain() throws Exception;
}
