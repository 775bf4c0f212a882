package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import java.util.Arrays;
import java.util.Optional;

/** Builds what a policy sees. What is not set was not measured. */
final class TestingSnapshot {

    private final RunSpec spec;
    private Mixture inForce;
    private long round;
    private RoundSnapshot.Alignments alignments;
    private RoundSnapshot.Losses losses;
    private Optional<RoundSnapshot.Geometry> geometry = Optional.empty();

    private TestingSnapshot(RunSpec spec) {
        this.spec = spec;
        int n = spec.targets().size();
        int m = spec.groups().size();
        inForce = spec.prior();
        alignments =
                new RoundSnapshot.Alignments(new boolean[m], new double[n][m], new double[n][m]);
        losses = RoundSnapshot.Losses.none(spec);
    }

    static TestingSnapshot of(RunSpec spec) {
        return new TestingSnapshot(spec);
    }

    TestingSnapshot inForce(double... weights) {
        inForce = Mixture.normalised(spec.groupIds(), weights);
        return this;
    }

    TestingSnapshot round(long value) {
        round = value;
        return this;
    }

    TestingSnapshot cosines(double error, double[]... rows) {
        boolean[] measured = new boolean[spec.groups().size()];
        Arrays.fill(measured, true);
        double[][] errors = new double[rows.length][measured.length];
        for (double[] row : errors) {
            Arrays.fill(row, error);
        }
        alignments = new RoundSnapshot.Alignments(measured, rows, errors);
        return this;
    }

    /** Influences with their common variance, and cosines between groups. */
    TestingSnapshot geometry(double[][] influence, double variance, double[][] gram) {
        boolean[] measured = new boolean[spec.groups().size()];
        Arrays.fill(measured, true);
        double[][] variances = new double[influence.length][measured.length];
        for (double[] row : variances) {
            Arrays.fill(row, variance);
        }
        return geometry(new RoundSnapshot.Geometry(measured, influence, variances, gram));
    }

    TestingSnapshot geometry(RoundSnapshot.Geometry value) {
        geometry = Optional.of(value);
        return this;
    }

    /** Losses of the groups, each over 1,000 tokens. */
    TestingSnapshot groupLosses(double... values) {
        long[] tokens = new long[values.length];
        Arrays.fill(tokens, 1000);
        return groupLosses(tokens, values);
    }

    TestingSnapshot groupLosses(long[] tokens, double... values) {
        losses = new RoundSnapshot.Losses(tokens, values, losses.evaluated(), losses.target());
        return this;
    }

    TestingSnapshot targetLosses(double... values) {
        boolean[] evaluated = new boolean[values.length];
        Arrays.fill(evaluated, true);
        losses = new RoundSnapshot.Losses(losses.tokens(), losses.group(), evaluated, values);
        return this;
    }

    RoundSnapshot build() {
        return new RoundSnapshot(
                spec,
                round,
                spec.rounds().lastStep(round),
                inForce,
                alignments,
                losses,
                RoundSnapshot.Worth.declared(spec),
                geometry);
    }
}
