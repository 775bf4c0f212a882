package io.sluice.flink.candidate.dedup;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The documents that earlier lives of the job emitted after the snapshot that this life went on
 * from. They are read once per catalog, before anything of that catalog is judged.
 */
final class EmittedDocuments implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmittedDocuments.class);

    private final Contract contract;
    private final TopicLog.Reader reader;
    private final Map<Integer, Long> from;
    private final Map<Integer, Long> to;
    private final Set<String> pending = new HashSet<>();

    private Map<Integer, Long> position;

    /**
     * Finds out which catalogs there is something of.
     *
     * @param from where the snapshot says that the topic ended; empty without a snapshot, and then
     *     the whole topic counts
     * @param mine which catalogs this task judges
     */
    EmittedDocuments(
            TopicLog log,
            Contract contract,
            Optional<Map<Integer, Long>> from,
            Predicate<String> mine) {
        this.contract = contract;
        this.reader = log.open();
        this.to = reader.ends();
        this.from = from.orElseGet(reader::beginnings);
        this.position = this.from;
        reader.read(
                this.from,
                to,
                raw -> {
                    String catalog = catalog(raw);
                    if (mine.test(catalog)) {
                        pending.add(catalog);
                    }
                });
    }

    /** Hands on what was emitted of a catalog, at the first call for it. */
    void absorb(String catalog, Consumer<AdmittedDocument> documents) {
        if (!pending.contains(catalog)) {
            return;
        }
        reader.read(
                from,
                to,
                raw -> {
                    if (catalog(raw).equals(catalog)) {
                        document(raw).ifPresent(documents);
                    }
                });
        pending.remove(catalog);
    }

    /**
     * Where the next life has to read from, should it go on from the snapshot that is being taken:
     * the topic's present end, since all that was judged so far is in the snapshot. As long as a
     * catalog was not absorbed, and when the brokers do not answer, it is an earlier offset, which
     * is as good.
     */
    Map<Integer, Long> position() {
        if (pending.isEmpty()) {
            try {
                position = reader.ends();
            } catch (KafkaException e) {
                LOG.warn("the end of the documents topic is unknown: an earlier one is kept", e);
            }
        }
        return position;
    }

    private Optional<AdmittedDocument> document(RawRecord raw) {
        try {
            return CatalogRecords.decode(raw, contract) instanceof AdmittedDocument document
                    ? Optional.of(document)
                    : Optional.empty();
        } catch (CandidateException e) {
            LOG.warn(
                    "passed over what stands at {} {}: {}",
                    raw.partition(),
                    raw.offset(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static String catalog(RawRecord raw) {
        int colon = raw.key().indexOf(':');
        return colon < 0 ? raw.key() : raw.key().substring(0, colon);
    }

    @Override
    public void close() {
        reader.close();
    }
}
