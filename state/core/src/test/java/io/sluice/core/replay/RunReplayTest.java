package io.sluice.core.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SimulationTest replays runs under faults; this is about what a replay tells. */
class RunReplayTest {

    private static final int K = 16;
    private static final int ROUNDS = 5;

    private final RunSpec spec =
            TestingRun.ofPriors(0.25, 0.25, 0.5)
                    .target("t0", 1)
                    .dimension(K)
                    .policy(PolicySpec.of("dga"))
                    .build();
    private final Attempt attempt = TestingRun.attempt(spec, 3, 0, "r0");
    private final List<Object> telemetry = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();

    @BeforeEach
    void decide() {
        TestingSignals signals = new TestingSignals(spec, attempt);
        Random random = new Random(7);
        for (long round = 0; round < ROUNDS; round++) {
            List<SubjectOutcome> outcomes = new ArrayList<>();
            for (Subject subject : subjects()) {
                for (int part = 0; part < Signal.PARTS; part++) {
                    Signal signal =
                            signals.signal(
                                    round, subject, "r0", part, 100, 50, sum(subject, random));
                    telemetry.add(signal);
                    outcomes.add(signals.acknowledged(signal));
                }
            }
            telemetry.add(signals.closed(round, "r0", outcomes));
        }
        RoundReducer reducer = new RoundReducer(spec, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = controller.start(Optional.empty(), attempt);
        for (Object record : telemetry) {
            RoundReducer.Step step =
                    record instanceof Signal signal
                            ? reducer.add(ledger, signal)
                            : reducer.close(ledger, (RoundClosed) record);
            ledger = step.ledger();
            for (ShardRound round : step.rounds()) {
                Controller.Step decided = controller.round(state, round, 1);
                state = decided.state();
                decisions.addAll(decided.decisions());
            }
        }
        assertThat(decisions).hasSize(ROUNDS);
    }

    @Test
    void theSameRecordsGiveTheSamePlans() {
        RunReplay replay = replay(telemetry, decisions);

        assertThat(replay.finish()).isEmpty();
        assertThat(replay.decisions()).isEqualTo(ROUNDS);
        assertThat(replay.plans())
                .isEqualTo((int) decisions.stream().filter(d -> d.plan().isPresent()).count())
                .isPositive();
    }

    @Test
    void aDecisionThatDoesNotFollowIsTheDifference() {
        List<Object> changed = new ArrayList<>(telemetry);
        Signal signal = (Signal) changed.get(0);
        float[] other = sum(signal.subject(), new Random(8));
        changed.set(
                0,
                new TestingSignals(spec, attempt)
                        .signal(0, signal.subject(), "r0", 0, 100, 50, other));

        RunReplay.Difference difference = replay(changed, decisions).finish().orElseThrow();

        assertThat(difference.recorded().round()).isZero();
        assertThat(difference.replayed()).isPresent();
        assertThat(difference.reason()).contains("another decision");
    }

    @Test
    void aSignalThatTheLogLacksIsNamedAsThat() {
        RunReplay replay = replay(telemetry.subList(1, telemetry.size()), decisions);

        RunReplay.Difference difference = replay.finish().orElseThrow();

        assertThat(difference.recorded().round()).isZero();
        assertThat(difference.replayed()).isEmpty();
        assertThat(difference.reason()).contains("has not all signals");
    }

    @Test
    void aDecisionWithoutTheOneBeforeItIsNamedAsThat() {
        RunReplay replay = replay(telemetry, decisions.subList(2, ROUNDS));

        RunReplay.Difference difference = replay.finish().orElseThrow();

        assertThat(difference.recorded().round()).isEqualTo(2);
        assertThat(difference.reason()).contains("rounds before it");
    }

    @Test
    void aRunWithoutItsAttemptCannotBeReplayed() {
        List<DecisionInputs> inputs = List.of(DecisionInputs.of(0, decisions.get(0)));

        assertThat(
                        new RunReplay(TestingRun.DIGEST, inputs, (recorded, made) -> true)
                                .finish()
                                .orElseThrow()
                                .reason())
                .contains("no attempt 3");
    }

    private RunReplay replay(List<Object> records, List<Decision> recorded) {
        List<DecisionInputs> inputs = new ArrayList<>();
        for (Decision decision : recorded) {
            inputs.add(DecisionInputs.of(inputs.size(), decision));
        }
        RunReplay replay =
                new RunReplay(
                        TestingRun.DIGEST,
                        inputs,
                        (at, made) -> isSame(made, recorded.get(at.number())));
        replay.declared(spec);
        replay.started(attempt);
        decisions.forEach(decision -> decision.plan().ifPresent(replay::plan));
        for (Object record : records) {
            if (record instanceof Signal signal) {
                replay.signal(signal);
            } else {
                replay.closed((RoundClosed) record);
            }
        }
        return replay;
    }

    private static boolean isSame(Decision made, Decision recorded) {
        boolean same = made.plan().equals(recorded.plan()) && made.hold().equals(recorded.hold());
        for (int j = 0; j < made.groups().size(); j++) {
            Decision.GroupDecision group = made.groups().get(j);
            Decision.GroupDecision before = recorded.groups().get(j);
            same &= group.proposed() == before.proposed();
            same &= Arrays.equals(group.alignments(), before.alignments());
        }
        return same;
    }

    private List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        spec.groups().stream().map(GroupSpec::id).map(Subject::of).forEach(subjects::add);
        spec.targets().forEach(target -> subjects.add(Subject.of(target.id())));
        return subjects;
    }

    /** The first group points where the target points, the others away from it. */
    private float[] sum(Subject subject, Random random) {
        boolean along = !subject.isGroup() || spec.indexOf(subject) == 0;
        float[] sum = new float[K];
        for (int b = 0; b < K; b++) {
            sum[b] = (float) ((along ? 100 : -100) + 10 * random.nextGaussian());
        }
        return sum;
    }
}
