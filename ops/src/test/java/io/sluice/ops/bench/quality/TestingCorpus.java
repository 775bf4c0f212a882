package io.sluice.ops.bench.quality;

import io.sluice.ops.bench.quality.QualityCorpus.Group;
import io.sluice.ops.bench.quality.QualityCorpus.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Two groups of sentences, one of digits that is called poor, and two targets of sentences. */
final class TestingCorpus {

    private static final String[] WORDS = {
        "the", "miller", "opens", "a", "gate", "and", "water", "runs", "down"
    };

    private TestingCorpus() {}

    static QualityCorpus corpus() {
        return new QualityCorpus(
                "testing",
                "digest",
                List.of(
                        new Group("digits", true, digits(1, 20_000)),
                        new Group("gates", false, sentences(2, 4_000)),
                        new Group("mills", false, sentences(3, 4_000))),
                List.of(
                        new Target(
                                QualityCorpus.HELD_OUT, sentences(4, 2_000), sentences(5, 2_000)),
                        new Target("river", sentences(6, 2_000), sentences(7, 2_000))));
    }

    static byte[] sentences(long seed, int words) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
            text.append(i % 100 == 0 ? "\n\f\n" : i % 9 == 0 ? ".\n" : " ");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digits(long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(10));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
