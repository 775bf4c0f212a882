package io.sluice.core.candidate.text;

import io.sluice.core.sketch.Hashes;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text as its words: NFKC, lower case, runs of letters, marks and digits; everything else
 * separates. In scripts that are written without spaces each character is a word of its own.
 *
 * <p>So two texts that differ in case, spacing, punctuation or markup signs only are the same.
 */
public final class NormalisedText {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /** Below this code point no script is written without spaces. */
    private static final int FIRST_UNSPACED = 0x0E00;

    /** A space, and the two halves of a code point. */
    private static final int MOST_CHARACTERS = 3;

    /** Latin letters, which most of most texts are, are looked up. */
    private static final int FEW = 0x0250;

    private static final char[] LOWER_CASE = lowerCase();

    private final String text;
    private final long[] words;

    private NormalisedText(String text, long[] words) {
        this.text = text;
        this.words = words;
    }

    /** The words of {@code raw}. */
    public static NormalisedText of(String raw) {
        String folded =
                isAscii(raw) || Normalizer.isNormalized(raw, Normalizer.Form.NFKC)
                        ? raw
                        : Normalizer.normalize(raw, Normalizer.Form.NFKC);
        Builder builder = new Builder(folded.length());
        int next;
        for (int i = 0; i < folded.length(); i = next) {
            int point = folded.codePointAt(i);
            next = i + Character.charCount(point);
            builder.add(point);
        }
        return builder.build();
    }

    /** Such text is its own normal form, and most text is such. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** The words with one space between. */
    public String text() {
        return text;
    }

    /** Number of words. */
    public int size() {
        return words.length;
    }

    /** The words' 64-bit hashes, in order. */
    public long[] words() {
        return words.clone();
    }

    /** The hash by which exact duplicates are found. */
    public ContentHash contentHash() {
        return ContentHash.of(text);
    }

    /**
     * Hashes of every run of {@code n} words, in order; empty when there are fewer words.
     *
     * @param n at least 1
     */
    public long[] ngrams(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("n-grams of " + n + " words: use at least 1");
        }
        if (words.length < n) {
            return new long[0];
        }
        long drop = 1;
        for (int i = 0; i < n; i++) {
            drop *= Hashes.GOLDEN;
        }
        long[] ngrams = new long[words.length - n + 1];
        long rolling = 0;
        for (int i = 0; i < words.length; i++) {
            rolling = rolling * Hashes.GOLDEN + words[i];
            if (i >= n) {
                rolling -= words[i - n] * drop;
            }
            if (i >= n - 1) {
                ngrams[i - n + 1] = Hashes.fin(rolling);
            }
        }
        return ngrams;
    }

    private static final class Builder {

        private char[] text;
        private int length;
        private long[] words = new long[64];
        private int size;
        private long hash = OFFSET;
        private boolean inWord;

        Builder(int capacity) {
            text = new char[capacity + MOST_CHARACTERS];
        }

        void add(int point) {
            if (point < FEW) {
                int lower = LOWER_CASE[point];
                if (lower == 0) {
                    end();
                } else {
                    begin();
                    text[length++] = (char) lower;
                    hash = (hash ^ lower) * PRIME;
                }
            } else if (isWordPart(point)) {
                boolean alone = point >= FIRST_UNSPACED && isUnspaced(point);
                if (alone) {
                    end();
                }
                begin();
                int lower = Character.toLowerCase(point);
                length += Character.toChars(lower, text, length);
                hash = (hash ^ lower) * PRIME;
                if (alone) {
                    end();
                }
            } else {
                end();
            }
        }

        /**
         * Makes room for a character, after a space where it begins a word that is not the first.
         */
        private void begin() {
            if (length + MOST_CHARACTERS > text.length) {
                text = Arrays.copyOf(text, 2 * text.length);
            }
            if (!inWord && size > 0) {
                text[length++] = ' ';
            }
            inWord = true;
        }

        private void end() {
            if (inWord) {
                if (size == words.length) {
                    words = Arrays.copyOf(words, 2 * size);
                }
                words[size++] = Hashes.fin(hash);
                hash = OFFSET;
                inWord = false;
            }
        }

        NormalisedText build() {
            end();
            return new NormalisedText(new String(text, 0, length), Arrays.copyOf(words, size));
        }
    }

    /** What becomes of the first code points: their lower case, or 0 for what separates words. */
    private static char[] lowerCase() {
        char[] lower = new char[FEW];
        for (int point = 0; point < FEW; point++) {
            lower[point] = isWordPart(point) ? (char) Character.toLowerCase(point) : 0;
        }
        return lower;
    }

    private static boolean isWordPart(int point) {
        if (Character.isLetterOrDigit(point)) {
            return true;
        }
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isUnspaced(int point) {
        if (Character.isIdeographic(point)) {
            return true;
        }
        return switch (Character.UnicodeScript.of(point)) {
            case HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
