package io.sluice.core.testing;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.statistics.SplitSketch;
import java.util.Random;

/** Split sketches of given halves. */
public final class TestingSketches {

    private static final RunSpec SPEC = TestingRun.ofPriors(1).target("t", 1).build();
    private static final TestingSignals SIGNALS =
            new TestingSignals(SPEC, TestingRun.attempt(SPEC, 1, 0, "r0"));

    private TestingSketches() {}

    /**
     * A sketch whose halves have these per-token means, rounded as on the wire, of 1 token each.
     */
    public static SplitSketch of(float[] first, float[] second) {
        SplitSketch sketch = new SplitSketch();
        Subject subject = Subject.of(SPEC.groups().get(0).id());
        sketch.add(SIGNALS.signal(0, subject, "r0", 0, 1, 1, first));
        sketch.add(SIGNALS.signal(0, subject, "r0", 1, 1, 1, second));
        return sketch;
    }

    /** Numbers that the wire keeps exactly: quarters between -8 and 8. */
    public static float[] exact(Random random, int k) {
        float[] values = new float[k];
        for (int b = 0; b < k; b++) {
            values[b] = (random.nextInt(65) - 32) / 4f;
        }
        return values;
    }

    /** The inner product, term by term. */
    public static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
