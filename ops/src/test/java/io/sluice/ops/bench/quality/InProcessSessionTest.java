package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A scripted trainer whose group "near" points where the target points, and "far" away from it. */
class InProcessSessionTest {

    private static final GroupId NEAR = new GroupId("near");
    private static final GroupId FAR = new GroupId("far");
    private static final TargetId TARGET = new TargetId("target");
    private static final int DIMENSION = 257;
    private static final int STEPS = 10;
    private static final int LEAD = 3;
    private static final long WARM_UP = 20;
    private static final int DRAWS = 8;

    @Test
    void theMixtureMovesToTheGroupThatHelps() {
        SortedMap<Long, Mixture> mixtures = train("dga", 300);

        Mixture last = mixtures.get(mixtures.lastKey());
        assertThat(last.weight(NEAR)).isGreaterThan(0.7);
        assertThat(last.weight(FAR)).isLessThan(0.3);
    }

    @Test
    void aPlanBeginsTheLeadAfterItsRound() {
        SortedMap<Long, Mixture> mixtures = train("dga", 100);

        // The first round that reaches the warm-up ends with step 29.
        assertThat(List.copyOf(mixtures.keySet()).subList(0, 3))
                .containsExactly(0L, 29L + LEAD, 39L + LEAD);
    }

    @Test
    void aStaticRunKeepsThePrior() {
        assertThat(train("static", 100)).containsOnlyKeys(0L);
    }

    @Test
    void theSameSignalsGiveTheSameMixturesToTheLastBit() {
        assertThat(train("dga", 200)).isEqualTo(train("dga", 200));
    }

    @Test
    void gradientsAreMeasuredAtTheLastStepOfARound() {
        InProcessSession session = new InProcessSession(spec("dga", 1), DRAWS);
        List<Long> measured = new ArrayList<>();
        for (long step = 0; step < 20; step++) {
            if (session.measures(step)) {
                measured.add(step);
            }
        }
        assertThat(measured).containsExactly(9L, 19L);
    }

    @Test
    void severalShardsAreRefused() {
        assertThatThrownBy(() -> new InProcessSession(spec("dga", 2), DRAWS))
                .hasMessageContaining("declare 1");
    }

    private static SortedMap<Long, Mixture> train(String policy, long steps) {
        Random random = new Random(5);
        TreeMap<GroupId, Integer> drawn = new TreeMap<>();
        InProcessSession session = new InProcessSession(spec(policy, 1), DRAWS);
        for (long step = 0; step < steps; step++) {
            StepPlan plan = session.plan(step);
            assertThat(plan.draws()).hasSize(DRAWS);
            for (GroupId group : plan.draws()) {
                drawn.merge(group, 1, Integer::sum);
                session.record(gradient(Subject.of(group), group.equals(NEAR) ? 1 : -1, random));
            }
            if (session.measures(step)) {
                session.record(gradient(Subject.of(TARGET), 1, random));
                session.record(gradient(Subject.of(TARGET), 1, random));
            }
            session.endStep(step, 1e-3);
        }
        assertThat(drawn.keySet()).containsExactly(FAR, NEAR);
        return session.mixtures();
    }

    /** The gradient of 64 tokens, of length 1 a token along the target's, and noise. */
    private static Observation gradient(Subject subject, int sign, Random random) {
        float[] sketch = new float[DIMENSION];
        for (int b = 0; b < DIMENSION; b++) {
            sketch[b] = (float) random.nextGaussian();
        }
        sketch[0] += 64 * sign;
        return new Observation(subject, 64, 8, 64, 80, sketch);
    }

    private static RunSpec spec(String policy, int shards) {
        return new RunSpec(
                "run",
                List.of(new GroupSpec(FAR, 0.5, 0.05, 1), new GroupSpec(NEAR, 0.5, 0.05, 1)),
                List.of(new TargetSpec(TARGET, 1)),
                PolicySpec.of(policy, Map.of()),
                GuardSpec.DEFAULT,
                new RoundSpec(STEPS, LEAD, WARM_UP),
                new SketchSpec(DIMENSION, 1),
                shards,
                1,
                Mode.CONTROL,
                "spec");
    }
}
