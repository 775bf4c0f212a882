package io.sluice.ops.bench;

import io.sluice.ops.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Documents of about 1 KB of real text, any number of them: each is made of passages from different
 * places, so that no two are alike by chance. One in ten is an earlier one with up to ten words
 * changed. Document i is a function of the seed and i, so that none need be kept.
 */
final class CandidateTexts {

    private static final int PASSAGES = 10;
    private static final int PASSAGE_WORDS = 17;
    private static final int COPIES = 10;
    private static final int MOST_EDITS = 10;

    private final String[] words;
    private final long seed;

    /**
     * @param folder holds text files, {@code *.txt} or {@code *.txt.gz}
     */
    static CandidateTexts read(Path folder, long seed) {
        List<String> words = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".txt") || name.endsWith(".txt.gz")) {
                    words(file, words);
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot read texts in " + folder + ": name a folder of .txt or .txt.gz files",
                    e);
        }
        if (words.size() < 100_000) {
            throw new UserException(
                    folder + " holds " + words.size() + " words: at least 100,000 are needed");
        }
        return new CandidateTexts(words.toArray(String[]::new), seed);
    }

    private CandidateTexts(String[] words, long seed) {
        this.words = words;
        this.seed = seed;
    }

    /** The document that document {@code i} is a changed copy of, if it is one. */
    OptionalInt original(int i) {
        if (i < COPIES || i % COPIES != COPIES - 1) {
            return OptionalInt.empty();
        }
        int earlier = random(i).nextInt(i);
        return OptionalInt.of(earlier % COPIES == COPIES - 1 ? earlier - 1 : earlier);
    }

    /** The text of document {@code i}. */
    String text(int i) {
        OptionalInt original = original(i);
        if (original.isEmpty()) {
            return String.join(" ", passages(i));
        }
        String[] copy = passages(original.getAsInt());
        SplittableRandom random = random(i).split();
        for (int edits = random.nextInt(MOST_EDITS + 1); edits > 0; edits--) {
            copy[random.nextInt(copy.length)] = words[random.nextInt(words.length)];
        }
        return String.join(" ", copy);
    }

    /** The identifier of document {@code i}. */
    static String id(int i) {
        return String.format(Locale.ROOT, "bench/%08d", i);
    }

    /** The document of an identifier. */
    static int number(String id) {
        return Integer.parseInt(id.substring("bench/".length()));
    }

    private String[] passages(int i) {
        SplittableRandom random = random(i);
        String[] text = new String[PASSAGES * PASSAGE_WORDS];
        for (int passage = 0; passage < PASSAGES; passage++) {
            int from = random.nextInt(words.length - PASSAGE_WORDS);
            System.arraycopy(words, from, text, passage * PASSAGE_WORDS, PASSAGE_WORDS);
        }
        return text;
    }

    private SplittableRandom random(int i) {
        return new SplittableRandom(seed * 1_000_003 + i);
    }

    private static void words(Path file, List<String> into) throws IOException {
        try (var bytes = Files.newInputStream(file);
                var plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                var reader =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                // A word is kept as a string of its own; what is longer is no text.
                Arrays.stream(line.strip().split("\\s+"))
                        .filter(word -> !word.isEmpty() && word.length() <= 24)
                        .forEach(into::add);
            }
        }
    }
}
