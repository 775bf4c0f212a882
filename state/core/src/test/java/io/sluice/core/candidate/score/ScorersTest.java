package io.sluice.core.candidate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorersTest {

    private static final String PROSE =
            IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @Test
    void proseOfSomeLengthScoresOne() {
        assertThat(TextScorers.combined(scores(PROSE))).isEqualTo(1);
        assertThat(scores(PROSE))
                .extracting(DocumentScore::scorer)
                .containsExactly("length", "repetition", "symbols");
    }

    @Test
    void whatRepeatsItselfScoresLow() {
        String repeated = "buy now and save ".repeat(30);
        assertThat(new RepetitionScorer().score(repeated, NormalisedText.of(repeated)).value())
                .isLessThan(0.1);
        String once = "yes yes yes yes";
        assertThat(new RepetitionScorer().score(once, NormalisedText.of(once)).value())
                .isGreaterThan(0.9);
    }

    @Test
    void signsAndUnreadableBytesScoreLow() {
        String signs = "a =+*&^%$#@!~<>?".repeat(10);
        assertThat(new SymbolScorer().score(signs, NormalisedText.of(signs)).value()).isZero();
        String broken = "so�me br�oken te�xt th�at was l�atin";
        assertThat(new SymbolScorer().score(broken, NormalisedText.of(broken)).value()).isZero();
        String code = "for (int i = 0; i < size; i++) { total += values[i]; }";
        assertThat(new SymbolScorer().score(code, NormalisedText.of(code)).value())
                .isGreaterThan(0.5);
    }

    @Test
    void shortTextsAndTextsThatNobodySplitScoreLow() {
        assertThat(length("five words are not many")).isEqualTo(0.1);
        assertThat(length("x".repeat(3_000) + " " + PROSE)).isLessThan(0.5);
    }

    @Test
    void aScoreOutsideOfItsRangeIsRefused() {
        assertThatThrownBy(() -> new DocumentScore("length", 1, Double.NaN))
                .hasMessageContaining("length scored NaN");
        assertThatThrownBy(() -> new DocumentScore("length", 0, 1)).hasMessageContaining("0");
    }

    @Test
    void tokenPriorsLearnFromTheFirstThousandDocumentsAndThenStay() {
        TokenPriors priors = new TokenPriors();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 1_000; i++) {
            NormalisedText document = usual(random);
            assertThat(priors.score(document).value()).isEqualTo(1);
            priors.learn(document);
        }
        assertThat(priors.isLearned()).isTrue();
        TokenPriorsState learned = priors.state();
        priors.learn(usual(random));
        assertThat(priors.state().documents()).isEqualTo(learned.documents());

        TokenPriors restored = new TokenPriors(learned);
        NormalisedText noise =
                NormalisedText.of(
                        IntStream.range(0, 100)
                                .mapToObj(i -> "z" + random.nextLong())
                                .collect(Collectors.joining(" ")));
        assertThat(restored.score(usual(random)).value()).isGreaterThan(0.5);
        assertThat(restored.score(noise).value()).isLessThan(0.2);
        assertThat(restored.score(noise)).isEqualTo(priors.score(noise));
    }

    /** Words by a law of Zipf's. */
    private static NormalisedText usual(SplittableRandom random) {
        return NormalisedText.of(
                IntStream.range(0, 100)
                        .mapToObj(i -> "w" + (int) (1 / (random.nextDouble() + 1e-3)))
                        .collect(Collectors.joining(" ")));
    }

    private static double length(String text) {
        return new LengthScorer().score(text, NormalisedText.of(text)).value();
    }

    private static List<DocumentScore> scores(String text) {
        return TextScorers.score(text, NormalisedText.of(text));
    }
}
