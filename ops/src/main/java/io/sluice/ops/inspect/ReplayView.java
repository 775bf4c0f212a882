package io.sluice.ops.inspect;

import java.util.Optional;

/**
 * What came of making a run's decisions once more.
 *
 * @param run the run
 * @param recorded decisions in the log
 * @param same decisions that were made once more, the same to the last bit
 * @param plans those of them that made a plan
 * @param skipped records that do not fit the contract; the job turned them away as well
 * @param difference the first decision that was not the same; absent when all were
 */
public record ReplayView(
        String run,
        int recorded,
        int same,
        int plans,
        long skipped,
        Optional<Difference> difference) {

    /**
     * A decision that was not the same, or could not be made.
     *
     * @param attempt its attempt
     * @param round its round
     * @param epoch the epoch of the controller that made it
     * @param reason a sentence
     * @param field the first field that differs, with both values; absent when it was not made
     */
    public record Difference(
            long attempt, long round, long epoch, String reason, Optional<String> field) {}

    /** One or a few lines for people. */
    public String text() {
        String made =
                String.format(
                        "%s: %,d decisions with %,d plans, all bit-identical%n", run, same, plans);
        if (difference.isEmpty()) {
            return made;
        }
        Difference at = difference.get();
        return made
                + String.format(
                        "then attempt %d, round %d, epoch %d: %s%n",
                        at.attempt(), at.round(), at.epoch(), at.reason())
                + at.field().map(field -> "  " + field + System.lineSeparator()).orElse("")
                + String.format(
                        "%,d of %,d decisions were not looked at%n", recorded - same - 1, recorded);
    }
}
