package io.sluice.bridge;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import java.util.OptionalLong;

/** Keeps what a listener throws away from the bridge's threads. */
final class GuardedListener implements BridgeListener {

    private final BridgeListener listener;
    private final Faults faults;

    GuardedListener(BridgeListener listener, Faults faults) {
        this.listener = listener;
        this.faults = faults;
    }

    @Override
    public void attemptStarted(long number) {
        guard(() -> listener.attemptStarted(number));
    }

    @Override
    public void fenced(long newer) {
        guard(() -> listener.fenced(newer));
    }

    @Override
    public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
        guard(() -> listener.planAccepted(plan, nanosSinceRoundClosed));
    }

    @Override
    public void planRefused(PlanAck ack) {
        guard(() -> listener.planRefused(ack));
    }

    @Override
    public void sealed(Seal seal) {
        guard(() -> listener.sealed(seal));
    }

    @Override
    public void roundSent(long round, int acknowledged, int dropped) {
        guard(() -> listener.roundSent(round, acknowledged, dropped));
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            faults.report(Faults.Place.LISTENER, e);
        }
    }
}
