package io.sluice.core.controller;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The groups that are in the mixture, to which policies are confined: what they see has no others,
 * and what they propose gives others no weight. Where all groups are in, nothing is copied.
 */
final class PresentGroups {

    private final RunSpec all;
    private final int[] places;
    private final RunSpec present;

    /**
     * @param spec the declaration as operators and the catalog changed it
     */
    PresentGroups(RunSpec spec) {
        this.all = spec;
        List<GroupSpec> groups = spec.groups();
        this.places =
                IntStream.range(0, groups.size()).filter(j -> !groups.get(j).dormant()).toArray();
        this.present = areAll() ? spec : spec.withGroups(rescaled(spec));
    }

    /** Their ids. */
    List<GroupId> ids() {
        return present.groupIds();
    }

    /** A snapshot of all groups, confined to these. */
    RoundSnapshot of(RoundSnapshot snapshot) {
        if (areAll()) {
            return snapshot;
        }
        RoundSnapshot.Alignments alignments = snapshot.alignments();
        RoundSnapshot.Losses losses = snapshot.losses();
        boolean[] measured = new boolean[places.length];
        long[] tokens = new long[places.length];
        for (int k = 0; k < places.length; k++) {
            measured[k] = alignments.measured()[places[k]];
            tokens[k] = losses.tokens()[places[k]];
        }
        return new RoundSnapshot(
                present,
                snapshot.round(),
                snapshot.throughStep(),
                of(snapshot.inForce()),
                new RoundSnapshot.Alignments(
                        measured, of(alignments.mean()), of(alignments.standardError())),
                new RoundSnapshot.Losses(
                        tokens, of(losses.group()), losses.evaluated(), losses.target()),
                new RoundSnapshot.Worth(of(snapshot.worth().tokens()), snapshot.worth().targets()),
                snapshot.geometry().map(this::of));
    }

    private RoundSnapshot.Geometry of(RoundSnapshot.Geometry geometry) {
        boolean[] measured = new boolean[places.length];
        for (int k = 0; k < places.length; k++) {
            measured[k] = geometry.measured()[places[k]];
        }
        double[][] gram =
                geometry.gram().length == 0 ? new double[0][] : new double[places.length][];
        for (int k = 0; k < gram.length; k++) {
            gram[k] = of(geometry.gram()[places[k]]);
        }
        return new RoundSnapshot.Geometry(
                measured, of(geometry.influence()), of(geometry.variance()), gram);
    }

    /** A proposal of theirs, for all groups. */
    PolicyStep toAll(PolicyStep step) {
        if (areAll()) {
            return step;
        }
        double largest = Arrays.stream(step.logWeights()).max().orElseThrow();
        double[] logWeights = new double[all.groups().size()];
        Arrays.fill(logWeights, LogWeights.log(0));
        for (int k = 0; k < places.length; k++) {
            logWeights[places[k]] = step.logWeights()[k] - largest;
        }
        return new PolicyStep(
                logWeights,
                toAll(step.scores()),
                toAll(step.scoreErrors()),
                step.memory(),
                step.probe(),
                step.missing());
    }

    private boolean areAll() {
        return places.length == all.groups().size();
    }

    private Mixture of(Mixture inForce) {
        double[] weights = of(inForce.weights());
        boolean some = Arrays.stream(weights).sum() > 0;
        return some ? Mixture.normalised(present.groupIds(), weights) : present.prior();
    }

    private double[] of(double[] values) {
        return IntStream.of(places).mapToDouble(j -> values[j]).toArray();
    }

    private double[][] of(double[][] rows) {
        return Arrays.stream(rows).map(this::of).toArray(double[][]::new);
    }

    private double[] toAll(double[] values) {
        double[] spread = new double[all.groups().size()];
        for (int k = 0; k < places.length; k++) {
            spread[places[k]] = values[k];
        }
        return spread;
    }

    /** Priors that sum to 1 again; caps are the guards' affair, and make room for them. */
    private List<GroupSpec> rescaled(RunSpec spec) {
        double[] priors = of(spec.prior().weights());
        return IntStream.range(0, places.length)
                .mapToObj(
                        k -> {
                            GroupSpec group = spec.groups().get(places[k]);
                            return new GroupSpec(
                                    group.id(),
                                    priors[k],
                                    group.floor(),
                                    Math.max(group.cap(), priors[k]),
                                    group.supply());
                        })
                .toList();
    }
}
