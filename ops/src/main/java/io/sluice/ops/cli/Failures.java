package io.sluice.ops.cli;

import io.sluice.bridge.MissingTopicsException;
import io.sluice.bridge.StoreException;
import io.sluice.bridge.daemon.DaemonException;
import io.sluice.bridge.pool.PoolException;
import io.sluice.djl.CorpusException;
import io.sluice.djl.TrainingException;
import io.sluice.flink.kafka.TopicPreflight.TopicsUnavailableException;
import io.sluice.ops.UserException;
import java.util.concurrent.Callable;

/** Tells failures that a person can mend from bugs. */
final class Failures {

    /** What to do about a failure that nobody foresaw. */
    static final String HINT =
            " (the log says more: .sluice/sluice.log; --verbose shows where it happened)";

    private Failures() {}

    /**
     * Runs work whose known failures carry messages for people.
     *
     * @throws UserException in place of a known failure
     */
    static <T> T translate(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (CorpusException
                | DaemonException
                | PoolException
                | StoreException
                | TrainingException
                | MissingTopicsException
                | TopicsUnavailableException e) {
            throw new UserException(e.getMessage(), e);
        } catch (LinkageError e) {
            throw new UserException(
                    "a library does not fit this machine or this build ("
                            + e
                            + "): build again with 'mvn clean package'",
                    e);
        } catch (OutOfMemoryError e) {
            throw new UserException(
                    "the heap is full ("
                            + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MiB): allow more, as in SLUICE_JAVA_OPTIONS=-Xmx4g ./sluice ...",
                    e);
        }
    }
}
