package io.sluice.bridge;

import io.sluice.core.sequence.Seal;
import io.sluice.schemas.Topic;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Sends seals one after the other, each until the log has it. */
final class SealSender implements Runnable {

    private final Surroundings around;
    private final Future<Long> attempt;
    private final SealQueue queue;
    private final BackOff backOff;

    /**
     * @param attempt the attempt's number, once the log has given it
     */
    SealSender(Surroundings around, Future<Long> attempt, SealQueue queue, BackOff backOff) {
        this.around = around;
        this.attempt = attempt;
        this.queue = queue;
        this.backOff = backOff;
    }

    @Override
    public void run() {
        try {
            long number = attempt.get();
            for (Optional<Seal> seal = queue.take(); seal.isPresent(); seal = queue.take()) {
                try {
                    send(of(number, seal.get()));
                } catch (RuntimeException | Error e) {
                    around.faults().report(Faults.Place.SEALS, e);
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            // The attempt ends; the trainer's checkpoint still holds what was sealed.
        }
    }

    private void send(Seal seal) throws InterruptedException {
        around.listener().sealed(seal);
        byte[] value = Records.encode(Records.seal(seal));
        boolean again = true;
        while (again && !sent(value)) {
            again = backOff.pause();
        }
    }

    private boolean sent(byte[] value) throws InterruptedException {
        try {
            around.append(Topic.SEALS, value).get();
            around.faults().worked(Faults.Place.SEALS);
            backOff.reset();
            return true;
        } catch (ExecutionException e) {
            around.faults().report(Faults.Place.SEALS, e.getCause());
            return false;
        }
    }

    /** Steps may be sealed before the log has given the attempt its number. */
    private static Seal of(long number, Seal seal) {
        return new Seal(
                seal.runId(),
                number,
                seal.specDigest(),
                seal.fromStep(),
                seal.throughStep(),
                seal.plan(),
                seal.changesPlan());
    }
}
