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

/**
 * What the catalogs topic says of groups and filters. It is bounded: what does not fit is refused,
 * and whoever asks for the refusals is to reject it.
 */
final class CatalogView {

    /** Most groups of all catalogs together; each takes up to some 3 KiB. */
    static final int MOST_GROUPS = 100_000;

    private static final int MOST_REFUSALS = 1_000;

    private final Contract contract;
    private final int overlap;
    private final long mostNgrams;
    private final Map<String, Catalog> catalogs = new HashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private long ngrams;
    private int groups;

    /**
     * @param overlap shared n-grams from which a document is kept out
     * @param mostNgrams n-grams of all filters together
     */
    CatalogView(Contract contract, int overlap, long mostNgrams) {
        this.contract = contract;
        this.overlap = overlap;
        this.mostNgrams = mostNgrams;
    }

    /**
     * A record that there was no room for.
     *
     * @param raw the record
     * @param why what it was too much for
     */
    record Refusal(RawRecord raw, CandidateException why) {}

    /** What was refused since the last call. */
    List<Refusal> takeRefusals() {
        if (refusals.isEmpty()) {
            return List.of();
        }
        List<Refusal> taken = List.copyOf(refusals);
        refusals.clear();
        return taken;
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
        try {
            if (value instanceof CatalogGroup group) {
                apply(group);
            } else if (value instanceof TargetFilter filter) {
                apply(filter);
            }
        } catch (CandidateException e) {
            if (refusals.size() < MOST_REFUSALS) {
                refusals.add(new Refusal(raw, e));
            }
        }
    }

    private void apply(CatalogGroup group) throws CandidateException {
        Catalog catalog = catalog(group.getCatalog());
        if (!catalog.groups.containsKey(group.getGroup())) {
            if (groups == MOST_GROUPS) {
                throw new CandidateException(
                        Reason.TOO_LARGE,
                        "group '"
                                + group.getGroup()
                                + "' is one too many: the job knows "
                                + MOST_GROUPS);
            }
            groups++;
        }
        catalog.groups.put(group.getGroup(), group);
    }

    private void apply(TargetFilter filter) throws CandidateException {
        Catalog catalog = catalog(filter.getCatalog());
        TreeMap<Integer, long[]> parts =
                catalog.filters.computeIfAbsent(filter.getTarget(), target -> new TreeMap<>());
        long[] before = parts.getOrDefault(filter.getPart(), new long[0]);
        long[] now = new long[filter.getNgrams().remaining() / Long.BYTES];
        if (ngrams - before.length + now.length > mostNgrams) {
            throw new CandidateException(
                    Reason.TOO_LARGE,
                    "ngrams: with part "
                            + filter.getPart()
                            + " of target '"
                            + filter.getTarget()
                            + "' the job would keep more than filter-ngrams = "
                            + mostNgrams
                            + " in memory; what it holds is not kept out");
        }
        filter.getNgrams().asLongBuffer().get(now);
        ngrams += now.length - before.length;
        parts.put(filter.getPart(), now);
        catalog.decontaminator = Optional.empty();
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
                    (target, parts) ->
                            sets.put(target, NgramSet.of(new ArrayList<>(parts.values()))));
            known.decontaminator = Optional.of(new Decontaminator(sets, overlap));
        }
        return known.decontaminator.get();
    }

    private Catalog catalog(String name) {
        return catalogs.computeIfAbsent(name, key -> new Catalog());
    }
}
