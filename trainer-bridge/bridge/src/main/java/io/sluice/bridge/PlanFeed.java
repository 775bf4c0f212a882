package io.sluice.bridge;

import io.sluice.bridge.Announcement.Announced;
import io.sluice.bridge.LogReader.LogRecord;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.schemas.Digests;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;

/**
 * Announces the attempt, then follows the run's plans and answers each. No error ends it: it
 * reopens the log where it stood, after a wait.
 */
final class PlanFeed implements Runnable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Surroundings around;
    private final Announcement announcement;
    private final Leases leases;
    private final RoundClock clock;
    private final CompletableFuture<Long> number;
    private final CountDownLatch end;
    private final BackOff backOff;

    /**
     * @param number completed with the attempt's number when the log has given it
     * @param end ends the feed when it is counted down
     */
    PlanFeed(
            Surroundings around,
            Announcement announcement,
            Leases leases,
            RoundClock clock,
            CompletableFuture<Long> number,
            CountDownLatch end) {
        this.around = around;
        this.announcement = announcement;
        this.leases = leases;
        this.clock = clock;
        this.number = number;
        this.end = end;
        this.backOff = new BackOff(end);
    }

    @Override
    public void run() {
        try {
            Announced announced = announcement.make();
            leases.number(announced.number());
            number.complete(announced.number());
            around.metrics().attempt(announced.number());
            around.listener().attemptStarted(announced.number());
            follow(announced.planPositions());
        } catch (InterruptedException e) {
            // The attempt has ended.
        }
    }

    /** Follows the plans from these positions until the end. */
    private void follow(Map<Integer, Long> from) throws InterruptedException {
        Map<Integer, Long> positions = new HashMap<>(from);
        do {
            try (LogReader reader = around.log().read(around.name(Topic.PLANS), positions)) {
                while (end.getCount() > 0) {
                    for (LogRecord record : reader.poll(POLL)) {
                        // Moved on first: a record that cannot be handled is not met again.
                        positions.put(record.partition(), record.offset() + 1);
                        take(record);
                    }
                    around.faults().worked(Faults.Place.FEED);
                    backOff.reset();
                }
            } catch (Exception | Error e) {
                if (end.getCount() > 0) {
                    around.faults().report(Faults.Place.FEED, e);
                }
            }
        } while (backOff.pause());
    }

    private void take(LogRecord record) {
        if (!record.key().equals(around.spec().runId())) {
            return;
        }
        SpecificRecord value;
        try {
            value = Records.decode(record.value());
            if (!(value instanceof MixturePlan)) {
                throw new IllegalArgumentException("a " + value.getSchema().getName());
            }
        } catch (RuntimeException e) {
            around.faults()
                    .report(
                            Faults.Place.PLANS,
                            new IllegalArgumentException(
                                    "no plan at partition "
                                            + record.partition()
                                            + ", offset "
                                            + record.offset(),
                                    e));
            return;
        }
        answer((MixturePlan) value);
    }

    private void answer(MixturePlan received) {
        PlanAck ack = judge(received);
        long now = around.nanoTime().getAsLong();
        around.metrics().plan(ack.verdict());
        around.append(Topic.ACKS, Records.encode(Records.ack(ack)))
                .whenComplete((offset, failure) -> around.note(Faults.Place.ACKS, failure));
        if (ack.verdict() == Verdict.ACCEPTED) {
            Plan plan = ack.inForce();
            OptionalLong latency = clock.since(plan.round(), now);
            latency.ifPresent(around.metrics()::latency);
            around.listener().planAccepted(plan, latency);
        } else if (ack.verdict() != Verdict.REPEATED) {
            around.listener().planRefused(ack);
        }
    }

    private PlanAck judge(MixturePlan received) {
        Plan plan;
        try {
            plan = Records.plan(received);
        } catch (IllegalArgumentException e) {
            return refused(received);
        }
        return Digests.of(received).equals(received.getDigest())
                ? leases.offer(plan)
                : refused(received);
    }

    /** For a record that is not what it says: nothing in it is believed, not even its epoch. */
    private PlanAck refused(MixturePlan received) {
        return new PlanAck(
                around.spec().runId(),
                leases.attempt(),
                received.getVersion(),
                received.getDigest(),
                received.getEpoch(),
                Verdict.BAD_MIXTURE,
                leases.inForce());
    }
}
