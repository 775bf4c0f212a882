package io.sluice.core.controller;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Influence;
import java.util.Arrays;
import java.util.Optional;

/** Makes what a policy asked of a round's sketches of the round's scalars. */
final class RoundGeometry {

    private final int n;
    private final GroupGradient[] gradients;

    private RoundGeometry(RoundResult round, RunSpec spec) {
        n = spec.targets().size();
        gradients = new GroupGradient[spec.groups().size()];
        for (GroupRound group : round.groups()) {
            if (!EvidenceGuard.isThin(group, spec)) {
                gradients[group.index()] = group.gradient().orElseThrow();
            }
        }
    }

    /** What was asked for; empty where nothing was, or a target is thin. */
    static Optional<RoundSnapshot.Geometry> of(RoundResult round, RunSpec spec) {
        SketchWork work = SketchWork.of(spec.policy());
        if (!work.isAny() || EvidenceGuard.thinTarget(round, spec).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new RoundGeometry(round, spec).geometry(work));
    }

    private RoundSnapshot.Geometry geometry(SketchWork work) {
        int m = gradients.length;
        boolean[] measured = new boolean[m];
        double[][] influence = new double[work.asksForInfluence() ? n : 0][m];
        double[][] variance = new double[influence.length][m];
        double[][] gram = new double[work.gram() ? m : 0][m];
        for (int j = 0; j < m; j++) {
            measured[j] = isWhole(j, work);
            for (int i = 0; measured[j] && i < influence.length; i++) {
                Influence on = gradients[j].influence().orElseThrow();
                influence[i][j] = clip(on.cosine()[i]);
                variance[i][j] = Math.min(on.variance()[i], 1);
            }
            for (int k = 0; measured[j] && k < gram.length && k <= j; k++) {
                gram[j][k] = measured[k] ? cosine(j, k) : 0;
                gram[k][j] = gram[j][k];
            }
        }
        return new RoundSnapshot.Geometry(measured, influence, variance, gram);
    }

    /** Whether all that was asked for is there; rounds reduced for less have it not. */
    private boolean isWhole(int j, SketchWork work) {
        if (gradients[j] == null || (work.gram() && gradients[j].products().isEmpty())) {
            return false;
        }
        double norm = gradients[j].squaredNorm().pooled();
        return norm > 0
                && norm < Double.POSITIVE_INFINITY
                && (!work.asksForInfluence()
                        || gradients[j].influence().map(RoundGeometry::isFinite).orElse(false));
    }

    private static boolean isFinite(Influence influence) {
        return Arrays.stream(influence.cosine()).allMatch(Double::isFinite);
    }

    /** Unbiased product over pooled norms; on the diagonal from the two halves. */
    private double cosine(int j, int k) {
        double own = gradients[j].squaredNorm().pooled();
        if (j == k) {
            return clip(gradients[j].squaredNorm().unbiased() / own);
        }
        double norms = Math.sqrt(own) * Math.sqrt(gradients[k].squaredNorm().pooled());
        return clip(gradients[j].products().orElseThrow()[k] / norms);
    }

    private static double clip(double cosine) {
        return Math.min(1, Math.max(-1, cosine));
    }
}
