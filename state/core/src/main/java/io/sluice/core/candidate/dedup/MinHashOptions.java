package io.sluice.core.candidate.dedup;

/**
 * How near duplicates are found. A stored index is good for one setting only: another one needs
 * another job that starts from the topics.
 *
 * @param shingleWords words in a shingle; fewer find more that merely resembles, more let an edit
 *     hide a copy
 * @param hashes minima in a sketch, even, 16 to 1024; the estimate's standard error at Jaccard 0.8
 *     is about {@code 0.42 / sqrt(hashes)}
 * @param bands number of bands; each costs a state access and some 25 bytes per document
 * @param rows minima in a band; two documents of Jaccard s share a band with probability {@code 1 -
 *     (1 - s^rows)^bands}
 * @param threshold estimated Jaccard from which a document is a near duplicate, in (0, 1]
 * @param seed seed of the permutations
 */
public record MinHashOptions(
        int shingleWords, int hashes, int bands, int rows, double threshold, long seed) {

    /** What is used where nothing is said. */
    public static final MinHashOptions DEFAULT = new MinHashOptions(5, 192, 8, 4, 0.75, 1);

    public MinHashOptions {
        require(
                shingleWords >= 1 && shingleWords <= 100,
                "shingle words",
                shingleWords,
                "1 to 100");
        require(
                hashes >= 16 && hashes <= 1024 && hashes % 2 == 0,
                "hashes",
                hashes,
                "16 to 1024 and even");
        require(bands >= 1 && bands <= hashes, "bands", bands, "1 to the number of hashes");
        require(
                rows >= 1 && (long) bands * rows <= hashes,
                "rows",
                rows,
                "at least 1, and bands times rows at most the number of hashes");
        require(threshold > 0 && threshold <= 1, "threshold", threshold, "above 0 and at most 1");
    }

    private static void require(boolean holds, String what, Number value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "MinHash " + what + " " + value + " is not allowed: use " + allowed);
        }
    }
}
