package io.sluice.core.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
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

class RoundReducerTest {

    private static final int K = 16;

    private final RunSpec spec = spec(1);
    private final Attempt attempt = TestingRun.attempt(spec, 1, 0, "r0");
    private final TestingSignals signals = new TestingSignals(spec, attempt);
    private final Subject group = Subject.of(spec.groups().get(0).id());
    private final InMemoryRoundStore store = new InMemoryRoundStore();
    private final RoundReducer reducer = new RoundReducer(spec, 0, store);
    private RoundLedger ledger = reducer.start(attempt, Optional.empty());

    @Property(tries = 60)
    void anyOrderGivesIdenticalRounds(@ForAll long seed) {
        Random random = new Random(seed);
        for (int shards : new int[] {1, 3}) {
            RunSpec run = spec(shards);
            Attempt three = TestingRun.attempt(run, 1, 0, "r0", "r1", "r2");
            List<Object> records = records(run, three, new Random(5));
            for (int shard = 0; shard < shards; shard++) {
                List<ShardRound> inOrder = reduce(run, three, shard, records);
                List<Object> shuffled = new ArrayList<>(records);
                Collections.shuffle(shuffled, random);

                assertThat(reduce(run, three, shard, shuffled))
                        .usingRecursiveComparison()
                        .isEqualTo(inOrder);
            }
        }
    }

    @Property(tries = 60)
    void duplicatesChangeNothingButTheirCount(@ForAll long seed) {
        Random random = new Random(seed);
        Attempt three = TestingRun.attempt(spec, 1, 0, "r0", "r1", "r2");
        List<Object> records = records(spec, three, new Random(5));
        List<Object> repeated = new ArrayList<>(records);
        for (int i = 0; i < 50; i++) {
            repeated.add(records.get(random.nextInt(records.size())));
        }
        Collections.shuffle(repeated, random);

        assertThat(reduce(spec, three, 0, repeated))
                .usingRecursiveComparison()
                .ignoringFields("counts.duplicates", "counts.late")
                .isEqualTo(reduce(spec, three, 0, records));
    }

    @Test
    void shardsTogetherHoldEveryGroupOnce() {
        RunSpec three = spec(3);
        List<Integer> indices = new ArrayList<>();
        List<Object> records = records(three, attempt, new Random(5));
        for (int shard = 0; shard < 3; shard++) {
            ShardRound round = reduce(three, attempt, shard, records).get(0);
            assertThat(round.targets()).hasSize(2);
            round.groups().forEach(measured -> indices.add(measured.index()));
        }
        Collections.sort(indices);

        assertThat(indices).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aRoundWaitsForEverySignalThatWasAcknowledged() {
        Signal signal = signal(0, group, 0);
        List<SubjectOutcome> outcomes = List.of(signals.acknowledged(signal));

        assertThat(close(0, outcomes)).isEmpty();
        List<ShardRound> rounds = add(signal);

        assertThat(rounds).hasSize(1);
        assertThat(rounds.get(0).status()).isEqualTo(Status.COMPLETE);
        assertThat(rounds.get(0).groups().get(0).tokens()).isEqualTo(100);
        assertThat(rounds.get(0).groups().get(0).meanLoss()).isEqualTo(2);
    }

    @Test
    void aRoundWaitsForEveryReporter() {
        Attempt two = TestingRun.attempt(spec, 1, 0, "r0", "r1");
        ledger = reducer.start(two, Optional.empty());

        assertThat(take(reducer.close(ledger, signals.closed(0, "r0", List.of())))).isEmpty();
        assertThat(take(reducer.close(ledger, signals.closed(0, "r0", List.of())))).isEmpty();
        assertThat(take(reducer.close(ledger, signals.closed(0, "r1", List.of())))).hasSize(1);
    }

    @Test
    void onlyAcknowledgedSignalsCount() {
        Signal kept = signal(0, group, 0);
        Signal dropped = signal(0, group, 1);
        add(kept);
        add(dropped);

        List<ShardRound> rounds =
                close(
                        0,
                        List.of(
                                signals.acknowledged(kept),
                                signals.outcome(dropped, Outcome.DROPPED)));

        assertThat(rounds.get(0).groups().get(0).tokens()).isEqualTo(100);
        assertThat(rounds.get(0).groups().get(0).gradient()).isEmpty();
    }

    @Test
    void roundsFoldInOrder() {
        assertThat(close(1, List.of())).isEmpty();
        assertThat(close(0, List.of())).extracting(ShardRound::round).containsExactly(0L, 1L);
    }

    @Test
    void lateSignalsAreListedAndHaveNoEffect() {
        close(0, List.of());
        RoundReducer.Step step = reducer.add(ledger, signal(0, group, 0));

        assertThat(step.rounds()).isEmpty();
        assertThat(step.rejection().map(Rejection::reason)).contains(Rejection.Reason.LATE);
        assertThat(step.ledger().counts()).isEqualTo(new Counts(0, 0, 1));
    }

    @Test
    void signalsBeyondTheWindowAreTooEarly() {
        RoundReducer.Step step = reducer.add(ledger, signal(RoundReducer.WINDOW + 1, group, 0));

        assertThat(step.rejection().map(Rejection::reason)).contains(Rejection.Reason.TOO_EARLY);
        assertThat(step.ledger()).isEqualTo(ledger);
        assertThat(add(signal(RoundReducer.WINDOW, group, 0))).isEmpty();
    }

    @Test
    void anIncompleteRoundIsGivenUpWhenTheWindowHasPassed() {
        Signal missing = signal(0, group, 0);
        close(0, List.of(signals.acknowledged(missing)));
        for (long round = 1; round < RoundReducer.WINDOW; round++) {
            assertThat(close(round, List.of())).isEmpty();
        }

        List<ShardRound> rounds = close(RoundReducer.WINDOW, List.of());

        assertThat(rounds).extracting(ShardRound::round).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(rounds.get(0).status()).isEqualTo(Status.INCOMPLETE);
        assertThat(rounds.subList(1, 5))
                .extracting(ShardRound::status)
                .containsOnly(Status.COMPLETE);
    }

    @Test
    void aJumpOfAMillionRoundsCostsNoMoreThanTheWindow() {
        add(signal(2, group, 0));

        List<ShardRound> rounds = close(1_000_000, List.of());

        assertThat(rounds).hasSize(RoundReducer.WINDOW + 2);
        long next = 0;
        for (ShardRound round : rounds) {
            assertThat(round.firstRound()).isEqualTo(next);
            assertThat(round.status()).isEqualTo(Status.INCOMPLETE);
            assertThat(round.throughStep()).isEqualTo(spec.rounds().lastStep(round.round()));
            next = round.round() + 1;
        }
        assertThat(next).isEqualTo(1_000_000 - RoundReducer.WINDOW + 1);
        assertThat(ledger.nextRound()).isEqualTo(next);
        assertThat(ledger.open()).containsOnlyKeys(1_000_000L);
        assertThat(store.signal(2, group, "r0", 0)).isEmpty();
    }

    @Test
    void aSignalCostsAFixedNumberOfAccessesHoweverManyAreHeld() {
        CountingStore counting = new CountingStore(store);
        RoundReducer counted = new RoundReducer(spec, 0, counting);
        List<SubjectOutcome> outcomes = new ArrayList<>();
        List<Signal> acknowledged = new ArrayList<>();
        for (Subject subject : subjects(spec)) {
            add(signal(0, subject, 1));
            acknowledged.add(signal(0, subject, 0));
            outcomes.add(signals.acknowledged(signal(0, subject, 0)));
            outcomes.add(signals.outcome(signal(0, subject, 1), Outcome.DROPPED));
        }
        ledger = counted.close(ledger, signals.closed(0, "r0", outcomes)).ledger();
        int afterClosing = counting.accesses;

        for (Signal signal : acknowledged.subList(1, acknowledged.size())) {
            assertThat(take(counted.add(ledger, signal))).isEmpty();
        }

        // Half of the signals are here although they were given up: the others are waited for.
        assertThat(counting.accesses).isEqualTo(afterClosing + acknowledged.size() - 1);
        assertThat(take(counted.add(ledger, acknowledged.get(0))).get(0).groups())
                .hasSize(spec.groups().size());
    }

    @Test
    void aLedgerThatWasStoredGoesOnWhereItWas() {
        Attempt two = TestingRun.attempt(spec, 1, 0, "r0", "r1");
        ledger = reducer.start(two, Optional.empty());
        Signal first = signal(0, group, 0);
        Signal second = signal(0, group, 1);
        add(first);
        close(0, List.of(signals.acknowledged(first), signals.acknowledged(second)));
        RoundLedger before = ledger;
        ledger = ledger.settled();
        assertThat(ledger.counts().accepted()).isZero();
        assertThat(reducer.counted(ledger)).isEqualTo(before);

        assertThat(take(reducer.close(ledger, signals.closed(0, "r1", List.of())))).isEmpty();
        assertThat(ledger.counted()).isTrue();
        List<ShardRound> rounds = add(second);
        assertThat(rounds).extracting(ShardRound::status).containsExactly(Status.COMPLETE);
        assertThat(rounds.get(0).counts().accepted()).isEqualTo(2);
    }

    @Test
    void aSignalThatIsHeldChangesNothingOfWhatIsStored() {
        RoundLedger before = ledger.settled();
        add(signal(0, group, 0));
        assertThat(ledger.settled()).isEqualTo(before);

        add(signal(0, group, 0));
        assertThat(ledger.settled().counts().duplicates()).isEqualTo(1);
    }

    @Test
    void anAttemptMayHaveFewerOrMoreReportersThanTheOneBefore() {
        ledger =
                reducer.start(
                        TestingRun.attempt(spec, 1, 0, "r0", "r1", "r2"), Optional.of(ledger));
        close(0, List.of());
        ledger = reducer.start(TestingRun.attempt(spec, 2, 0, "r0"), Optional.of(ledger));

        assertThat(close(0, List.of())).hasSize(1);

        ledger = reducer.start(TestingRun.attempt(spec, 3, 0, "r0", "r9"), Optional.of(ledger));

        assertThat(close(0, List.of())).isEmpty();
        assertThat(take(reducer.close(ledger, signals.closed(0, "r9", List.of())))).hasSize(1);
    }

    @Test
    void aNewAttemptAbandonsWhatWasOpen() {
        add(signal(0, group, 0));
        close(1, List.of());
        Attempt second = TestingRun.attempt(spec, 2, 15, "r0");

        ledger = reducer.start(second, Optional.of(ledger));

        assertThat(ledger.nextRound()).isEqualTo(1);
        assertThat(ledger.counts()).isEqualTo(Counts.ZERO);
        assertThat(store.signal(0, group, "r0", 0)).isEmpty();
        assertThat(store.closed(1)).isEmpty();
    }

    @Test
    void countsDoNotShowWhatArrivedEarly() {
        Signal first = signal(0, group, 0);
        Signal second = signal(1, group, 0);
        add(second);
        add(first);

        assertThat(close(0, List.of(signals.acknowledged(first))).get(0).counts())
                .isEqualTo(new Counts(1, 0, 0));
        assertThat(close(1, List.of(signals.acknowledged(second))).get(0).counts())
                .isEqualTo(new Counts(2, 0, 0));
    }

    @Test
    void evaluationsAreAveragedOverReportersByTokens() {
        Attempt two = TestingRun.attempt(spec, 1, 0, "r0", "r1");
        ledger = reducer.start(two, Optional.empty());
        take(reducer.close(ledger, evaluated("r0", 2.0, 100)));

        ShardRound round = take(reducer.close(ledger, evaluated("r1", 3.0, 300))).get(0);

        assertThat(round.evaluations()).containsExactly(new RoundClosed.Evaluation(0, 2.75, 400));
    }

    @Test
    void alignmentsAreInnerProductsOfPerTokenMeans() {
        Subject target = Subject.of(spec.targets().get(0).id());
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            for (Subject subject : List.of(group, target)) {
                float[] sum = new float[K];
                sum[0] = subject.isGroup() ? 200 : 50;
                sum[1] = 100;
                Signal signal = signals.signal(0, subject, "r0", part, 100, 4, sum);
                outcomes.add(signals.acknowledged(signal));
                add(signal);
            }
        }

        ShardRound round = close(0, outcomes).get(0);

        ShardRound.GroupGradient gradient = round.groups().get(0).gradient().orElseThrow();
        assertThat(gradient.alignment()[0]).isEqualTo(2 * 0.5 + 1 * 1, within(1e-12));
        assertThat(gradient.variance()[0]).isZero();
        assertThat(gradient.variance()[1]).isInfinite();
        assertThat(gradient.squaredNorm().pooled()).isEqualTo(5, within(1e-12));
        assertThat(round.targets().get(0).gradient().orElseThrow().unbiased())
                .isEqualTo(1.25, within(1e-12));
    }

    private static RunSpec spec(int shards) {
        return TestingRun.ofPriors(0.1, 0.2, 0.2, 0.2, 0.2, 0.1)
                .target("t0", 0.5)
                .target("t1", 0.5)
                .dimension(K)
                .shards(shards)
                .build();
    }

    private RoundClosed evaluated(String reporter, double loss, long tokens) {
        RoundClosed plain = signals.closed(0, reporter, List.of());
        return new RoundClosed(
                plain.runId(),
                plain.specDigest(),
                plain.attempt(),
                plain.round(),
                reporter,
                plain.fromStep(),
                plain.throughStep(),
                plain.outcomes(),
                plain.learningRate(),
                List.of(new RoundClosed.Evaluation(0, loss, tokens)),
                plain.nanos());
    }

    private Signal signal(long round, Subject subject, int part) {
        return signals.signal(round, subject, "r0", part, 100, 4, new float[K]);
    }

    private List<ShardRound> add(Signal signal) {
        return take(reducer.add(ledger, signal));
    }

    private List<ShardRound> close(long round, List<SubjectOutcome> outcomes) {
        return take(reducer.close(ledger, signals.closed(round, "r0", outcomes)));
    }

    private List<ShardRound> take(RoundReducer.Step step) {
        ledger = step.ledger();
        assertThat(step.rejection()).isEmpty();
        return step.rounds();
    }

    private static List<Subject> subjects(RunSpec run) {
        List<Subject> subjects = new ArrayList<>();
        run.groups().stream().map(GroupSpec::id).map(Subject::of).forEach(subjects::add);
        run.targets().forEach(target -> subjects.add(Subject.of(target.id())));
        return subjects;
    }

    /** Everything that all reporters send over three rounds: random sketches, a few gaps. */
    private static List<Object> records(RunSpec run, Attempt attempt, Random random) {
        TestingSignals signals = new TestingSignals(run, attempt);
        List<Subject> subjects = subjects(run);
        List<Object> records = new ArrayList<>();
        for (long round = 0; round < 3; round++) {
            for (String reporter : attempt.reporters()) {
                List<SubjectOutcome> outcomes = new ArrayList<>();
                for (Subject subject : subjects) {
                    for (int part = 0; part < Signal.PARTS; part++) {
                        float[] sum = new float[K];
                        for (int b = 0; b < K; b++) {
                            sum[b] = (float) (100 * random.nextGaussian());
                        }
                        Signal signal =
                                signals.signal(
                                        round,
                                        subject,
                                        reporter,
                                        part,
                                        50 + random.nextInt(100),
                                        4,
                                        sum);
                        boolean absent = part == 1 && random.nextInt(8) == 0;
                        outcomes.add(
                                signals.outcome(
                                        signal, absent ? Outcome.ABSENT : Outcome.ACKNOWLEDGED));
                        if (!absent) {
                            records.add(signal);
                        }
                    }
                }
                records.add(signals.closed(round, reporter, outcomes));
            }
        }
        return records;
    }

    /** What a shard's intake would do: it sees its own groups, and every target and statement. */
    private static List<ShardRound> reduce(
            RunSpec run, Attempt attempt, int shard, List<Object> records) {
        RoundReducer reducer = new RoundReducer(run, shard, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        List<ShardRound> rounds = new ArrayList<>();
        for (Object record : records) {
            RoundReducer.Step step;
            if (record instanceof RoundClosed) {
                step = reducer.close(ledger, (RoundClosed) record);
            } else {
                Signal signal = (Signal) record;
                Subject subject = signal.subject();
                if (subject.isGroup()
                        && RoundReducer.shardOf(
                                        run.groups().get(run.indexOf(subject)).id(), run.shards())
                                != shard) {
                    continue;
                }
                step = reducer.add(ledger, signal);
            }
            ledger = step.ledger();
            rounds.addAll(step.rounds());
        }
        assertThat(rounds).extracting(ShardRound::round).containsExactly(0L, 1L, 2L);
        assertThat(rounds).extracting(ShardRound::status).containsOnly(Status.COMPLETE);
        return rounds;
    }
}
