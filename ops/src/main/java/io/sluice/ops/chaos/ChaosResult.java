package io.sluice.ops.chaos;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * What a run of faults came to; written as JSON with these names.
 *
 * @param seed of everything that was left to chance
 * @param rows one for each fault, in the order in which they struck
 * @param recount all attempts together, counted again while nothing was under way
 * @param replayed the run's decisions, made once more from the topics when all was over
 * @param kills how often a process was killed
 * @param overheadMicros what Sluice took of the trainers' steps at the 99th percentile
 * @param steps how many steps they took
 */
public record ChaosResult(
        long seed,
        List<ChaosRow> rows,
        Count recount,
        Replayed replayed,
        int kills,
        @JsonProperty("overhead_us_p99") double overheadMicros,
        long steps) {

    /**
     * Signals by attempt, summed; and of the whole run, when it was last at rest.
     *
     * @param expected what the job says it accepted
     * @param counted what the topic holds, each once, without what was turned away
     * @param late records that came after their round was decided
     * @param total what was accepted in all attempts, told by the newest decision
     * @param lineage what was accepted in the decided rounds that survive
     */
    public record Count(long expected, long counted, long late, Range total, Range lineage) {}

    /**
     * A count of the job's, and what the topics allow (docs/chaos.md says why a range).
     *
     * @param told what the job says
     * @param least the fewest signals that the topics allow
     * @param most the most
     */
    public record Range(long told, long least, long most) {

        /** Whether the topics allow what the job says. */
        @JsonIgnore
        public boolean isSound() {
            return least <= told && told <= most;
        }

        @Override
        public String toString() {
            return least == most
                    ? told + ", and the topic holds " + least
                    : told + ", and the topic holds " + least + " to " + most;
        }
    }

    /**
     * What came of a replay.
     *
     * @param decisions recorded decisions
     * @param different those that did not come out bit for bit; the first of them ends a replay,
     *     and what was recorded after it counts as different too
     * @param first what is known of the first difference, or why there was no replay; empty when
     *     there is nothing to say
     */
    public record Replayed(int decisions, int different, @JsonIgnore String first) {

        /** Whether there were decisions, and each came out again. */
        @JsonIgnore
        public boolean isSound() {
            return decisions > 0 && different == 0;
        }

        private String text() {
            if (isSound()) {
                return decisions + " decisions, each made once more bit for bit";
            }
            return decisions == 0
                    ? "no decision was made once more: " + first
                    : Invariant.I6
                            + " is broken: "
                            + different
                            + " of "
                            + decisions
                            + " decisions did not come out again: "
                            + first;
        }
    }

    /** Whether every invariant held, the counts agree, and the replay found no difference. */
    @JsonIgnore
    public boolean isSound() {
        return recount.expected() > 0
                && recount.expected() == recount.counted()
                && recount.total().isSound()
                && recount.lineage().isSound()
                && replayed.isSound()
                && rows.stream().allMatch(ChaosRow::isSound);
    }

    /** A table for people, with what is not as it should be below. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format("seed %d%n%n", seed));
        text.append(String.format("%-6s%7s", "fault", "plan s"));
        for (Invariant invariant : Invariant.values()) {
            text.append(String.format("%8s", invariant.name()));
        }
        text.append(String.format("%10s  %s%n", "expected", "seen"));
        for (ChaosRow row : rows) {
            text.append(String.format(Locale.ROOT, "%-6s%7.1f", row.fault(), row.secondsToPlan()));
            for (Invariant invariant : Invariant.values()) {
                text.append(String.format("%8s", row.verdicts().get(invariant).word()));
            }
            text.append(String.format("%10s  %s%n", row.expected(), row.told()));
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nrecount: the job accepted %d signals, the topic holds %d without %d late"
                                + " ones; %d kills%n"
                                + "in the run the job counts %s%n"
                                + "in surviving rounds the job counts %s%n"
                                + "replay: %s%n"
                                + "Sluice's share of %d steps: %.1f us at the 99th"
                                + " percentile%n",
                        recount.expected(),
                        recount.counted(),
                        recount.late(),
                        kills,
                        recount.total(),
                        recount.lineage(),
                        replayed.text(),
                        steps,
                        overheadMicros));
        for (ChaosRow row : rows) {
            row.notes()
                    .forEach(
                            note ->
                                    text.append(row.fault())
                                            .append(": ")
                                            .append(note)
                                            .append('\n'));
        }
        return text.toString();
    }
}
