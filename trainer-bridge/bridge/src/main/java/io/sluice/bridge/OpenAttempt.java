package io.sluice.bridge;

import io.sluice.bridge.Announcement.Announced;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One attempt from its start to its end, as every kind of session has it: leases on the way out,
 * rounds on the way in, and the threads beside them.
 */
final class OpenAttempt implements AutoCloseable {

    private final Surroundings around;
    private final RoundSpec roundSpec;
    private final long resumeStep;
    private final Leases leases;
    private final RoundQueue rounds;
    private final RoundClock clock;
    private final SealQueue seals;
    private final AttemptFeed attempts;
    private final AtomicBoolean superseded;
    private final AttemptThreads threads;
    private final StepFollower follower;

    private long shownVersion = -1;

    private OpenAttempt(
            Surroundings around,
            long resumeStep,
            Leases leases,
            RoundQueue rounds,
            RoundClock clock,
            SealQueue seals,
            AttemptFeed attempts,
            AtomicBoolean superseded,
            AttemptThreads threads) {
        this.around = around;
        this.roundSpec = around.spec().rounds();
        this.resumeStep = resumeStep;
        this.leases = leases;
        this.rounds = rounds;
        this.clock = clock;
        this.seals = seals;
        this.attempts = attempts;
        this.superseded = superseded;
        this.threads = threads;
        this.follower =
                new StepFollower(
                        leases,
                        roundSpec,
                        resumeStep,
                        around.options().queueRounds(),
                        this::queue,
                        around.faults());
    }

    /**
     * Begins an attempt. Does not wait for the log.
     *
     * @throws StoreException when the highest epoch cannot be read
     */
    static OpenAttempt begin(
            Surroundings around, Declaration declaration, TrainerCheckpoint checkpoint) {
        RunSpec spec = around.spec();
        Attempt attempt =
                new Attempt(
                        spec.runId(),
                        Leases.UNNUMBERED,
                        spec.digest(),
                        checkpoint.nextStep(),
                        List.of(around.options().reporter()),
                        checkpoint.plan());
        SealQueue seals = new SealQueue();
        Leases leases =
                new Leases(
                        around,
                        attempt,
                        checkpoint.planFirstStep(),
                        around.store().highestEpoch(spec.runId()),
                        seals);
        around.metrics().attempt(Leases.UNNUMBERED);
        CompletableFuture<Announced> announced = new CompletableFuture<>();
        CompletableFuture<Long> number = announced.thenApply(Announced::number);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean superseded = new AtomicBoolean();
        RoundClock clock = new RoundClock();
        RoundQueue rounds = new RoundQueue(around.options().queueRounds());
        PlanFeed plans =
                new PlanFeed(
                        around,
                        new Announcement(
                                around, attempt, declaration, new BackOff(end), superseded::get),
                        leases,
                        clock,
                        announced,
                        new TopicFollower(around, Topic.PLANS, Faults.Place.FEED, end));
        AttemptFeed attempts =
                new AttemptFeed(
                        around,
                        announced,
                        new TopicFollower(around, Topic.RUNS, Faults.Place.ATTEMPTS, end),
                        superseded::get);
        AttemptThreads threads =
                new AttemptThreads(
                        around,
                        number,
                        end,
                        List.of(plans, attempts),
                        rounds,
                        new TelemetrySender(around, number, rounds, clock),
                        seals,
                        new SealSender(around, number, seals, declaration, new BackOff(end)));
        return new OpenAttempt(
                around,
                checkpoint.nextStep(),
                leases,
                rounds,
                clock,
                seals,
                attempts,
                superseded,
                threads);
    }

    /** First step that the attempt takes. */
    long resumeStep() {
        return resumeStep;
    }

    Leases leases() {
        return leases;
    }

    /** Follows a trainer of this process from now on. */
    StepFollower follow() {
        Worker.start("sluice-steps-" + around.spec().runId(), follower);
        return follower;
    }

    /** First step of a round that the attempt takes. */
    long firstStep(long round) {
        return Math.max(roundSpec.firstStep(round), resumeStep);
    }

    /** Notes which plan a step is taken with, for the metrics. */
    void uses(long step, SealedPlan sealed) {
        around.metrics().planAge(step - sealed.firstStep());
        if (sealed.plan().version() != shownVersion) {
            shownVersion = sealed.plan().version();
            around.metrics().mixture(shownVersion, sealed.plan().mixture());
        }
    }

    /**
     * Hands an ended round to the sender.
     *
     * @return whether its signals will be sent
     */
    boolean send(RecordedRound round) {
        around.metrics().roundEnded();
        return queue(round);
    }

    /** Leaves an ended round to the follower; one that cannot be sent is given up at once. */
    void ended(RecordedRound round) {
        around.metrics().roundEnded();
        follower.ended(round);
        if (!threads.numbered()) {
            follower.handOver();
        }
    }

    private boolean queue(RecordedRound round) {
        around.metrics().signals(0, round.dropped().size());
        boolean kept = rounds.add(round, threads.numbered());
        if (!kept) {
            around.metrics().signals(0, round.halves().size());
        }
        around.metrics().queued(rounds.size());
        return kept;
    }

    /** Tells the log of a saved checkpoint; one from before the attempt is none of its own. */
    void checkpointSaved(long nextStep) {
        if (nextStep >= resumeStep) {
            seals.add(new SealQueue.Saved(nextStep));
        }
    }

    /** Tells the log that the run is finished. */
    void finish(long nextStep) {
        seals.add(new SealQueue.Ended(nextStep));
    }

    /** Memory of the sketches of rounds that are not sent yet, beyond what a pool lends. */
    long unsentBytes() {
        return rounds.sketchBytes();
    }

    /** Ended rounds that wait to be sent. */
    int queuedRounds() {
        return rounds.size();
    }

    /** The round whose end was handed to the log last. */
    OptionalLong lastRound() {
        return clock.last();
    }

    /** How the attempt stands to the log. */
    LogState state() {
        return attempts.fenced() ? LogState.FENCED : around.faults().logState();
    }

    /** Whether the attempt takes nothing any more. */
    boolean isStopped() {
        return threads.isStopped();
    }

    /**
     * Says that a later attempt begins: one that the log has not numbered yet must not be numbered
     * after it.
     */
    void supersede() {
        superseded.set(true);
    }

    /** Takes nothing any more, so that another attempt may begin. Does not wait. */
    void stop() {
        follower.close();
        threads.stop();
    }

    /** Ends the attempt; sends what is still on its way, within the close timeout. */
    @Override
    public void close() {
        follower.close();
        threads.close();
    }
}
