package io.sluice.core.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Influence;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import io.sluice.core.testing.TestingSketches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a reducer makes of sketches where more than alignments is asked for. */
class SketchComparisonTest {

    private static final int K = 16;
    private static final int GROUPS = 4;
    private static final int TARGETS = 2;

    private final Map<Subject, float[][]> halves = new HashMap<>();
    private final RunSpec plain = run(SketchWork.NONE);
    private final List<Subject> subjects = subjects(plain);

    SketchComparisonTest() {
        Random random = new Random(2);
        for (Subject subject : subjects) {
            halves.put(
                    subject,
                    new float[][] {
                        TestingSketches.exact(random, K), TestingSketches.exact(random, K)
                    });
        }
    }

    @Test
    void productsOfGroupsAreThoseOfTheirPooledMeans() {
        List<GroupRound> groups = reduce(new SketchWork(0, true), subjects);

        for (int j = 0; j < GROUPS; j++) {
            GroupGradient gradient = groups.get(j).gradient().orElseThrow();
            double[] products = gradient.products().orElseThrow();
            assertThat(products).hasSize(j);
            assertThat(gradient.influence()).isEmpty();
            for (int k = 0; k < j; k++) {
                assertThat(products[k]).isEqualTo(dot(pooled(j), pooled(k)), within(1e-9));
            }
        }
    }

    @Test
    void moreDoesNotChangeWhatWasThereBefore() {
        List<GroupRound> before = reduce(SketchWork.NONE, subjects);
        List<GroupRound> after = reduce(new SketchWork(0.3, true), subjects);

        for (int j = 0; j < GROUPS; j++) {
            GroupGradient one = before.get(j).gradient().orElseThrow();
            GroupGradient other = after.get(j).gradient().orElseThrow();
            assertThat(one.influence()).isEmpty();
            assertThat(one.products()).isEmpty();
            assertThat(other.influence()).isPresent();
            assertThat(other.squaredNorm()).isEqualTo(one.squaredNorm());
            assertThat(other.alignment()).isEqualTo(one.alignment());
            assertThat(other.variance()).isEqualTo(one.variance());
        }
    }

    @Test
    void influenceUnderALargeDampingIsTheCosine() {
        for (GroupRound group : reduce(new SketchWork(1e6, false), subjects)) {
            GroupGradient gradient = group.gradient().orElseThrow();
            Influence influence = gradient.influence().orElseThrow();
            for (int i = 0; i < TARGETS; i++) {
                double[] target = pooled(GROUPS + i);
                double norms = gradient.squaredNorm().pooled() * dot(target, target);
                assertThat(influence.cosine()[i])
                        .isEqualTo(gradient.alignment()[i] / Math.sqrt(norms), within(1e-4));
                assertThat(influence.variance()[i])
                        .isEqualTo(gradient.variance()[i] / norms, within(1e-4));
            }
        }
    }

    @Test
    void subjectsWithoutAHalfAreLeftOut() {
        halves.get(subjects.get(1))[1] = null;
        halves.get(subjects.get(GROUPS))[0] = null;
        List<GroupRound> groups = reduce(new SketchWork(0.3, true), subjects);

        assertThat(groups.get(1).gradient()).isEmpty();
        GroupGradient gradient = groups.get(2).gradient().orElseThrow();
        double[] products = gradient.products().orElseThrow();
        assertThat(products[0]).isEqualTo(dot(pooled(2), pooled(0)), within(1e-9));
        assertThat(products[1]).isZero();
        Influence influence = gradient.influence().orElseThrow();
        assertThat(influence.variance()[0]).isInfinite();
        assertThat(influence.cosine()[1]).isBetween(-1.0, 1.0).isNotZero();
    }

    @Test
    void arrivalDoesNotMatter() {
        SketchWork work = new SketchWork(0.3, true);
        List<Subject> shuffled = new ArrayList<>(subjects);
        Collections.shuffle(shuffled, new Random(5));

        assertThat(reduce(work, shuffled))
                .usingRecursiveComparison()
                .isEqualTo(reduce(work, subjects));
    }

    private List<GroupRound> reduce(SketchWork work, List<Subject> order) {
        RunSpec run = run(work);
        Attempt attempt = TestingRun.attempt(run, 1, 0, "r0");
        TestingSignals signals = new TestingSignals(run, attempt);
        RoundReducer reducer = new RoundReducer(run, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (Subject subject : order) {
            for (int part = 0; part < Signal.PARTS; part++) {
                float[] mean = halves.get(subject)[part];
                if (mean != null) {
                    Signal signal = signals.signal(0, subject, "r0", part, 1, 8, mean);
                    outcomes.add(signals.acknowledged(signal));
                    ledger = reducer.add(ledger, signal).ledger();
                }
            }
        }
        return reducer.close(ledger, signals.closed(0, "r0", outcomes)).rounds().get(0).groups();
    }

    private double[] pooled(int subject) {
        float[][] of = halves.get(subjects.get(subject));
        double[] mean = new double[K];
        for (int b = 0; b < K; b++) {
            mean[b] = (of[0][b] + of[1][b]) / 2.0;
        }
        return mean;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int b = 0; b < K; b++) {
            sum += x[b] * y[b];
        }
        return sum;
    }

    private static RunSpec run(SketchWork work) {
        return TestingRun.ofPriors(.25, .25, .25, .25)
                .target("t0", .5)
                .target("t1", .5)
                .dimension(K)
                .policy(
                        PolicySpec.of(
                                "tikmix-d",
                                Map.of(
                                        "fisher",
                                        work.fisher(),
                                        "redundancy",
                                        work.gram() ? 1.0 : 0)))
                .build();
    }

    private static List<Subject> subjects(RunSpec run) {
        List<Subject> subjects = new ArrayList<>();
        run.groups().forEach(group -> subjects.add(Subject.of(group.id())));
        run.targets().forEach(target -> subjects.add(Subject.of(target.id())));
        return subjects;
    }
}
