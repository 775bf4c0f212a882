package io.sluice.ops.inspect;

import io.sluice.schemas.RejectReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where every run stands.
 *
 * @param asOf when the log was read
 * @param runs the runs, by name
 * @param otherRejects records turned away that belong to none of these runs, by reason
 * @param leftOut records of further runs, of which there are too many to show
 * @param skipped records that are not what the contract says
 */
public record StatusView(
        Instant asOf,
        List<RunView> runs,
        Map<RejectReason, Long> otherRejects,
        long leftOut,
        long skipped) {}
