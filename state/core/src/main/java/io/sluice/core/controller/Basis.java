package io.sluice.core.controller;

/**
 * What the statistics of an attempt began with.
 *
 * @param kind where they came from
 * @param round the first round that is not in them; 0 or more
 */
public record Basis(Kind kind, long round) {

    /** Where an attempt's statistics came from. */
    public enum Kind {
        /** From nothing: the run's first attempt, or its first under this declaration. */
        NEW,
        /** From what was there: the attempt resumed after every decided round. */
        CONTINUED,
        /** From a snapshot: the attempt resumed before rounds that were decided already. */
        RETURNED,
        /** From nothing: the attempt resumed further back than snapshots reach. */
        RESET
    }
}
