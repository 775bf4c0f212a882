package io.sluice.core.policy;

import io.sluice.core.domain.GroupSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The vectors of a memory that are named by a prefix and a group's id, by group index. Groups and
 * names are in the same order, so that both are walked once: looking up ten thousand names takes
 * longer than what is done with them.
 */
final class GroupVectors {

    private final TreeMap<String, double[]> vectors;
    private final String prefix;
    private final List<GroupSpec> groups;

    /** Entries of the map itself; null where it has none. */
    private final List<Map.Entry<String, double[]>> entries;

    GroupVectors(TreeMap<String, double[]> vectors, String prefix, List<GroupSpec> groups) {
        this.vectors = vectors;
        this.prefix = prefix;
        this.groups = groups;
        this.entries = new ArrayList<>(Collections.nCopies(groups.size(), null));
        int j = 0;
        for (Map.Entry<String, double[]> entry : vectors.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                return;
            }
            String id = entry.getKey().substring(prefix.length());
            while (j < groups.size() && groups.get(j).id().value().compareTo(id) < 0) {
                j++;
            }
            if (j < groups.size() && groups.get(j).id().value().equals(id)) {
                entries.set(j, entry);
            }
        }
    }

    /** The group's vector, or {@code fallback} where it has none. */
    double[] get(int group, double[] fallback) {
        Map.Entry<String, double[]> entry = entries.get(group);
        return entry == null ? fallback : entry.getValue();
    }

    /** Gives the group a vector, in the map too; once a group. */
    void put(int group, double[] vector) {
        Map.Entry<String, double[]> entry = entries.get(group);
        if (entry == null) {
            vectors.put(prefix + groups.get(group).id(), vector);
        } else {
            entry.setValue(vector);
        }
    }
}
