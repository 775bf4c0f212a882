package io.sluice.core.guard;

import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.guard.Hold.Reason;
import java.util.Optional;

/**
 * Keeps plans from coming too often: a dead band for changes that are too small, and a cool-down
 * after each plan. Every plan costs a record for ever and a moment of the trainer's loader; noise
 * alone makes one a round.
 */
public final class PaceGuard {

    private PaceGuard() {}

    /** Whether a change does not wait: a probe, and one that the box asks for. */
    public static boolean isUrgent(boolean probe, MixtureBox box, Mixture inForce) {
        return probe || !box.contains(inForce.weights());
    }

    /** Why nothing is published where nothing changes. */
    public static Hold unchanged() {
        return new Hold(Reason.UNCHANGED, "the proposal is the mixture in force");
    }

    /**
     * Why a change is not published yet, if it is not.
     *
     * @param kl divergence of the change, in nats
     * @param round the round that is decided
     * @param lastChange the round of the plan in force; negative for one that no round led to
     */
    public static Optional<Hold> hold(GuardSpec guards, double kl, long round, long lastChange) {
        long since = round - lastChange;
        if (lastChange >= 0 && since > 0 && since < guards.coolDownRounds()) {
            return Optional.of(
                    new Hold(
                            Reason.COOL_DOWN,
                            "the last plan is of round "
                                    + lastChange
                                    + ", and plans are at least "
                                    + guards.coolDownRounds()
                                    + " rounds apart"));
        }
        if (kl < guards.deadBand()) {
            return Optional.of(
                    new Hold(
                            Reason.DEAD_BAND,
                            "the change of "
                                    + kl
                                    + " nats is below the dead band of "
                                    + guards.deadBand()));
        }
        return Optional.empty();
    }
}
