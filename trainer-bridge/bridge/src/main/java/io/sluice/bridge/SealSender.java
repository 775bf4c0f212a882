package io.sluice.bridge;

import io.sluice.bridge.SealQueue.Ended;
import io.sluice.bridge.SealQueue.Entry;
import io.sluice.bridge.SealQueue.FellBack;
import io.sluice.bridge.SealQueue.Saved;
import io.sluice.bridge.SealQueue.Sealed;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import io.sluice.schemas.Topic;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;

/** Sends seals and the news of checkpoints one after the other, each until the log has it. */
final class SealSender implements Runnable {

    private final Surroundings around;
    private final Future<Long> attempt;
    private final SealQueue queue;
    private final Declaration declaration;
    private final BackOff backOff;

    /**
     * @param attempt the attempt's number, once the log has given it
     */
    SealSender(
            Surroundings around,
            Future<Long> attempt,
            SealQueue queue,
            Declaration declaration,
            BackOff backOff) {
        this.around = around;
        this.attempt = attempt;
        this.queue = queue;
        this.declaration = declaration;
        this.backOff = backOff;
    }

    @Override
    public void run() {
        try {
            long number = attempt.get();
            for (Optional<Entry> entry = queue.take(); entry.isPresent(); entry = queue.take()) {
                try {
                    send(number, entry.get());
                } catch (RuntimeException | Error e) {
                    around.faults().report(Faults.Place.SEALS, e);
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            // The attempt ends; the trainer's checkpoint still holds what was sealed.
        }
    }

    private void send(long number, Entry entry) throws InterruptedException {
        if (entry instanceof Sealed sealed) {
            Seal seal = of(number, sealed.seal());
            around.listener().sealed(seal);
            send(Topic.SEALS, Records.seal(seal));
        } else if (entry instanceof FellBack fallback) {
            send(Topic.ACKS, Records.ack(inForce(number, fallback.plan())));
        } else if (entry instanceof Saved saved) {
            send(
                    Topic.RUNS,
                    Records.checkpointSaved(around.spec().runId(), number, saved.nextStep()));
        } else if (entry instanceof Ended ended) {
            send(Topic.RUNS, Records.runEnded(around.spec().runId(), number, ended.nextStep()));
            declaration.forget();
        }
    }

    private void send(Topic topic, SpecificRecord record) throws InterruptedException {
        byte[] value = Records.encode(record);
        boolean again = true;
        while (again && !sent(topic, value)) {
            again = backOff.pause();
        }
    }

    private boolean sent(Topic topic, byte[] value) throws InterruptedException {
        try {
            around.append(topic, value).get();
            around.faults().worked(Faults.Place.SEALS);
            backOff.reset();
            return true;
        } catch (ExecutionException e) {
            around.faults().report(Faults.Place.SEALS, e.getCause());
            return false;
        }
    }

    /** An answer to nobody: it tells the controller which plan is in force. */
    private static PlanAck inForce(long number, Plan plan) {
        return new PlanAck(
                plan.runId(),
                number,
                plan.version(),
                plan.digest(),
                plan.epoch(),
                PlanAck.Verdict.REPEATED,
                plan);
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
