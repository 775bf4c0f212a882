package io.sluice.core.candidate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.List;
import java.util.Optional;
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
        learn(priors, 999, random);
        assertThat(priors.isLearned()).isFalse();
        learn(priors, 1, random);
        assertThat(priors.isLearned()).isTrue();
        TokenPriorsState learned = priors.state();
        assertThat(learned.early()).isEmpty();
        priors.learn(usual(random));
        assertThat(priors.state().full().documents()).isEqualTo(learned.full().documents());

        TokenPriors restored = new TokenPriors(learned);
        NormalisedText noise = noise(random);
        assertThat(restored.score(noise)).isEqualTo(priors.score(noise));
        assertJudges(restored, 3, random);
    }

    @Test
    void tokenPriorsJudgeFromTheHundredthDocumentOnAndSayNothingBefore() {
        TokenPriors priors = new TokenPriors();
        SplittableRandom random = new SplittableRandom(6);
        learn(priors, 99, random);
        assertThat(priors.score(usual(random))).isEmpty();
        learn(priors, 1, random);

        assertJudges(priors, 2, random);
        assertJudges(new TokenPriors(priors.state()), 2, random);
    }

    @Test
    void tokenPriorsThatWereStoredWithoutEarlyOnesJudgeOnceTheyHaveLearned() {
        SplittableRandom random = new SplittableRandom(7);
        TokenPriors before = new TokenPriors();
        learn(before, 600, random);
        TokenPriors restored =
                new TokenPriors(new TokenPriorsState(Optional.empty(), before.state().full()));
        assertThat(restored.score(usual(random))).isEmpty();
        learn(restored, 400, random);

        assertJudges(restored, 3, random);
    }

    private static void learn(TokenPriors priors, int documents, SplittableRandom random) {
        for (int i = 0; i < documents; i++) {
            priors.learn(usual(random));
        }
    }

    private static void assertJudges(TokenPriors priors, int version, SplittableRandom random) {
        DocumentScore usual = priors.score(usual(random)).orElseThrow();
        DocumentScore unusual = priors.score(noise(random)).orElseThrow();
        assertThat(usual.version()).isEqualTo(version);
        assertThat(usual.value()).isGreaterThan(0.5);
        assertThat(unusual.version()).isEqualTo(version);
        assertThat(unusual.value()).isLessThan(0.2);
    }

    private static NormalisedText noise(SplittableRandom random) {
        return NormalisedText.of(
                IntStream.range(0, 100)
                        .mapToObj(i -> "z" + random.nextLong())
                        .collect(Collectors.joining(" ")));
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
