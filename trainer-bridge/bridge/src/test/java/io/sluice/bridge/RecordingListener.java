package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what it hears, for a test to wait for. */
final class RecordingListener implements BridgeListener {

    record Accepted(Plan plan, OptionalLong nanos) {}

    record Sent(long round, int acknowledged, int dropped) {}

    final BlockingQueue<Long> attempts = new LinkedBlockingQueue<>();
    final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<PlanAck> refused = new LinkedBlockingQueue<>();
    final BlockingQueue<Seal> seals = new LinkedBlockingQueue<>();
    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    static <T> T next(BlockingQueue<T> heard) throws InterruptedException {
        T next = heard.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Override
    public void attemptStarted(long number) {
        attempts.add(number);
    }

    @Override
    public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
        accepted.add(new Accepted(plan, nanosSinceRoundClosed));
    }

    @Override
    public void planRefused(PlanAck ack) {
        refused.add(ack);
    }

    @Override
    public void sealed(Seal seal) {
        seals.add(seal);
    }

    @Override
    public void roundSent(long round, int acknowledged, int dropped) {
        sent.add(new Sent(round, acknowledged, dropped));
    }
}
