package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.BridgeListener;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears attempts and plans; a test waits for them, a trainer never would. */
final class Plans implements BridgeListener {
    private final BlockingQueue<Long> attempts = new LinkedBlockingQueue<>();
    final BlockingQueue<Plan> accepted = new LinkedBlockingQueue<>();
    final List<PlanAck> refused = new ArrayList<>();

    @Override
    public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
        accepted.add(plan);
    }

    @Override
    public synchronized void planRefused(PlanAck ack) {
        refused.add(ack);
    }

    @Override
    public void attemptStarted(long number) {
        attempts.add(number);
    }

    /** Signals of rounds that end before the attempt has its number are dropped. */
    void awaitAttempt() throws InterruptedException {
        assertThat(attempts.poll(60, TimeUnit.SECONDS)).as("an attempt within 60 s").isNotNull();
    }

    void await() throws InterruptedException {
        assertThat(accepted.poll(60, TimeUnit.SECONDS)).as("a plan within 60 s").isNotNull();
    }
}
