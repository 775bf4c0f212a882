package io.sluice.core.candidate.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalisedTextTest {

    @Test
    void caseSpacingAndPunctuationDoNotMatter() {
        NormalisedText plain = NormalisedText.of("the quick brown fox");
        NormalisedText dressed = NormalisedText.of("  The QUICK,\n\tbrown -- fox!! ");
        assertThat(dressed.text()).isEqualTo("the quick brown fox");
        assertThat(dressed.contentHash()).isEqualTo(plain.contentHash());
        assertThat(dressed.words()).isEqualTo(plain.words());
    }

    @Test
    void compatibleFormsOfACharacterAreOne() {
        assertThat(NormalisedText.of("ﬁne ２ cafe\u0301").text()).isEqualTo("fine 2 café");
    }

    @Test
    void marksBelongToTheirLetters() {
        assertThat(NormalisedText.of("हिन्दी में").size()).isEqualTo(2);
    }

    @Test
    void scriptsWithoutSpacesHaveAWordPerCharacter() {
        assertThat(NormalisedText.of("東京 abc ไทย").text()).isEqualTo("東 京 abc ไ ท ย");
    }

    @Test
    void whatHoldsNoLetterHasNoWords() {
        assertThat(NormalisedText.of(" ... --- !!! ").size()).isZero();
        assertThat(NormalisedText.of("").size()).isZero();
    }

    @Test
    void characterOutsideOfTheBasicPlaneIsOneCharacter() {
        assertThat(NormalisedText.of("𠀀𠀁").size()).isEqualTo(2);
    }

    @Test
    void theHashIsTheFirstHalfOfSha256() {
        // printf 'the quick brown fox' | sha256sum
        assertThat(NormalisedText.of("The quick brown fox.").contentHash())
                .isEqualTo(ContentHash.of("the quick brown fox"));
        ContentHash abc = ContentHash.of("abc");
        assertThat(abc.high()).isEqualTo(0xba7816bf8f01cfeaL);
        assertThat(abc.low()).isEqualTo(0x414140de5dae2223L);
    }

    @Test
    void aRunOfWordsHashesTheSameWhereverItStands() {
        long[] here = NormalisedText.of("a b c d e f").ngrams(3);
        long[] there = NormalisedText.of("x y z b c d w").ngrams(3);
        assertThat(here).hasSize(4).doesNotHaveDuplicates();
        assertThat(there[3]).isEqualTo(here[1]);
        assertThat(Arrays.stream(there).filter(n -> n == here[1]).count()).isEqualTo(1);
    }

    @Test
    void theOrderOfWordsCounts() {
        assertThat(NormalisedText.of("a b c").ngrams(3))
                .isNotEqualTo(NormalisedText.of("c b a").ngrams(3));
    }

    @Test
    void fewerWordsThanARunHaveNone() {
        assertThat(NormalisedText.of("a b").ngrams(3)).isEmpty();
        assertThatThrownBy(() -> NormalisedText.of("a").ngrams(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
    }
}
