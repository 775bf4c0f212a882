package io.sluice.ops.candidates;

import io.sluice.core.candidate.decontamination.Decontaminator;
import io.sluice.core.candidate.decontamination.NgramSet;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.ops.UserException;
import io.sluice.schemas.TargetFilter;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Registers the n-grams of a target's text with a catalog. */
public final class TargetProtection {

    private TargetProtection() {}

    /**
     * Registers every run of 13 words of the files' documents.
     *
     * @return how many different ones
     * @throws UserException when a file cannot be read, or holds too little or too much
     */
    public static int register(
            CatalogLog log, String catalog, String target, List<Path> files, Split split) {
        TreeSet<Long> ngrams = new TreeSet<>();
        for (Path file : files) {
            try {
                new DocumentFile(file, split)
                        .read(
                                item ->
                                        Arrays.stream(
                                                        Decontaminator.ngrams(
                                                                NormalisedText.of(text(item))))
                                                .forEach(ngrams::add));
            } catch (IOException e) {
                throw new UserException("cannot read " + file + " (" + e + ")", e);
            }
        }
        if (ngrams.isEmpty() || ngrams.size() > NgramSet.MOST) {
            throw new UserException(
                    "the files hold "
                            + ngrams.size()
                            + " runs of "
                            + Decontaminator.WORDS
                            + " words: 1 to "
                            + NgramSet.MOST
                            + " can be registered for a target");
        }
        send(log, catalog, target, ngrams.stream().mapToLong(Long::longValue).toArray());
        return ngrams.size();
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

    private static String text(DocumentFile.Item item) {
        return new String(item.text(), StandardCharsets.UTF_8);
    }
}
