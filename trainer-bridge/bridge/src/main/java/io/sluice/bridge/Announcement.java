package io.sluice.bridge;

import io.sluice.core.domain.Attempt;
import io.sluice.schemas.Topic;
import java.util.Map;

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

    /**
     * A number, and where to read from: what the attempt will be told, and attempts after it, stand
     * there or later.
     */
    record Announced(
            long number, Map<Integer, Long> planPositions, Map<Integer, Long> runPositions) {}

    Announcement(Surroundings around, Attempt attempt, Declaration declaration, BackOff backOff) {
        this.around = around;
        this.attempt = attempt;
        this.declaration = declaration;
        this.backOff = backOff;
    }

    /**
     * Announces the attempt.
     *
     * @throws InterruptedException when the attempt ends before the log has answered
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
        long number = around.append(Topic.RUNS, value).get();
        return new Announced(number, plans, runs);
    }
}
