package io.sluice.flink.candidate.validate;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.decontamination.Decontaminator;
import io.sluice.core.candidate.decontamination.NgramSet;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.TargetFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** What the catalogs topic says of groups and filters. */
final class CatalogView {

    private final Contract contract;
    private final int overlap;
    private final Map<String, Catalog> catalogs = new HashMap<>();

    CatalogView(Contract contract, int overlap) {
        this.contract = contract;
        this.overlap = overlap;
    }

    private static final class Catalog {
        private final Map<String, CatalogGroup> groups = new HashMap<>();
        private final Map<String, TreeMap<Integer, long[]>> filters = new TreeMap<>();
        private Optional<Decontaminator> decontaminator = Optional.empty();
    }

    /** Takes in a record; one that breaks the rules changes nothing, for others reject it. */
    void apply(RawRecord raw) {
        SpecificRecord value;
        try {
            value = CatalogRecords.read(raw, contract);
        } catch (CandidateException e) {
            return;
        }
        if (value instanceof CatalogGroup group) {
            catalog(group.getCatalog()).groups.put(group.getGroup(), group);
        } else if (value instanceof TargetFilter filter) {
            Catalog catalog = catalog(filter.getCatalog());
            long[] ngrams = new long[filter.getNgrams().remaining() / Long.BYTES];
            filter.getNgrams().asLongBuffer().get(ngrams);
            catalog.filters
                    .computeIfAbsent(filter.getTarget(), target -> new TreeMap<>())
                    .put(filter.getPart(), ngrams);
            catalog.decontaminator = Optional.empty();
        }
    }

    /** Whether a group was announced. */
    boolean knows(String catalog, String group) {
        Catalog known = catalogs.get(catalog);
        return known != null && known.groups.containsKey(group);
    }

    /**
     * Checks that a group takes a document.
     *
     * @param embedding numbers of the document's embedding
     * @throws CandidateException when it does not
     */
    void requireOpen(String catalog, String group, int embedding) throws CandidateException {
        Catalog known = catalogs.get(catalog);
        if (known == null) {
            throw new CandidateException(
                    Reason.UNKNOWN_CATALOG, "catalog '" + catalog + "' was never announced");
        }
        CatalogGroup announced = known.groups.get(group);
        if (announced == null) {
            throw new CandidateException(
                    Reason.UNKNOWN_GROUP,
                    "group '" + group + "' was never announced in catalog '" + catalog + "'");
        }
        if (announced.getState() != CatalogGroupState.ACTIVE) {
            throw new CandidateException(
                    Reason.EXCLUDED_GROUP,
                    "group '" + group + "' is " + announced.getState() + ": " + announced.getWhy());
        }
        if (embedding > 0 && embedding != announced.getEmbeddingSize()) {
            throw new CandidateException(
                    Reason.WRONG_VECTOR,
                    "embedding has "
                            + embedding
                            + " numbers: group '"
                            + group
                            + "' declares "
                            + announced.getEmbeddingSize());
        }
    }

    /** The filters of a catalog that was announced. */
    Decontaminator decontaminator(String catalog) {
        Catalog known = catalogs.get(catalog);
        if (known.decontaminator.isEmpty()) {
            Map<String, NgramSet> sets = new TreeMap<>();
            known.filters.forEach(
                    (target, parts) -> {
                        List<long[]> ngrams = new ArrayList<>(parts.values());
                        sets.put(target, NgramSet.of(ngrams));
                    });
            known.decontaminator = Optional.of(new Decontaminator(sets, overlap));
        }
        return known.decontaminator.get();
    }

    private Catalog catalog(String name) {
        return catalogs.computeIfAbsent(name, key -> new Catalog());
    }
}
