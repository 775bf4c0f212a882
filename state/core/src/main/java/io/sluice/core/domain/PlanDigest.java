package io.sluice.core.domain;

/**
 * Computes the digest of a plan. The contract defines it over the wire form, which the core does
 * not know.
 */
@FunctionalInterface
public interface PlanDigest {

    /** The digest of {@code plan}, whatever its digest field holds. */
    String of(Plan plan);
}
