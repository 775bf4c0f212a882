package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.RandomBox;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every policy owes to its callers. */
abstract class MixingPolicyContract {

    private static final int ROUNDS = 200;
    private static final int TARGETS = 2;

    /** The policy under test, for a run of m groups named by {@link TestingRun#id}. */
    abstract PolicySpec policy(int m);

    /** Makes the policy of a run. */
    MixingPolicy create(RunSpec spec) {
        return PolicyCatalog.create(spec);
    }

    /** Whether a run may ask for the policy by name. */
    boolean isInTheCatalog() {
        return true;
    }

    /** Whether groups are told apart by their signals alone. */
    boolean treatsGroupsAlike() {
        return true;
    }

    @Test
    void answersHaveTheNameThatWasAskedFor() {
        RunSpec spec = run(uniform(3));

        assertThat(create(spec).name()).isEqualTo(spec.policy().name());
    }

    @Test
    void everyAnswerIsAMixture() {
        for (int m : new int[] {1, 2, 7, 40}) {
            Random random = new Random(m);
            double[] prior = RandomBox.simplex(random, m);
            for (PolicyStep step : play(run(prior), script(random, m, 1))) {
                assertThat(step.logWeights()).hasSize(m);
                assertThat(step.scores()).hasSize(m);
                assertThat(step.scoreErrors()).hasSize(m);
                assertFinite(step.logWeights());
                assertFinite(step.scores());
                assertFinite(step.scoreErrors());
                assertThat(Arrays.stream(LogWeights.softmax(step.logWeights())).sum())
                        .isEqualTo(1, within(1e-12));
            }
        }
    }

    @Test
    void survivesRoundsThatSayNothing() {
        int m = 5;
        Random random = new Random(3);
        for (PolicyStep step : play(run(uniform(m)), script(random, m, 0.3))) {
            assertFinite(step.logWeights());
            assertFinite(step.scores());
        }
        for (PolicyStep step : play(run(uniform(m)), script(random, m, 0))) {
            assertFinite(step.logWeights());
        }
    }

    @Test
    void survivesSignalsThatNeverVary() {
        for (PolicyStep step : play(run(uniform(4)), same(4, 0, 0))) {
            assertFinite(step.logWeights());
        }
    }

    /** Where all groups are told alike, none is preferred. */
    @Test
    void equalSignalsLeaveEqualShares() {
        int m = 4;
        for (PolicyStep step : play(run(uniform(m)), same(m, 2.5, .3))) {
            assertFinite(step.logWeights());
            assertFinite(step.scores());
            if (!step.probe()) {
                assertThat(LogWeights.softmax(step.logWeights()))
                        .containsExactly(uniform(m), within(1e-6));
            }
        }
    }

    /** Rounds in which every loss and every cosine is the same. */
    private List<TestingSnapshot> same(int m, double loss, double cosine) {
        double[] losses = new double[m];
        double[] targetLosses = new double[TARGETS];
        double[][] cosines = new double[TARGETS][m];
        Arrays.fill(losses, loss);
        Arrays.fill(targetLosses, loss);
        for (double[] row : cosines) {
            Arrays.fill(row, cosine);
        }
        RunSpec spec = run(uniform(m));
        List<TestingSnapshot> script = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            script.add(
                    TestingSnapshot.of(spec)
                            .round(round)
                            .cosines(0, cosines)
                            .geometry(cosines, 0, gram(cosines))
                            .groupLosses(losses)
                            .targetLosses(targetLosses));
        }
        return script;
    }

    @Test
    void theSameRoundsGiveTheSameBits() {
        RunSpec spec = run(uniform(6));
        List<PolicyStep> first = play(spec, script(new Random(8), 6, 0.9));
        List<PolicyStep> second = play(spec, script(new Random(8), 6, 0.9));

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(first.get(round).logWeights())
                    .containsExactly(second.get(round).logWeights());
        }
    }

    @Test
    void neitherItsArgumentsNorItsMemoryAreWrittenTo() {
        int m = 4;
        RunSpec spec = run(uniform(m));
        MixingPolicy policy = create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (TestingSnapshot snapshot : script(new Random(2), m, 1)) {
            RoundSnapshot seen = snapshot.build();
            TreeMap<String, double[]> before = new TreeMap<>();
            memory.vectors().forEach((name, values) -> before.put(name, values.clone()));
            double[] losses = seen.losses().group().clone();
            double[] cosines = seen.alignments().mean()[0].clone();

            PolicyStep step = policy.step(seen, memory);

            assertThat(memory.vectors().keySet()).isEqualTo(before.keySet());
            for (String name : before.keySet()) {
                assertThat(memory.vectors().get(name)).containsExactly(before.get(name));
            }
            assertThat(seen.losses().group()).containsExactly(losses);
            assertThat(seen.alignments().mean()[0]).containsExactly(cosines);
            memory = step.memory();
        }
    }

    @Test
    void namesDoNotMatter() {
        if (!treatsGroupsAlike()) {
            return;
        }
        int m = 6;
        double[] prior = RandomBox.simplex(new Random(1), m);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        Collections.shuffle(order, new Random(4));
        List<PolicyStep> plain = play(run(prior), script(new Random(9), m, 1));
        List<PolicyStep> permuted =
                play(run(permute(prior, order)), script(new Random(9), m, 1, order));

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(LogWeights.softmax(permuted.get(round).logWeights()))
                    .containsExactly(
                            permute(LogWeights.softmax(plain.get(round).logWeights()), order),
                            within(1e-5));
        }
    }

    /** Whether a group whose tokens are worth less gets no more, other things being equal. */
    boolean isMonotonousInWorth() {
        return true;
    }

    @Test
    void aGroupWhoseTokensAreWorthLessIsNotProposedMoreOf() {
        if (!isMonotonousInWorth()) {
            return;
        }
        int m = 5;
        RunSpec spec = run(uniform(m));
        MixingPolicy policy = create(spec);
        double[] tokens = {.4, 1, 1, 1, 1};
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (TestingSnapshot snapshot : script(new Random(6), m, 1)) {
            RoundSnapshot fresh = snapshot.build();
            RoundSnapshot repeated =
                    fresh.withWorth(new RoundSnapshot.Worth(tokens, fresh.worth().targets()));
            PolicyStep step = policy.step(fresh, memory);
            double share = LogWeights.softmax(step.logWeights())[0];

            double less = LogWeights.softmax(policy.step(repeated, memory).logWeights())[0];

            assertThat(less).isLessThanOrEqualTo(share + 1e-12);
            memory = step.memory();
        }
    }

    @Test
    void refusesARunThatLacksWhatItNeeds() {
        if (!isInTheCatalog()) {
            return;
        }
        TestingRun bare = TestingRun.ofPriors(uniform(3)).policy(policy(3));
        MixingPolicy policy = PolicyCatalog.create(run(uniform(3)));
        if (policy.needs().stream().noneMatch(Need::concernsTargets)) {
            assertThat(PolicyCatalog.create(bare.build()).name()).isEqualTo(policy.name());
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PolicyCatalog.create(bare.build()))
                    .withMessageContaining("policy " + policy.name() + " needs ")
                    .withMessageContaining("declare a target");
        }
    }

    @Test
    void refusesAnOptionItDoesNotHave() {
        if (!isInTheCatalog()) {
            return;
        }
        TreeMap<String, Double> options = new TreeMap<>(policy(3).options());
        options.put("no-such-option", 1.0);
        RunSpec spec =
                TestingRun.ofPriors(uniform(3))
                        .target("t", 1)
                        .policy(PolicySpec.of(policy(3).name(), options))
                        .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(spec))
                .withMessageContaining("has no option 'no-such-option'");
    }

    private RunSpec run(double[] prior) {
        return TestingRun.ofPriors(prior)
                .target("t0", 0.25)
                .target("t1", 0.75)
                .policy(policy(prior.length))
                .build();
    }

    /** Rounds in which each kind of signal is present with this probability. */
    private List<TestingSnapshot> script(Random random, int m, double present) {
        List<Integer> order = new ArrayList<>();
        for (int j = 0; j < m; j++) {
            order.add(j);
        }
        return script(random, m, present, order);
    }

    private List<TestingSnapshot> script(
            Random random, int m, double present, List<Integer> order) {
        RunSpec spec = run(uniform(m));
        List<TestingSnapshot> script = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double fall = 3 / Math.sqrt(1 + round);
            double[][] cosines = new double[TARGETS][m];
            double[] groups = new double[m];
            for (int j = 0; j < m; j++) {
                groups[j] = 1 + fall * (j + 1) / m + 0.01 * random.nextGaussian();
                for (double[] row : cosines) {
                    row[j] = Math.tanh(0.3 * random.nextGaussian());
                }
            }
            double[] targets = {1 + fall + 0.01 * random.nextGaussian(), 2 + fall / 2};
            boolean[] heard = new boolean[3];
            for (int k = 0; k < heard.length; k++) {
                heard[k] = random.nextDouble() < present;
            }
            TestingSnapshot snapshot = TestingSnapshot.of(spec).round(round);
            if (heard[0]) {
                double[][] rows = {permute(cosines[0], order), permute(cosines[1], order)};
                snapshot.cosines(0.05, rows).geometry(rows, 0.01, gram(rows));
            }
            if (heard[1]) {
                snapshot.groupLosses(permute(groups, order));
            }
            if (heard[2]) {
                snapshot.targetLosses(targets);
            }
            script.add(snapshot);
        }
        return script;
    }

    /** Cosines between groups that agree with two targets like this, with noise on the diagonal. */
    private static double[][] gram(double[][] rows) {
        int m = rows[0].length;
        double[][] gram = new double[m][m];
        for (int j = 0; j < m; j++) {
            for (int k = 0; k < m; k++) {
                gram[j][k] = (rows[0][j] * rows[0][k] + rows[1][j] * rows[1][k]) / 2;
            }
        }
        return gram;
    }

    /** Steps through a script; each proposal is in force in the next round. */
    private List<PolicyStep> play(RunSpec spec, List<TestingSnapshot> script) {
        MixingPolicy policy = create(spec);
        List<PolicyStep> steps = new ArrayList<>();
        PolicyMemory memory = PolicyMemory.EMPTY;
        double[] inForce = spec.prior().weights();
        for (TestingSnapshot snapshot : script) {
            RoundSnapshot built = snapshot.inForce(inForce).build();
            RoundSnapshot seen =
                    new RoundSnapshot(
                            spec,
                            built.round(),
                            built.throughStep(),
                            built.inForce(),
                            built.alignments(),
                            built.losses(),
                            RoundSnapshot.Worth.declared(spec),
                            built.geometry());
            PolicyStep step = policy.step(seen, memory);
            steps.add(step);
            memory = step.memory();
            inForce = LogWeights.softmax(step.logWeights());
            for (int j = 0; j < inForce.length; j++) {
                inForce[j] = 0.9 * inForce[j] + 0.1 * spec.prior().weight(j);
            }
        }
        return steps;
    }

    private static void assertFinite(double[] values) {
        for (double value : values) {
            assertThat(value).isFinite();
        }
    }

    private static double[] uniform(int m) {
        double[] weights = new double[m];
        Arrays.fill(weights, 1.0 / m);
        return weights;
    }

    private static double[] permute(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(j -> values[j]).toArray();
    }
}
