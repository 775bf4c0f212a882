package io.sluice.ops.chaos;

import io.sluice.ops.chaos.ChaosRow.Verdict;

/** A row of the fault matrix (docs/chaos.md). */
interface Fault {

    /**
     * What a fault led to.
     *
     * @param endMillis when the fault was over, in milliseconds of the clock
     * @param epoch the next plan must be of a newer controller; -1 where any will do
     * @param expected whether what the row promises beside the invariants was seen; not applicable
     *     where it promises nothing
     * @param told what was seen, in a few words
     */
    record Outcome(long endMillis, long epoch, Verdict expected, String told) {

        Outcome(long endMillis, long epoch, boolean asExpected, String told) {
            this(endMillis, epoch, asExpected ? Verdict.HELD : Verdict.BROKEN, told);
        }

        /** Over now. */
        static Outcome now(boolean asExpected, String told) {
            return new Outcome(System.currentTimeMillis(), -1, asExpected, told);
        }

        /** Over now, where nothing is promised beside the invariants. */
        static Outcome promisingNothing(String told) {
            return new Outcome(System.currentTimeMillis(), -1, Verdict.NOT_APPLICABLE, told);
        }
    }

    /** Its name in the matrix. */
    String id();

    /** What is done, in a few words. */
    String what();

    /** Does it, and ends it. */
    Outcome strike(Scene scene) throws Exception;
}
