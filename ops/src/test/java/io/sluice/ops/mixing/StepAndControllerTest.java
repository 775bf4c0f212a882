package io.sluice.ops.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.flink.contract.ToContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step by hand is the round that the controller would decide. */
class StepAndControllerTest {

    private static final SquaredNorm UNIT = new SquaredNorm(1, 1);
    private static final double[] COSINES = {0.4, 0.1, -0.2};

    private static final List<String> BOUNDS = List.of("'cap': 0.36", "'prior': 1", "'floor': 0.3");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'max_kl': 0.002}",
                "{'prior_pull': 0}",
                "{'prior_pull': 3, 'max_kl': 1}",
                "{'dead_band': 0.1}"
            })
    void theyComeToTheSame(String guards) throws IOException {
        Decision decision = decide(file(guards, COSINES, new double[3]).spec());
        StepResult result =
                StepResult.of(
                        file(
                                guards,
                                ofTarget(decision, Decision.GroupDecision::alignments),
                                ofTarget(decision, Decision.GroupDecision::alignmentErrors)));

        assertThat(result.hold().map(Hold::reason)).isEqualTo(decision.hold().map(Hold::reason));
        decision.plan().ifPresent(plan -> assertThat(result.label()).isEqualTo(plan.label()));
        assertThat(result.kl()).isEqualTo(decision.guards().get().kl(), within(1e-15));
        assertThat(result.fraction()).isEqualTo(decision.guards().get().fraction(), within(1e-15));
        for (int j = 0; j < COSINES.length; j++) {
            StepResult.Group group = result.groups().get(j);
            assertThat(group.score()).isEqualTo(decision.groups().get(j).score(), within(1e-15));
            // What is held stays in force; the step shows what it would have been.
            if (decision.hold().isEmpty()) {
                assertThat(group.decided())
                        .isEqualTo(decision.groups().get(j).decided(), within(1e-15));
            }
        }
    }

    private static double[] ofTarget(
            Decision decision, Function<Decision.GroupDecision, double[]> field) {
        return decision.groups().stream().mapToDouble(group -> field.apply(group)[0]).toArray();
    }

    private StepFile file(String guards, double[] cosines, double[] errors) throws IOException {
        List<String> groups = new ArrayList<>();
        for (int j = 0; j < cosines.length; j++) {
            groups.add(
                    "'%s': {'alignments': {'t': %s}, 'errors': {'t': %s}, %s}"
                            .formatted("abc".charAt(j), cosines[j], errors[j], BOUNDS.get(j)));
        }
        String json =
                "{'groups': {"
                        + String.join(", ", groups)
                        + "}, 'targets': {'t': {}}, 'guards': "
                        + guards
                        + "}";
        Path file = Files.writeString(folder.resolve("step.json"), json.replace('\'', '"'));
        return StepFile.read(file, PolicySpec.of("dga"));
    }

    private static Decision decide(RunSpec spec) {
        Controller controller =
                new Controller(spec, ToContract::digest, new InMemorySnapshotStore());
        Plan unsigned =
                new Plan(
                        spec.runId(),
                        -1,
                        -1,
                        spec.digest(),
                        -1,
                        0,
                        "",
                        0,
                        spec.prior(),
                        Plan.Label.PRIOR,
                        "");
        Plan prior = unsigned.withDigest(ToContract.digest(unsigned));
        Attempt attempt = new Attempt(spec.runId(), 0, spec.digest(), 0, List.of("trainer"), prior);
        return controller
                .round(controller.start(Optional.empty(), attempt), round(spec), 1)
                .decisions()
                .get(0);
    }

    private static ShardRound round(RunSpec spec) {
        List<GroupRound> groups = new ArrayList<>();
        for (int j = 0; j < COSINES.length; j++) {
            GroupGradient gradient =
                    new GroupGradient(UNIT, new double[] {COSINES[j]}, new double[1]);
            groups.add(new GroupRound(j, 1000, 100, 2000, 4000, Optional.of(gradient)));
        }
        return new ShardRound(
                spec.runId(),
                spec.digest(),
                0,
                0,
                0,
                0,
                spec.rounds().lastStep(0),
                ShardRound.Status.COMPLETE,
                groups,
                List.of(new TargetRound(0, 1000, 100, 2000, Optional.of(UNIT))),
                List.of(),
                1e-3,
                ShardRound.Counts.ZERO);
    }
}
