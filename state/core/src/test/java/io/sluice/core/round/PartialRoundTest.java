package io.sluice.core.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Rounds of three reporters, the last of whom does not close round 0. */
class PartialRoundTest {

    private static final int K = 16;

    private final RunSpec spec = spec(0.6);
    private final Attempt attempt = TestingRun.attempt(spec, 1, 0, "r0", "r1", "r2");

    @Property(tries = 60)
    void aPartialRoundIsTheSameInAnyOrderOfWhatPrecedesItsEnd(@ForAll long seed) {
        List<Object> shuffled = new ArrayList<>(silent("r2"));
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(reduce(spec, attempt, shuffled))
                .usingRecursiveComparison()
                .isEqualTo(reduce(spec, attempt, silent("r2")));
    }

    @Test
    void itIsTheRoundOfTheReportersThatAreInIt() {
        ShardRound partial = reduce(spec, attempt, silent("r2"));
        Attempt two = TestingRun.attempt(spec, 1, 0, "r0", "r1");

        assertThat(partial.status()).isEqualTo(Status.PARTIAL);
        assertThat(partial.reporters()).containsExactly("r0", "r1");
        assertThat(partial)
                .usingRecursiveComparison()
                .ignoringFields("status", "reporters", "counts")
                .isEqualTo(reduce(spec, two, sent("r0", "r1")));
        assertThat(partial.counts().accepted()).isEqualTo(silent("r2").size() - 2);
    }

    @Test
    void aReporterThatLacksASignalIsLeftOutWhole() {
        List<Object> records = silent("r2");
        records.remove(0);

        assertThat(reduce(spec, attempt, records).status()).isEqualTo(Status.INCOMPLETE);
        assertThat(reduce(spec(0.3), attempt, records).reporters()).containsExactly("r1");
    }

    @Test
    void aRunThatDoesNotAskForItHoldsWhatIsNotWhole() {
        assertThat(reduce(spec(1), attempt, silent("r2")).status()).isEqualTo(Status.INCOMPLETE);
        assertThat(reduce(spec(0.7), attempt, silent("r2")).status()).isEqualTo(Status.INCOMPLETE);
        assertThat(reduce(spec(2.0 / 3), attempt, silent("r2")).status()).isEqualTo(Status.PARTIAL);
    }

    @Test
    void aRoundThatNobodyClosedIsHeldWhateverTheShare() {
        List<Object> records = silent("r2");
        records.removeIf(RoundClosed.class::isInstance);

        assertThat(reduce(spec(1e-9), attempt, records).status()).isEqualTo(Status.INCOMPLETE);
    }

    @Test
    void aWholeRoundThatAnEarlierOneHeldUpIsWhole() {
        assertThat(reduce(spec, attempt, sent("r0", "r1", "r2")).status())
                .isEqualTo(Status.COMPLETE);

        List<Object> second = new ArrayList<>();
        for (String reporter : attempt.reporters()) {
            second.add(new TestingSignals(spec, attempt).closed(1, reporter, List.of()));
        }
        assertThat(statuses(spec, second)).containsExactly(Status.INCOMPLETE, Status.COMPLETE);
    }

    /** How rounds 0 and 1 end, when the fourth after round 1 closes. */
    private List<Status> statuses(RunSpec run, List<Object> records) {
        List<Object> all = new ArrayList<>(records);
        all.add(new TestingSignals(run, attempt).closed(RoundReducer.WINDOW + 1, "r0", List.of()));
        return reduceAll(run, attempt, all).stream().map(ShardRound::status).toList();
    }

    @Test
    void aDecisionSaysWhoIsMissing() {
        Decision partial = decide(spec, silent("r2"));
        assertThat(partial.complete()).isFalse();
        assertThat(partial.absentReporters()).containsExactly(2);
        assertThat(partial.hold().map(Hold::reason))
                .isNotEqualTo(Optional.of(Hold.Reason.INCOMPLETE));
        assertThat(partial.groups()).allMatch(group -> group.tokens() == 2 * Signal.PARTS * 100);

        Decision held = decide(spec(1), silent("r2"));
        assertThat(held.absentReporters()).isEmpty();
        assertThat(held.hold().map(Hold::reason)).contains(Hold.Reason.INCOMPLETE);
    }

    private Decision decide(RunSpec run, List<Object> records) {
        Controller controller = new Controller(run, TestingRun.DIGEST, new InMemorySnapshotStore());
        return controller
                .round(
                        controller.start(Optional.empty(), attempt),
                        reduce(run, attempt, records),
                        1)
                .decisions()
                .get(0);
    }

    /**
     * The first round that ends when records came and then a round that is too far ahead closed.
     */
    private static ShardRound reduce(RunSpec run, Attempt attempt, List<Object> records) {
        List<Object> all = new ArrayList<>(records);
        all.add(
                new TestingSignals(run, attempt)
                        .closed(RoundReducer.WINDOW, attempt.reporters().get(0), List.of()));
        return reduceAll(run, attempt, all).get(0);
    }

    private static List<ShardRound> reduceAll(RunSpec run, Attempt attempt, List<Object> records) {
        RoundReducer reducer = new RoundReducer(run, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        List<ShardRound> rounds = new ArrayList<>();
        for (Object record : records) {
            RoundReducer.Step step =
                    record instanceof Signal signal
                            ? reducer.add(ledger, signal)
                            : reducer.close(ledger, (RoundClosed) record);
            ledger = step.ledger();
            rounds.addAll(step.rounds());
        }
        return rounds;
    }

    /** What all three send of round 0, without the statement of one. */
    private List<Object> silent(String reporter) {
        List<Object> records = sent("r0", "r1", "r2");
        records.removeIf(
                record ->
                        record instanceof RoundClosed closed && closed.reporter().equals(reporter));
        return records;
    }

    private List<Object> sent(String... reporters) {
        TestingSignals signals = new TestingSignals(spec, attempt);
        List<Object> records = new ArrayList<>();
        for (String reporter : reporters) {
            Random random = new Random(reporter.hashCode());
            List<SubjectOutcome> outcomes = new ArrayList<>();
            for (Subject subject : subjects()) {
                for (int part = 0; part < Signal.PARTS; part++) {
                    float[] sum = new float[K];
                    for (int b = 0; b < K; b++) {
                        sum[b] = (float) (100 + 10 * random.nextGaussian());
                    }
                    Signal signal = signals.signal(0, subject, reporter, part, 100, 50, sum);
                    records.add(signal);
                    outcomes.add(signals.acknowledged(signal));
                }
            }
            records.add(signals.closed(0, reporter, outcomes));
        }
        return records;
    }

    private List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        spec.groups().stream().map(GroupSpec::id).map(Subject::of).forEach(subjects::add);
        spec.targets().forEach(target -> subjects.add(Subject.of(target.id())));
        return subjects;
    }

    private static RunSpec spec(double leastReporters) {
        return TestingRun.ofPriors(0.25, 0.75)
                .target("t0", 1)
                .dimension(K)
                .leastReporters(leastReporters)
                .build();
    }
}
