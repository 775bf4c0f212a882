package io.sluice.flink.mixture.decision;

import java.io.Serializable;

/** Gives every start of a controller an epoch that is greater than all before it. */
@FunctionalInterface
public interface EpochClaim extends Serializable {

    /**
     * Claims an epoch.
     *
     * @param controller names the claimant, for people
     */
    long claim(String controller) throws Exception;
}
