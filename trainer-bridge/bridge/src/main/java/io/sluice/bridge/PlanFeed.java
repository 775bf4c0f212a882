package io.sluice.bridge;

import io.sluice.bridge.Announcement.Announced;
import io.sluice.bridge.LogReader.LogRecord;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.schemas.Digests;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.Topic;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/** Announces the attempt, then follows the run's plans and answers each. */
final class PlanFeed implements Runnable {

    private final Surroundings around;
    private final Announcement announcement;
    private final Leases leases;
    private final RoundClock clock;
    private final CompletableFuture<Announced> told;
    private final TopicFollower plans;

    /**
     * @param told completed when the log has the attempt
     */
    PlanFeed(
            Surroundings around,
            Announcement announcement,
            Leases leases,
            RoundClock clock,
            CompletableFuture<Announced> told,
            TopicFollower plans) {
        this.around = around;
        this.announcement = announcement;
        this.leases = leases;
        this.clock = clock;
        this.told = told;
        this.plans = plans;
    }

    @Override
    public void run() {
        try {
            Announced announced = announcement.make();
            leases.number(announced.number());
            told.complete(announced);
            around.metrics().attempt(announced.number());
            around.listener().attemptStarted(announced.number());
            plans.follow(announced.planPositions(), this::take);
        } catch (InterruptedException e) {
            // The attempt has ended.
        }
    }

    private void take(LogRecord record) {
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
