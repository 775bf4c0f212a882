package io.sluice.bridge;

import io.sluice.core.domain.Attempt;
import io.sluice.schemas.Topic;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Tells the log that an attempt has started; the offset of that record is the attempt's number.
 * Tries until it works. A try that was taken for lost and arrives after all does no harm: it comes
 * before the next, whose number is greater.
 */
final class Announcement {

    private final Surroundings around;
    private final Attempt attempt;
    private final Declaration declaration;
    private final BackOff backOff;
    private final BooleanSupplier superseded;

    /**
     * A number, and where to read from: what the attempt will be told, and attempts after it, stand
     * there or later.
     */
    record Announced(
            long number, Map<Integer, Long> planPositions, Map<Integer, Long> runPositions) {}

    /**
     * @param superseded whether a later attempt of this bridge has begun
     */
    Announcement(
            Surroundings around,
            Attempt attempt,
            Declaration declaration,
            BackOff backOff,
            BooleanSupplier superseded) {
        this.around = around;
        this.attempt = attempt;
        this.declaration = declaration;
        this.backOff = backOff;
        this.superseded = superseded;
    }

    /**
     * Announces the attempt.
     *
     * @throws InterruptedException when the attempt ends, or another one begins, before the log has
     *     answered
     */
    Announced make() throws InterruptedException {
        while (true) {
            try {
                Announced announced = once();
                around.faults().worked(Faults.Place.DECLARE);
                backOff.reset();
                return announced;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | Error e) {
                around.faults().report(Faults.Place.DECLARE, e);
            }
            if (!backOff.pause()) {
                throw new InterruptedException("the attempt ended unannounced");
            }
        }
    }

    private Announced once() throws Exception {
        declaration.ensure();
        Map<Integer, Long> plans = around.log().ends(around.name(Topic.PLANS));
        Map<Integer, Long> runs = around.log().ends(around.name(Topic.RUNS));
        byte[] value = Records.encode(Records.attempt(attempt));
        // One after the other: of two attempts, the later one must have the greater number.
        synchronized (declaration) {
            if (superseded.getAsBoolean()) {
                throw new InterruptedException("a later attempt has begun");
            }
            return new Announced(around.append(Topic.RUNS, value).get(), plans, runs);
        }
    }
}
