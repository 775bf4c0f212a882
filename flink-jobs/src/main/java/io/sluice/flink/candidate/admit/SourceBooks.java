package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.admission.Admitted;
import io.sluice.core.candidate.admission.SourceStock;
import io.sluice.core.sketch.Hashes;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.AdmittedLayout;
import io.sluice.state.flink.layout.SourceStockLayout;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** What a group holds of each source, and of each document, for the day that it is removed. */
final class SourceBooks {

    private static final long TTL_ENTRIES = 1_000;

    private final MapState<Long, Admitted> documents;
    private final MapState<String, SourceStock> sources;
    private final ValueState<Integer> count;

    /**
     * @param remember how long documents are remembered; later they are removed with their source
     *     only
     */
    SourceBooks(RuntimeContext context, Duration remember) {
        MapStateDescriptor<Long, Admitted> descriptor =
                new MapStateDescriptor<>(
                        "documents", Types.LONG, LayoutType.of(AdmittedLayout.INSTANCE));
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(remember)
                        .cleanupInRocksdbCompactFilter(TTL_ENTRIES)
                        .build());
        documents = context.getMapState(descriptor);
        sources =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "sources",
                                Types.STRING,
                                LayoutType.of(SourceStockLayout.INSTANCE)));
        count = context.getState(new ValueStateDescriptor<>("source-count", Types.INT));
    }

    /**
     * What was removed.
     *
     * @param documents how many documents
     * @param tokens how many tokens they had
     */
    record Removed(long documents, long tokens) {

        private static final Removed NOTHING = new Removed(0, 0);
    }

    /** A document was let in. */
    void add(Candidate candidate) throws Exception {
        SourceStock source = sources.get(candidate.source());
        if (source == null) {
            Integer numbers = count.value();
            int number = numbers == null ? 0 : numbers;
            count.update(number + 1);
            source = new SourceStock(number, 0, 0);
        }
        sources.put(candidate.source(), source.add(candidate.tokens()));
        documents.put(
                Hashes.hash(candidate.id()), new Admitted(source.number(), candidate.tokens()));
    }

    /** Removes a document, if it was let in. */
    Removed removeDocument(String id) throws Exception {
        long key = Hashes.hash(id);
        Admitted document = documents.get(key);
        if (document == null) {
            return Removed.NOTHING;
        }
        documents.remove(key);
        for (Map.Entry<String, SourceStock> source : sources.entries()) {
            if (source.getValue().number() == document.source()) {
                sources.put(source.getKey(), source.getValue().remove(document.tokens()));
                return new Removed(1, document.tokens());
            }
        }
        // It went with its source, whose number nobody has any more.
        return Removed.NOTHING;
    }

    /** Removes all that was let in of a source so far. */
    Removed removeSource(String source) throws Exception {
        SourceStock stock = sources.get(source);
        if (stock == null) {
            return Removed.NOTHING;
        }
        sources.remove(source);
        return new Removed(stock.documents(), stock.tokens());
    }
}
