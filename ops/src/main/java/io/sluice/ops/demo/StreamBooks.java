package io.sluice.ops.demo;

import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.bridge.pool.PooledDocument;
import io.sluice.core.candidate.supply.SupplyForecast;
import io.sluice.core.domain.GroupId;
import io.sluice.ops.demo.StreamItem.Kind;
import io.sluice.ops.page.StreamFigures;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.GroupSupply;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;

/** What became of everything that was offered in the streaming demo, by kind. Thread-safe. */
final class StreamBooks {

    private final String lateGroup;
    private final long roundSteps;
    private final Map<Kind, Long> offered = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> admitted = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> drawnBytes = new EnumMap<>(Kind.class);
    private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    private final Map<String, Long> drawnDocuments = new TreeMap<>();
    private final Map<String, Long> drawnTokens = new TreeMap<>();
    private final Map<String, GroupSupply> supplies = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private OptionalLong announced = OptionalLong.empty();
    private OptionalLong lateDrawn = OptionalLong.empty();
    private final LongSupplier nanoTime;
    private OptionalLong drawnSince = OptionalLong.empty();
    private long repeats;
    private long nothing;

    /**
     * @param lateGroup the group that appears on the way
     * @param roundSteps steps of a round
     * @param nanoTime a clock
     */
    StreamBooks(String lateGroup, long roundSteps, LongSupplier nanoTime) {
        this.lateGroup = lateGroup;
        this.roundSteps = roundSteps;
        this.nanoTime = nanoTime;
    }

    /** A document was offered. */
    synchronized void offered(Kind kind) {
        offered.merge(kind, 1L, Long::sum);
    }

    /** The late group was announced while a step was under way. */
    synchronized void announced(long step) {
        announced = OptionalLong.of(step);
    }

    /** The candidate job said something. */
    synchronized void heard(SpecificRecord record) {
        if (record instanceof AdmittedDocument document && seen.add(document.getId())) {
            admitted.merge(Kind.of(document.getId()), 1L, Long::sum);
        } else if (record instanceof GroupSupply supply) {
            supplies.merge(
                    supply.getGroup(),
                    supply,
                    (old, now) -> now.getVersion() >= old.getVersion() ? now : old);
        } else if (record instanceof Rejected refused && isCandidate(refused)) {
            rejected.merge(refused.getReason(), 1L, Long::sum);
        }
    }

    /** Whether a record that was turned away was a candidate. */
    static boolean isCandidate(Rejected refused) {
        return refused.getTopic().equals(Topic.CANDIDATES.name(Topic.DEFAULT_PREFIX));
    }

    /** The trainer began a document. */
    synchronized void drawn(long step, GroupId group, DrawnDocument drawn) {
        PooledDocument document = drawn.document().orElseThrow();
        long bytes = document.text().length;
        if (drawnSince.isEmpty()) {
            drawnSince = OptionalLong.of(nanoTime.getAsLong());
        }
        drawnBytes.merge(Kind.of(document.id()), bytes, Long::sum);
        drawnTokens.merge(group.value(), bytes, Long::sum);
        drawnDocuments.merge(group.value(), 1L, Long::sum);
        repeats += drawn.pass() > 0 ? 1 : 0;
        if (group.value().equals(lateGroup) && lateDrawn.isEmpty()) {
            lateDrawn = OptionalLong.of(step);
        }
    }

    /** A draw found no document. */
    synchronized void nothing() {
        nothing++;
    }

    /** Documents that were let in or turned away. */
    synchronized long judged() {
        return sum(admitted) + sum(rejected);
    }

    /** Documents that were let in. */
    synchronized long admitted() {
        return sum(admitted);
    }

    synchronized DemoSummary.Stream summary() {
        return new DemoSummary.Stream(
                named(offered),
                named(admitted),
                named(rejected),
                junkShare(),
                admitted.getOrDefault(Kind.TEST, 0L),
                lateGroup,
                orNull(announced),
                orNull(lateDrawn),
                roundsToDraw(),
                repeats,
                nothing);
    }

    synchronized StreamFigures figures() {
        Map<String, Long> reasons = named(rejected);
        List<StreamFigures.Group> groups = supplies.values().stream().map(this::group).toList();
        return new StreamFigures(
                sum(offered),
                sum(admitted),
                reasons,
                groups,
                junkShare(),
                admitted.getOrDefault(Kind.TEST, 0L),
                lateGroup,
                announced,
                lateDrawn);
    }

    private StreamFigures.Group group(GroupSupply supply) {
        String id = supply.getGroup();
        SupplyForecast forecast =
                new SupplyForecast(
                        supply.getUniqueTokens(),
                        drawnTokens.getOrDefault(id, 0L),
                        supply.getTokensPerSecond());
        return new StreamFigures.Group(
                id,
                supply.getDocuments(),
                supply.getUniqueTokens(),
                supply.getTokensPerSecond(),
                supply.getTurnedAway(),
                drawnDocuments.getOrDefault(id, 0L),
                forecast.epochs(),
                forecast.timeUntil(1, drawsPerSecond(id)));
    }

    /** On average since the first draw of any group. */
    private double drawsPerSecond(String group) {
        long nanos = drawnSince.isEmpty() ? 0 : nanoTime.getAsLong() - drawnSince.getAsLong();
        return nanos <= 0 ? 0 : drawnTokens.getOrDefault(group, 0L) / (nanos / 1e9);
    }

    private double junkShare() {
        long all = sum(drawnBytes);
        return all == 0 ? 0 : (double) drawnBytes.getOrDefault(Kind.JUNK, 0L) / all;
    }

    /** Rounds from the one in which the late group was announced to its first draw. */
    private Long roundsToDraw() {
        return announced.isEmpty() || lateDrawn.isEmpty()
                ? null
                : lateDrawn.getAsLong() / roundSteps - announced.getAsLong() / roundSteps;
    }

    private static Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> named(Map<? extends Enum<?>, Long> counts) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((key, count) -> named.put(key.name(), count));
        return named;
    }
}
