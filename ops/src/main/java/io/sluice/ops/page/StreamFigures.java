package io.sluice.ops.page;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What arrived while a run trained, at one moment.
 *
 * @param offered documents that were offered
 * @param admitted documents that were let in
 * @param rejected documents that were turned away, by reason
 * @param groups what the groups hold
 * @param junkShare share of planted junk in the bytes that were drawn, 0 to 1
 * @param plantedAdmitted planted copies of the targets' test text that were let in
 * @param lateGroup the group that appears on the way
 * @param announced step at which it was announced; empty before
 * @param lateDrawn step that first drew it; empty before
 */
public record StreamFigures(
        long offered,
        long admitted,
        Map<String, Long> rejected,
        List<Group> groups,
        double junkShare,
        long plantedAdmitted,
        String lateGroup,
        OptionalLong announced,
        OptionalLong lateDrawn) {

    /**
     * A group's supply.
     *
     * @param id the group
     * @param documents documents that were let in
     * @param tokens their tokens
     * @param tokensPerSecond tokens let in per second
     * @param turnedAway documents that were no duplicates and were not let in
     * @param drawn documents that the trainer began, repeats included
     * @param epochs how often the group was gone through; empty while it holds nothing
     * @param lastsSeconds when everything will have been drawn once, if documents go on to come and
     *     to be drawn as they do; empty where as many come
     */
    public record Group(
            String id,
            long documents,
            long tokens,
            double tokensPerSecond,
            long turnedAway,
            long drawn,
            OptionalDouble epochs,
            OptionalDouble lastsSeconds) {}

    public StreamFigures {
        rejected = new TreeMap<>(rejected);
        groups = List.copyOf(groups);
    }
}
