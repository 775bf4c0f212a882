package io.sluice.bridge.daemon;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.TargetId;
import java.util.Map;

/**
 * Where a run's data is, as {@code GET /v1/run} tells it. The bridge does not look at it.
 *
 * @param groups per group, what the trainer's loader must know, as values that JSON has; groups
 *     that are missing here have none
 * @param targets the same per target
 */
public record RunData(
        Map<GroupId, Map<String, Object>> groups, Map<TargetId, Map<String, Object>> targets) {

    /** Says nothing of where data is. */
    public static final RunData NONE = new RunData(Map.of(), Map.of());

    public RunData {
        groups = Map.copyOf(groups);
        targets = Map.copyOf(targets);
    }
}
