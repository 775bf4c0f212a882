package io.sluice.bridge;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.bridge.RecordedRound.Lost;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;

/**
 * Sends ended rounds: every signal, and once the fate of each is known, the statement that the
 * round is over. One round at a time, so that the log's pace bounds what is in memory.
 */
final class TelemetrySender implements Runnable {

    private final Surroundings around;
    private final RunSpec spec;
    private final Future<Long> attempt;
    private final RoundQueue queue;
    private final RoundClock clock;

    /**
     * @param attempt the attempt's number, once the log has given it
     */
    TelemetrySender(Surroundings around, Future<Long> attempt, RoundQueue queue, RoundClock clock) {
        this.around = around;
        this.spec = around.spec();
        this.attempt = attempt;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            long number = attempt.get();
            for (Optional<RecordedRound> round = queue.take();
                    round.isPresent();
                    round = queue.take()) {
                around.metrics().queued(queue.size());
                try {
                    send(round.get(), number);
                } catch (RuntimeException | Error e) {
                    around.faults().report(Faults.Place.TELEMETRY, e);
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            // The attempt ends; what was not sent is lost.
            giveUpTheRest();
        }
    }

    private void send(RecordedRound round, long number) throws InterruptedException {
        Outcomes outcomes = new Outcomes(spec);
        round.dropped().forEach(outcomes::put);
        int acknowledged = 0;
        int dropped = round.halves().size();
        try {
            List<CompletableFuture<Long>> sent = new ArrayList<>();
            if (!round.lost()) {
                for (Half half : round.halves()) {
                    sent.add(append(signal(half, round, number)));
                }
            }
            for (int i = 0; i < round.halves().size(); i++) {
                boolean arrived = !round.lost() && arrived(sent.get(i));
                outcomes.put(round.halves().get(i), arrived);
                acknowledged += arrived ? 1 : 0;
                dropped -= arrived ? 1 : 0;
            }
        } finally {
            // Also when this was cut short. Lost rounds were counted when they were.
            if (!round.lost()) {
                around.metrics().signals(acknowledged, dropped);
            }
        }
        clock.closed(round.round(), around.nanoTime().getAsLong());
        append(closing(round, number, outcomes))
                .whenComplete((offset, failure) -> around.note(Faults.Place.TELEMETRY, failure));
        around.listener().roundSent(round.round(), acknowledged, dropped + round.dropped().size());
    }

    /** What the job would reject is dropped here, so that its round does not wait for it. */
    private CompletableFuture<Long> append(Signal signal) {
        Optional<Rejection> broken = SignalRules.checkMeasurements(signal, spec);
        if (broken.isPresent()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            "round "
                                    + signal.round()
                                    + ", "
                                    + signal.subject().id()
                                    + ": "
                                    + broken.get().message()));
        }
        return append(Records.signal(signal));
    }

    private Signal signal(Half half, RecordedRound round, long number) {
        return new Signal(
                spec.runId(),
                spec.digest(),
                number,
                round.round(),
                half.subject(),
                around.options().reporter(),
                half.part(),
                round.fromStep(),
                round.throughStep(),
                half.plans(),
                half.tokens(),
                half.sequences(),
                half.lossSum(),
                half.lossSquareSum(),
                half.sketch().take());
    }

    private io.sluice.schemas.RoundClosed closing(
            RecordedRound round, long number, Outcomes outcomes) {
        return Records.roundClosed(
                new RoundClosed(
                        spec.runId(),
                        spec.digest(),
                        number,
                        round.round(),
                        around.options().reporter(),
                        round.fromStep(),
                        round.throughStep(),
                        outcomes.list(),
                        Double.isFinite(round.learningRate()) ? round.learningRate() : 0,
                        round.evaluations().stream()
                                .filter(e -> Double.isFinite(e.loss()) && e.tokens() > 0)
                                .toList(),
                        round.nanos()));
    }

    private boolean arrived(CompletableFuture<Long> sent) throws InterruptedException {
        try {
            sent.get();
            return true;
        } catch (ExecutionException e) {
            around.faults().report(Faults.Place.TELEMETRY, e.getCause());
            return false;
        }
    }

    private CompletableFuture<Long> append(SpecificRecord record) {
        try {
            return around.append(Topic.TELEMETRY, Records.encode(record));
        } catch (ContractException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void giveUpTheRest() {
        for (Optional<RecordedRound> round = queue.poll();
                round.isPresent();
                round = queue.poll()) {
            if (!round.get().lost()) {
                around.metrics().signals(0, round.get().halves().size());
            }
        }
        around.metrics().queued(0);
    }

    /** One outcome for every declared subject and part; absent unless it was measured. */
    private static final class Outcomes {

        private final Outcome[] groups;
        private final Outcome[] targets;

        Outcomes(RunSpec spec) {
            groups = new Outcome[Signal.PARTS * spec.groups().size()];
            targets = new Outcome[Signal.PARTS * spec.targets().size()];
            Arrays.fill(groups, Outcome.ABSENT);
            Arrays.fill(targets, Outcome.ABSENT);
        }

        void put(Half half, boolean arrived) {
            put(
                    half.subject().kind(),
                    half.index(),
                    half.part(),
                    arrived ? Outcome.ACKNOWLEDGED : Outcome.DROPPED);
        }

        void put(Lost lost) {
            put(lost.kind(), lost.index(), lost.part(), Outcome.DROPPED);
        }

        private void put(Subject.Kind kind, int index, int part, Outcome outcome) {
            Outcome[] outcomes = kind == Subject.Kind.GROUP ? groups : targets;
            outcomes[Signal.PARTS * index + part] = outcome;
        }

        List<SubjectOutcome> list() {
            List<SubjectOutcome> list = new ArrayList<>(groups.length + targets.length);
            add(Subject.Kind.GROUP, groups, list);
            add(Subject.Kind.TARGET, targets, list);
            return list;
        }

        private static void add(Subject.Kind kind, Outcome[] outcomes, List<SubjectOutcome> list) {
            for (int i = 0; i < outcomes.length; i++) {
                list.add(new SubjectOutcome(kind, i / Signal.PARTS, i % Signal.PARTS, outcomes[i]));
            }
        }
    }
}
