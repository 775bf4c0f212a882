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
 * @param kills how often a process was killed
 * @param overheadMicros what Sluice took of the trainers' steps at the 99th percentile
 * @param steps how many steps they took
 */
public record ChaosResult(
        long seed,
        List<ChaosRow> rows,
        Count recount,
        int kills,
        @JsonProperty("overhead_us_p99") double overheadMicros,
        long steps) {

    /**
     * Signals by attempt, summed.
     *
     * @param expected what the job says it accepted
     * @param counted what the topic holds, each once, without what was turned away
     * @param late records that came after their round was decided
     */
    public record Count(long expected, long counted, long late) {}

    /** Whether every invariant held, and the counts agree. */
    @JsonIgnore
    public boolean isSound() {
        return recount.expected() > 0
                && recount.expected() == recount.counted()
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
                                + " ones; %d kills%nSluice's share of %d steps: %.1f us at the 99th"
                                + " percentile%n",
                        recount.expected(),
                        recount.counted(),
                        recount.late(),
                        kills,
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
