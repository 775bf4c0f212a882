package io.sluice.core.domain;

import java.util.OptionalDouble;

/**
 * One target of a run.
 *
 * @param id the target
 * @param weight its weight among the targets, positive; the weights of a run sum to 1
 * @param ceiling the loss in nats per token that it is to stay below, positive; empty when any is
 *     allowed
 */
public record TargetSpec(TargetId id, double weight, OptionalDouble ceiling) {

    /** A target without a ceiling. */
    public TargetSpec(TargetId id, double weight) {
        this(id, weight, OptionalDouble.empty());
    }

    public TargetSpec {
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException(
                    "target " + id + ": weight " + weight + " is not in (0, 1]");
        }
        if (ceiling.isPresent() && !(ceiling.getAsDouble() > 0 && ceiling.getAsDouble() <= 1e6)) {
            throw new IllegalArgumentException(
                    "target "
                            + id
                            + ": ceiling "
                            + ceiling.getAsDouble()
                            + " is not in (0, 1e6] nats");
        }
    }
}
