package io.sluice.ops.candidates;

import io.sluice.core.candidate.decontamination.Decontaminator;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.ops.UserException;
import io.sluice.schemas.TargetFilter;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** Registers the n-grams of a target's text with a catalog. */
public final class TargetProtection {

    /** Most n-grams of a target. */
    private static final int MOST = CatalogRecords.MAX_PARTS * CatalogRecords.MAX_PART;

    private TargetProtection() {}

    /**
     * What was registered.
     *
     * @param ngrams how many different runs of 13 words
     * @param tooShort documents with fewer words, which nothing protects
     */
    public record Registered(int ngrams, long tooShort) {}

    /**
     * Registers every run of 13 words of the files' documents; nothing when there is a document
     * that cannot be read whole.
     *
     * @throws UserException when a file or one of its documents cannot be read, or they hold too
     *     little or too much
     */
    public static Registered register(
            CatalogLog log, String catalog, String target, List<Path> files, Split split) {
        TreeSet<Long> ngrams = new TreeSet<>();
        AtomicLong tooShort = new AtomicLong();
        TargetTexts.read(
                files,
                split,
                text -> {
                    long[] more = Decontaminator.ngrams(NormalisedText.of(text));
                    tooShort.addAndGet(more.length == 0 ? 1 : 0);
                    Arrays.stream(more).forEach(ngrams::add);
                    requireFits(ngrams);
                });
        if (ngrams.isEmpty()) {
            throw new UserException(
                    "no document of the files holds "
                            + Decontaminator.WORDS
                            + " words: there is nothing to register");
        }
        send(log, catalog, target, ngrams.stream().mapToLong(Long::longValue).toArray());
        return new Registered(ngrams.size(), tooShort.get());
    }

    private static void requireFits(TreeSet<Long> ngrams) {
        if (ngrams.size() > MOST) {
            throw new UserException(
                    "the files hold more than "
                            + MOST
                            + " runs of "
                            + Decontaminator.WORDS
                            + " words: register them as several targets");
        }
    }

    private static void send(CatalogLog log, String catalog, String target, long[] ngrams) {
        int part = 0;
        for (int from = 0; from < ngrams.length; from += CatalogRecords.MAX_PART) {
            int to = Math.min(ngrams.length, from + CatalogRecords.MAX_PART);
            ByteBuffer bytes = ByteBuffer.allocate((to - from) * Long.BYTES);
            bytes.asLongBuffer().put(ngrams, from, to - from);
            log.send(
                    Topic.CATALOGS,
                    catalog,
                    new TargetFilter(catalog, target, Decontaminator.WORDS, part++, bytes));
        }
        log.flush();
    }
}
