package io.sluice.flink.candidate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The numbers of the candidate job that a person may set, each with its default. */
public enum CandidateSetting {
    SHINGLE_WORDS(
            5,
            "words in a shingle; fewer find what merely resembles, more let an edit hide a copy"),
    HASHES(
            192,
            "minima in a sketch; half a byte each per document, and the estimate's error falls with"
                    + " their square root"),
    BANDS(8, "bands; more find more, and cost a state access and some 25 bytes per document each"),
    ROWS(4, "minima in a band; more keep chance meetings away, and miss more near duplicates"),
    NEAR(0.75, "estimated Jaccard similarity from which a document is a near duplicate"),
    OVERLAP(1, "runs of 13 words shared with a target from which a document is kept out"),
    FILTER_NGRAMS(
            5e6,
            "runs of 13 words of all targets that a task keeps in memory, some 40 bytes each; a part"
                    + " of a filter beyond them is rejected, and what it holds is not kept out"),
    WANTED_TOKENS(
            1e11,
            "tokens that a run draws of the catalog from its start to its end; a group is full when"
                    + " it holds its share of those still to be drawn, and takes ever better"
                    + " documents as it fills"),
    UNPLANNED_SHARE(
            0.01, "share of a group that no plan draws, as one that is yet to come into a mixture"),
    KEEP_SHARE(0.5, "share of the documents, the best, that a nearly full group still takes"),
    WARM_UP_DOCUMENTS(100, "documents of a group that are let in before scores are compared"),
    LEAST_SCORE(
            0.05,
            "score below which no document is let in, however much its group needs; 0 leaves all to"
                    + " the ranks"),
    WEIGHT_SPREAD(0.5, "how far the weight of a group's worst and best document lies from 1"),
    REMEMBER_DAYS(
            90, "days for which documents are remembered; a duplicate that comes later is let in"),
    SUPPLY_SECONDS(10, "seconds between two supply records of a group that changes"),
    SCORER_SHARE(
            0.01,
            "share of the documents, chosen by their identifiers, that the embedding model is asked"
                    + " about; a core does some tens a second"),
    SCORER_BATCH(
            16,
            "most documents that the model is asked about at once; with 1 a quantised model's scores"
                    + " are the same in every life of the job"),
    SCORER_WAIT_MILLIS(20, "milliseconds that an incomplete batch waits for more documents"),
    SCORER_THREADS(1, "threads that a batch is computed with"),
    SCORER_TIMEOUT_SECONDS(
            30,
            "seconds after which a document goes on without the model's answer, and is counted");

    private final double fallback;
    private final String description;

    CandidateSetting(double fallback, String description) {
        this.fallback = fallback;
        this.description = description;
    }

    /** The name by which it is set, as {@code shingle-words}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its value where nothing is said. */
    public double fallback() {
        return fallback;
    }

    /** What it does, and what goes wrong when it is too small or too large. */
    public String description() {
        return description;
    }

    /**
     * The setting of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    static CandidateSetting of(String key) {
        Optional<CandidateSetting> found =
                Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
        return found.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "the candidate job has no setting '"
                                        + key
                                        + "': use one of "
                                        + Arrays.stream(values())
                                                .map(CandidateSetting::key)
                                                .collect(Collectors.joining(", "))));
    }
}
