package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * From sketches to plans, through reducer and controller, where a policy asks for more than
 * alignments. Groups a and b are twins; c is as good as they are, and shares nothing with them.
 */
class GeometryTest {

    private static final int K = 1009;
    private static final int ROUNDS = 30;
    private static final int SUBJECTS = 4;

    @Test
    void aPriceOnRedundancyGivesTwinsOneShare() {
        Decision free = lastOf(Map.of("redundancy", 0.0));
        Decision priced = lastOf(Map.of("redundancy", 10.0));

        assertThat(free.groups().get(2).decided()).isBetween(.25, .42);
        assertThat(priced.groups().get(2).decided()).isGreaterThan(.44);
    }

    @Test
    void underTheFisherInformationWhatAllShareCountsForLess() {
        Decision plain = lastOf(Map.of("fisher", 0.0));
        Decision fisher = lastOf(Map.of("fisher", 0.1));

        assertThat(fisher.groups().get(2).score() - fisher.groups().get(0).score())
                .isGreaterThan(plain.groups().get(2).score() - plain.groups().get(0).score() + .1);
        // The plain cosines stand in the decision as its control.
        for (int j = 0; j < 3; j++) {
            assertThat(fisher.groups().get(j).alignments())
                    .containsExactly(plain.groups().get(j).alignments());
        }
    }

    @Test
    void aGroupThatIsOutOfTheMixtureIsOutOfBoth() {
        Decision decision =
                decide(Map.of("redundancy", 10.0, "fisher", 1.0), Optional.of(new GroupId("b")));

        assertThat(decision.groups().get(1).decided()).isZero();
        assertThat(decision.groups().get(0).decided()).isBetween(.35, .65);
    }

    private static Decision lastOf(Map<String, Double> options) {
        return decide(options, Optional.empty());
    }

    /** The last decision of a run that was fed for some rounds. */
    private static Decision decide(Map<String, Double> options, Optional<GroupId> out) {
        RunSpec spec = spec(options, out);
        Attempt attempt = TestingRun.attempt(spec, 1, 0, "r0");
        RoundReducer reducer = new RoundReducer(spec, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = controller.start(Optional.empty(), attempt);
        TestingSignals signals = new TestingSignals(spec, attempt);
        Random random = new Random(3);
        Decision last = null;
        for (long round = 0; round < ROUNDS; round++) {
            List<SubjectOutcome> outcomes = new ArrayList<>();
            for (int j = 0; j < SUBJECTS; j++) {
                for (int part = 0; part < Signal.PARTS; part++) {
                    float[] sum = sum(j, random);
                    Signal signal =
                            signals.signal(round, subject(spec, j), "r0", part, 100, 50, sum);
                    outcomes.add(signals.acknowledged(signal));
                    ledger = reducer.add(ledger, signal).ledger();
                }
            }
            RoundReducer.Step closed = reducer.close(ledger, signals.closed(round, "r0", outcomes));
            ledger = closed.ledger();
            Controller.Step step = controller.round(state, closed.rounds().get(0), 1);
            state = step.state();
            last = step.decisions().get(0);
        }
        return last;
    }

    private static RunSpec spec(Map<String, Double> options, Optional<GroupId> out) {
        TestingRun run = TestingRun.run().target("t", 1).dimension(K);
        for (String id : List.of("a", "b", "c")) {
            GroupId group = new GroupId(id);
            run.group(
                    new GroupSpec(
                            group,
                            1.0 / 3,
                            0,
                            1,
                            Optional.empty(),
                            out.map(group::equals).orElse(false)));
        }
        return run.policy(PolicySpec.of("tikmix-d", options)).build();
    }

    private static Subject subject(RunSpec spec, int j) {
        return j < spec.groups().size()
                ? Subject.of(spec.groups().get(j).id())
                : Subject.of(spec.targets().get(0).id());
    }

    /** Twins along one axis, the third along another, the target along both; noise on all. */
    private static float[] sum(int subject, Random random) {
        float[] sum = new float[K];
        for (int b = 0; b < K; b++) {
            sum[b] = (float) (10 * random.nextGaussian());
        }
        sum[0] += subject == 2 ? 0 : 1000;
        sum[1] += subject < 2 ? 0 : 1000;
        return sum;
    }
}
