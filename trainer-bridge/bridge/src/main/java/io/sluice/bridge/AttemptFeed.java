package io.sluice.bridge;

import io.sluice.bridge.Announcement.Announced;
import io.sluice.bridge.LogReader.LogRecord;
import io.sluice.schemas.AttemptStarted;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Follows the run's attempts, and notes when a newer one than this has started: its trainer is the
 * one that counts from then on. Records that cannot be read are the job's to reject.
 */
final class AttemptFeed implements Runnable {

    private final Surroundings around;
    private final Future<Announced> announced;
    private final TopicFollower runs;
    private final BooleanSupplier superseded;
    private volatile boolean fenced;

    /**
     * @param announced this attempt, once the log has it
     * @param superseded whether a later attempt of this bridge has begun: then a newer one is no
     *     news
     */
    AttemptFeed(
            Surroundings around,
            Future<Announced> announced,
            TopicFollower runs,
            BooleanSupplier superseded) {
        this.superseded = superseded;
        this.around = around;
        this.announced = announced;
        this.runs = runs;
    }

    @Override
    public void run() {
        try {
            Announced own = announced.get();
            runs.follow(own.runPositions(), record -> take(record, own.number()));
        } catch (InterruptedException | ExecutionException e) {
            // The attempt has ended.
        }
    }

    /** Whether a newer attempt has started. */
    boolean fenced() {
        return fenced;
    }

    /** One run's records stand in one partition, so that later ones have greater offsets. */
    private void take(LogRecord record, long own) {
        if (!fenced
                && !superseded.getAsBoolean()
                && record.offset() > own
                && Records.decode(record.value()) instanceof AttemptStarted) {
            fenced = true;
            around.metrics().fenced();
            around.listener().fenced(record.offset());
        }
    }
}
