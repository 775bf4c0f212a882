package io.sluice.core.pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far a topic was read for a pool whose groups may be full one by one. What a full group cannot
 * take is left in the topic: the group falls behind, the others are read on, and once it has room
 * again the topic is read from where it stands, for it alone.
 *
 * <p>A group takes each record once, and in the order of the topic. For one owner at a time.
 */
public final class TopicPositions {

    private final Map<Integer, Long> read;
    private final Map<String, Map<Integer, Long>> behind = new TreeMap<>();
    private final Set<String> catchingUp = new HashSet<>();

    /**
     * @param read by partition, where the next record stands
     * @param behind by group and partition, the first record that it could not take
     */
    public TopicPositions(Map<Integer, Long> read, Map<String, Map<Integer, Long>> behind) {
        this.read = new TreeMap<>(read);
        behind.forEach((group, places) -> this.behind.put(group, new HashMap<>(places)));
    }

    /** A copy that goes its own way. */
    public TopicPositions copy() {
        TopicPositions copy = new TopicPositions(read, behind);
        copy.catchingUp.addAll(catchingUp);
        return copy;
    }

    /** By partition, where the next record stands. */
    public Map<Integer, Long> read() {
        return Map.copyOf(read);
    }

    /** By group and partition, the first record that it could not take. */
    public Map<String, Map<Integer, Long>> behind() {
        Map<String, Map<Integer, Long>> copy = new TreeMap<>();
        behind.forEach((group, places) -> copy.put(group, Map.copyOf(places)));
        return copy;
    }

    /** Whether the topic is read anew for groups that fell behind. */
    public boolean isCatchingUp() {
        return !catchingUp.isEmpty();
    }

    /** Whether a group is to take a record, if it has room. */
    public boolean wants(String group, int partition, long offset) {
        Long first = behind.getOrDefault(group, Map.of()).get(partition);
        return first == null
                ? offset >= read.getOrDefault(partition, 0L)
                : catchingUp.contains(group) && offset >= first;
    }

    /** Notes that a group had no room for a record. */
    public void fellBehind(String group, int partition, long offset) {
        behind.computeIfAbsent(group, name -> new HashMap<>()).put(partition, offset);
        catchingUp.remove(group);
    }

    /** Notes that a record was offered to its group. */
    public void passed(int partition, long offset) {
        long through = read.merge(partition, offset + 1, Math::max);
        for (String group : Set.copyOf(catchingUp)) {
            Map<Integer, Long> places = behind.get(group);
            places.computeIfPresent(
                    partition,
                    (p, first) -> {
                        long reached = Math.max(first, offset + 1);
                        return reached >= through ? null : reached;
                    });
            if (places.isEmpty()) {
                behind.remove(group);
                catchingUp.remove(group);
            }
        }
    }

    /**
     * Where to read from so that these groups catch up.
     *
     * @param partitions all partitions of the topic
     * @param groups those that have room; others that fell behind stay so
     * @return a position for each partition
     */
    public Map<Integer, Long> begin(Set<Integer> partitions, Set<String> groups) {
        Map<Integer, Long> from = new TreeMap<>();
        partitions.forEach(partition -> from.put(partition, read.getOrDefault(partition, 0L)));
        catchingUp.clear();
        for (String group : groups) {
            if (behind.containsKey(group)) {
                catchingUp.add(group);
                behind.get(group)
                        .forEach((partition, first) -> from.merge(partition, first, Math::min));
            }
        }
        return from;
    }
}
