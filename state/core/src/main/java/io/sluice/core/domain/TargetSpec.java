package io.sluice.core.domain;

/**
 * One target of a run.
 *
 * @param id the target
 * @param weight its weight among the targets, positive; the weights of a run sum to 1
 */
public record TargetSpec(TargetId id, double weight) {

    public TargetSpec {
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException(
                    "target " + id + ": weight " + weight + " is not in (0, 1]");
        }
    }
}
