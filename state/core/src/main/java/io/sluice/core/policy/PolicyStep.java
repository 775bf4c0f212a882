package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.TargetId;
import java.util.Optional;

/**
 * A policy's answer.
 *
 * @param logWeights logarithms of the proposed weights, up to a constant, by group index; finite
 * @param scores the score of each group that led there, for people: positive means more of it
 * @param scoreErrors one standard error of each score, 0 where the policy has none
 * @param memory what the policy wants to see next time
 * @param probe whether the mixture is to be measured rather than trained on: guards hold it to its
 *     bounds and leave it where it is within them
 * @param missing a target whose held-out loss the policy cannot go on without: the round is then
 *     held, whatever is proposed, and the memory is kept
 */
public record PolicyStep(
        double[] logWeights,
        double[] scores,
        double[] scoreErrors,
        PolicyMemory memory,
        boolean probe,
        Optional<TargetId> missing) {

    /** A mixture to train on. */
    public PolicyStep(
            double[] logWeights, double[] scores, double[] scoreErrors, PolicyMemory memory) {
        this(logWeights, scores, scoreErrors, memory, false, Optional.empty());
    }

    /** The same, to be measured. */
    PolicyStep asProbe() {
        return new PolicyStep(logWeights, scores, scoreErrors, memory, true, missing);
    }

    /** The same, without the held-out loss of this target. */
    PolicyStep lacking(TargetId target) {
        return new PolicyStep(logWeights, scores, scoreErrors, memory, probe, Optional.of(target));
    }

    /** The same with another memory. */
    PolicyStep withMemory(PolicyMemory value) {
        return new PolicyStep(logWeights, scores, scoreErrors, value, probe, missing);
    }

    /** Proposes these weights; scores have no errors. */
    static PolicyStep weights(double[] weights, double[] scores, PolicyMemory memory) {
        double[] logWeights = new double[weights.length];
        for (int j = 0; j < weights.length; j++) {
            logWeights[j] = LogWeights.log(weights[j]);
        }
        return new PolicyStep(logWeights, scores, new double[weights.length], memory);
    }

    /** Proposes the mixture in force. */
    static PolicyStep stay(Mixture inForce, PolicyMemory memory) {
        return weights(inForce.weights(), new double[inForce.size()], memory);
    }

    /** Proposes {@code w exp(eta score)}, the mirror step; scores have no errors. */
    static PolicyStep mirror(Mixture inForce, double eta, double[] scores, PolicyMemory memory) {
        return mirror(inForce, eta, scores, new double[scores.length], memory);
    }

    /** Proposes {@code w exp(eta score)}, the mirror step. */
    static PolicyStep mirror(
            Mixture inForce, double eta, double[] scores, double[] errors, PolicyMemory memory) {
        double[] logWeights = new double[scores.length];
        for (int j = 0; j < scores.length; j++) {
            logWeights[j] = LogWeights.log(inForce.weight(j)) + eta * scores[j];
        }
        return new PolicyStep(logWeights, scores, errors, memory);
    }
}
