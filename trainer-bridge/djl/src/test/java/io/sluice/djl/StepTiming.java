package io.sluice.djl;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.SketchSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * Times a step of the demonstration's trainer on the shipped corpus: without gradients, and with
 * those that a 25-step round measures. Run by hand.
 */
final class StepTiming {

    private static final int WARM_UP = 50;
    private static final int STEPS = 200;
    private static final int REPEATS = 3;

    private StepTiming() {}

    public static void main(String[] args) {
        CorpusManifest corpus = CorpusManifest.read(Path.of(args[0]));
        TrainerOptions full =
                TrainerOptions.demo(1, new SketchSpec(SketchSpec.DEFAULT_DIMENSION, 1))
                        .withRows(new TrainerOptions.Rows(4, 2, 8, 64, Integer.MAX_VALUE));
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            time("losses only", corpus, full.withoutSketch(), Integer.MAX_VALUE);
            time("gradients", corpus, full, 25);
        }
    }

    private static void time(
            String name, CorpusManifest corpus, TrainerOptions options, int roundSteps) {
        List<GroupId> groups = corpus.groups().stream().map(CorpusManifest.Group::id).toList();
        ScriptedSession session = new ScriptedSession(0, groups, 4, roundSteps);
        try (DjlTrainer trainer =
                DjlTrainer.start(corpus, options, new TrainingListener() {}, session)) {
            trainer.train(WARM_UP);
            long begin = System.nanoTime();
            trainer.train(WARM_UP + STEPS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            int tokens = STEPS * 4 * options.rows().perDraw() * options.model().context();
            System.out.printf(
                    "%-22s %6.1f ms/step %8.0f tokens/s%n",
                    name, 1000 * seconds / STEPS, tokens / seconds);
        }
    }
}
