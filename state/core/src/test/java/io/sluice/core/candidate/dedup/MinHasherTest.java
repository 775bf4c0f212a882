package io.sluice.core.candidate.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MinHasherTest {

    private final MinHasher hasher = new MinHasher(MinHashOptions.DEFAULT);

    @Test
    void theEstimateFollowsTheExactSimilarity() {
        SplittableRandom random = new SplittableRandom(7);
        double squares = 0;
        double sum = 0;
        int pairs = 400;
        for (int i = 0; i < pairs; i++) {
            String[] words = Texts.words(random, 180);
            NormalisedText a = Texts.text(words);
            NormalisedText b = Texts.text(Texts.edited(words, random.nextInt(8), random));
            double error =
                    MinHasher.similarity(
                                    hasher.fingerprint(a).sketch(), hasher.fingerprint(b).sketch())
                            - Texts.jaccard(hasher, a, b);
            sum += error;
            squares += error * error;
        }
        // The standard error of 192 minima of four bits lies below 0.04 everywhere.
        assertThat(sum / pairs).isCloseTo(0, within(0.01));
        assertThat(Math.sqrt(squares / pairs)).isLessThan(0.045);
    }

    @Test
    void equalTextsHaveEqualFingerprintsInEveryVirtualMachine() {
        Fingerprint print = hasher.fingerprint(NormalisedText.of("one two three four five six"));
        assertThat(print)
                .isEqualTo(hasher.fingerprint(NormalisedText.of("One two, three four five SIX")));
        assertThat(print.sketch()).hasSize(96);
        assertThat(print.bands()).hasSize(8);
        assertThat(print.bands()[0]).isEqualTo(GOLDEN_BAND);
    }

    @Test
    void aTextShorterThanAShingleIsOneShingle() {
        assertThat(hasher.shingles(NormalisedText.of("two words"))).hasSize(1);
        assertThat(hasher.fingerprint(NormalisedText.of("two words")).bands()).hasSize(8);
    }

    @Test
    void anotherSeedGivesOtherBands() {
        NormalisedText text = NormalisedText.of("a b c d e f g");
        MinHashOptions other = new MinHashOptions(5, 192, 8, 4, 0.75, 2);
        assertThat(new MinHasher(other).fingerprint(text).bands())
                .isNotEqualTo(hasher.fingerprint(text).bands());
    }

    @Test
    void whatHasNoSketchResemblesNothing() {
        byte[] sketch = hasher.fingerprint(NormalisedText.of("a b c")).sketch();
        assertThat(MinHasher.similarity(new byte[0], sketch)).isZero();
        assertThat(MinHasher.similarity(sketch, sketch)).isEqualTo(1);
        assertThatThrownBy(() -> MinHasher.similarity(new byte[8], sketch))
                .hasMessageContaining("8 and 96 bytes");
    }

    @Test
    void settingsThatMakeNoSenseAreRefusedByName() {
        assertThatThrownBy(() -> new MinHashOptions(5, 191, 8, 4, 0.75, 1))
                .hasMessage("MinHash hashes 191 is not allowed: use 16 to 1024 and even");
        assertThatThrownBy(() -> new MinHashOptions(5, 16, 8, 4, 0.75, 1))
                .hasMessageContaining("rows 4");
        assertThatThrownBy(() -> new MinHashOptions(5, 192, 8, 4, Double.NaN, 1))
                .hasMessageContaining("threshold NaN");
    }

    private static final long GOLDEN_BAND = -4429353826243255010L;
}
