package io.sluice.ops.cli;

import io.sluice.schemas.GroupWeight;
import java.util.List;
import java.util.Map;

/** Shares of groups, as options and parameters give them. */
final class Shares {

    private Shares() {}

    /** As records hold them. */
    static List<GroupWeight> of(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .map(share -> new GroupWeight(share.getKey(), share.getValue()))
                .toList();
    }
}
