package io.sluice.core.candidate.decontamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.decontamination.Decontaminator.Overlap;
import io.sluice.core.candidate.text.NormalisedText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecontaminatorTest {

    private static final NormalisedText TARGET = NormalisedText.of(words("t", 40));

    private final NgramSet ngrams = NgramSet.of(List.of(Decontaminator.ngrams(TARGET)));

    @Test
    void aPassageOfThirteenWordsGivesADocumentAway() {
        Decontaminator one = new Decontaminator(Map.of("exam", ngrams), 1);
        NormalisedText copy =
                NormalisedText.of(words("a", 30) + " " + passage(5, 13) + " " + words("b", 30));
        NormalisedText shorter =
                NormalisedText.of(words("a", 30) + " " + passage(5, 12) + " " + words("b", 30));
        assertThat(one.overlap(copy)).contains(new Overlap("exam", 1));
        assertThat(one.overlap(shorter)).isEmpty();
    }

    @Test
    void theThresholdIsANumberOfSharedPassages() {
        Decontaminator three = new Decontaminator(Map.of("exam", ngrams), 3);
        assertThat(three.overlap(NormalisedText.of(passage(0, 14)))).isEmpty();
        assertThat(three.overlap(NormalisedText.of(passage(0, 15))))
                .contains(new Overlap("exam", 3));
        assertThatThrownBy(() -> new Decontaminator(Map.of(), 0)).hasMessageContaining("overlap 0");
    }

    @Test
    void aSetHoldsWhatWasPutInAndNothingElse() {
        long[] first = IntStream.range(0, 5_000).mapToLong(i -> i * 3L).toArray();
        long[] second = {3, 6, -1, Long.MIN_VALUE};
        NgramSet set = NgramSet.of(List.of(first, second));
        assertThat(set.size()).isEqualTo(5_002);
        assertThat(set.shared(first)).isEqualTo(5_000);
        assertThat(set.contains(0)).isTrue();
        assertThat(set.contains(-1)).isTrue();
        assertThat(IntStream.range(0, 5_000).filter(i -> set.contains(i * 3L + 1)).count())
                .isZero();
        assertThat(NgramSet.of(List.of()).contains(0)).isFalse();
    }

    private static String passage(int from, int size) {
        return IntStream.range(from, from + size)
                .mapToObj(i -> "t" + i)
                .collect(Collectors.joining(" "));
    }

    private static String words(String prefix, int size) {
        return IntStream.range(0, size).mapToObj(i -> prefix + i).collect(Collectors.joining(" "));
    }
}
