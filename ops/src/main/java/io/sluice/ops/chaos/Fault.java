package io.sluice.ops.chaos;

/** A row of the fault matrix (docs/chaos.md). */
interface Fault {

    /**
     * What a fault led to.
     *
     * @param endMillis when the fault was over, in milliseconds of the clock
     * @param epoch the next plan must be of a newer controller; -1 where any will do
     * @param asExpected whether what the row promises beside the invariants was seen
     * @param told what was seen, in a few words
     */
    record Outcome(long endMillis, long epoch, boolean asExpected, String told) {

        /** Over now. */
        static Outcome now(boolean asExpected, String told) {
            return new Outcome(System.currentTimeMillis(), -1, asExpected, told);
        }
    }

    /** Its name in the matrix. */
    String id();

    /** What is done, in a few words. */
    String what();

    /** Does it, and ends it. */
    Outcome strike(Scene scene) throws Exception;
}
