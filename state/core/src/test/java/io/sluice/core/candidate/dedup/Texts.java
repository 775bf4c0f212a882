package io.sluice.core.candidate.dedup;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/** Made-up texts, and how alike they are. */
final class Texts {

    private Texts() {}

    /** Words of a made-up document. */
    static String[] words(SplittableRandom random, int size) {
        String[] words = new String[size];
        Arrays.setAll(words, i -> "w" + random.nextInt(20_000));
        return words;
    }

    /** The words with some of them replaced. */
    static String[] edited(String[] words, int edits, SplittableRandom random) {
        String[] edited = words.clone();
        for (int i = 0; i < edits; i++) {
            edited[random.nextInt(edited.length)] = "e" + random.nextInt(1_000_000);
        }
        return edited;
    }

    static NormalisedText text(String[] words) {
        return NormalisedText.of(String.join(" ", words));
    }

    /** The exact Jaccard similarity of two texts' shingles. */
    static double jaccard(MinHasher hasher, NormalisedText a, NormalisedText b) {
        Set<Long> left = set(hasher.shingles(a));
        Set<Long> right = set(hasher.shingles(b));
        Set<Long> both = new HashSet<>(left);
        both.retainAll(right);
        return (double) both.size() / (left.size() + right.size() - both.size());
    }

    private static Set<Long> set(long[] values) {
        Set<Long> set = new HashSet<>();
        Arrays.stream(values).forEach(set::add);
        return set;
    }
}
