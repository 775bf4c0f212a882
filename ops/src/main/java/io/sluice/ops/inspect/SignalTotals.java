package io.sluice.ops.inspect;

import io.sluice.schemas.Decision;
import java.util.Optional;

/**
 * What a decision says of the signals of all attempts.
 *
 * @param accepted signals counted in all attempts by then
 * @param duplicates repeated signals by then
 * @param late signals that came too late by then
 * @param lineage signals counted in the decided rounds that survive
 */
public record SignalTotals(long accepted, long duplicates, long late, long lineage) {

    /** Empty for a decision of an older build, which did not tell. */
    static Optional<SignalTotals> of(Decision decision) {
        return decision.getTotalAccepted() < 0
                ? Optional.empty()
                : Optional.of(
                        new SignalTotals(
                                decision.getTotalAccepted(),
                                decision.getTotalDuplicates(),
                                decision.getTotalLate(),
                                decision.getLineage()));
    }
}
