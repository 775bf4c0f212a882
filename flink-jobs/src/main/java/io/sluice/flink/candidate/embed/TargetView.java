package io.sluice.flink.candidate.embed;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.score.SimilarityScorer;
import io.sluice.core.candidate.score.SimilarityScorer.Target;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Contract;
import io.sluice.schemas.TargetEmbedding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the catalogs topic says of the targets' vectors. */
final class TargetView {

    private static final Logger LOG = LoggerFactory.getLogger(TargetView.class);

    /** Most vectors of all catalogs together; each has at most 64 KiB. */
    private static final int MOST_VECTORS = 1_024;

    private final Contract contract;
    private final Map<String, TreeMap<String, Target>> catalogs = new HashMap<>();
    private final Map<String, Optional<SimilarityScorer>> scorers = new HashMap<>();
    private int vectors;

    TargetView(Contract contract) {
        this.contract = contract;
    }

    /** Takes in a record; one that breaks the rules changes nothing, for others reject it. */
    void apply(RawRecord raw) {
        try {
            if (CatalogRecords.read(raw, contract) instanceof TargetEmbedding embedding) {
                apply(embedding);
            }
        } catch (CandidateException e) {
            // The stage that reads the topic for all has rejected it.
        }
    }

    private void apply(TargetEmbedding embedding) {
        scorers.clear();
        TreeMap<String, Target> targets =
                catalogs.computeIfAbsent(embedding.getCatalog(), catalog -> new TreeMap<>());
        vectors -= targets.remove(embedding.getTarget()) == null ? 0 : 1;
        if (embedding.getVector().isEmpty()) {
            return;
        }
        if (vectors == MOST_VECTORS) {
            LOG.warn(
                    "the vector of target '{}' of catalog '{}' is left out: {} are kept at most",
                    embedding.getTarget(),
                    embedding.getCatalog(),
                    MOST_VECTORS);
            return;
        }
        float[] vector = new float[embedding.getVector().size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = embedding.getVector().get(i);
        }
        targets.put(
                embedding.getTarget(),
                new Target(embedding.getTarget(), embedding.getModel(), vector));
        vectors++;
    }

    /** Scores vectors of a model against a catalog's targets; empty where it has none. */
    Optional<SimilarityScorer> ofModel(String catalog, String model) {
        return scorer(catalog, "model " + model, target -> target.model().equals(model));
    }

    /** Scores vectors of a size against a catalog's targets; empty where it has none. */
    Optional<SimilarityScorer> ofSize(String catalog, int size) {
        return scorer(catalog, "size " + size, target -> target.vector().length == size);
    }

    private Optional<SimilarityScorer> scorer(
            String catalog, String name, Predicate<Target> fitting) {
        Map<String, Target> targets = catalogs.get(catalog);
        if (targets == null) {
            return Optional.empty();
        }
        return scorers.computeIfAbsent(
                catalog + ' ' + name,
                key -> {
                    List<Target> found = targets.values().stream().filter(fitting).toList();
                    return found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new SimilarityScorer(found));
                });
    }
}
