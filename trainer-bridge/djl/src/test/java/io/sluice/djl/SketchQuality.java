package io.sluice.djl;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures the error of cosines between sketched gradients of the demonstration's model on the
 * shipped corpus: spec v1 against sketches whose buckets are random as well. Run by hand.
 */
final class SketchQuality {

    private static final int[] STEPS = {100, 700};
    private static final int SEEDS = 16;
    private static final int BATCH = 16;

    private SketchQuality() {}

    public static void main(String[] args) throws Exception {
        CorpusManifest corpus = CorpusManifest.read(Path.of(args[0]));
        TrainerOptions options = TrainerOptions.demo(1, new SketchSpec(8191, 1)).withoutSketch();
        List<GroupId> groups = corpus.groups().stream().map(CorpusManifest.Group::id).toList();
        Path file = Files.createTempFile("sketch-quality", ".ckpt");
        ScriptedSession session = new ScriptedSession(0, groups, 4, Integer.MAX_VALUE);
        try (DjlTrainer trainer =
                DjlTrainer.start(corpus, options, new TrainingListener() {}, session)) {
            for (int step : STEPS) {
                trainer.train(step);
                trainer.save(file);
                List<Map<String, float[]>> gradients = gradients(corpus, DjlCheckpoint.read(file));
                for (int dimension : new int[] {8191, 8192, 2039}) {
                    report(step, dimension, false, gradients);
                    report(step, dimension, true, gradients);
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    /** One gradient of 16 rows for each group and each target. */
    private static List<Map<String, float[]>> gradients(
            CorpusManifest corpus, DjlCheckpoint checkpoint) {
        ParameterLayout layout = ParameterLayout.of(checkpoint.model().tensors(), 1);
        List<CorpusText> texts = new ArrayList<>();
        corpus.groups().forEach(group -> texts.add(group.text()));
        corpus.targets().forEach(target -> texts.add(target.dev()));
        List<Map<String, float[]>> gradients = new ArrayList<>();
        try (TestModel model =
                new TestModel(
                        layout, checkpoint.model(), 1, v -> layout.join(checkpoint.weights()))) {
            for (CorpusText text : texts) {
                int length = checkpoint.model().rowLength();
                model.backward(new ByteRows("probe", text.read(), length, 99).take(BATCH));
                gradients.add(model.gradients());
                model.parameters.zeroGradient();
            }
        }
        return gradients;
    }

    private static void report(
            int step, int dimension, boolean random, List<Map<String, float[]>> gradients) {
        List<double[]> flat = gradients.stream().map(SketchQuality::flatten).toList();
        double[] seedMeans = new double[SEEDS];
        double squares = 0;
        double largest = 0;
        int pairs = flat.size() * (flat.size() - 1) / 2;
        for (int seed = 0; seed < SEEDS; seed++) {
            SketchSpec spec = new SketchSpec(dimension, Hashes.fin(seed));
            List<double[]> sketches =
                    gradients.stream()
                            .map(g -> random ? randomBuckets(g, spec) : fold(g, spec))
                            .toList();
            for (int a = 0; a < flat.size(); a++) {
                for (int b = 0; b < a; b++) {
                    double error =
                            cosine(sketches.get(a), sketches.get(b))
                                    - cosine(flat.get(a), flat.get(b));
                    seedMeans[seed] += error / pairs;
                    squares += error * error;
                    largest = Math.max(largest, Math.abs(error));
                }
            }
        }
        double bias = 0;
        double biasSquare = 0;
        for (double mean : seedMeans) {
            bias += mean / SEEDS;
            biasSquare += mean * mean / SEEDS;
        }
        System.out.printf(
                "step %4d k %d %-14s bias %+.5f (se %.5f) sd %.5f (1/sqrt k %.5f) max %.4f%n",
                step,
                dimension,
                random ? "random buckets" : "spec v1",
                bias,
                Math.sqrt(Math.max(0, biasSquare - bias * bias) / (SEEDS - 1)),
                Math.sqrt(squares / (SEEDS * pairs)),
                1 / Math.sqrt(dimension),
                largest);
    }

    private static double[] fold(Map<String, float[]> gradient, SketchSpec spec) {
        GradientSketch sketch = new GradientSketch(spec);
        gradient.forEach((name, values) -> sketch.add(name, 0, values));
        float[] sums = sketch.toFloats();
        double[] result = new double[sums.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = sums[i];
        }
        return result;
    }

    private static double[] randomBuckets(Map<String, float[]> gradient, SketchSpec spec) {
        double[] sums = new double[spec.dimension()];
        gradient.forEach(
                (name, values) -> {
                    long hash = Hashes.hash(name);
                    for (int i = 0; i < values.length; i++) {
                        boolean negative = GradientSketch.isNegative(spec.seed(), hash, i);
                        long word = Hashes.mix64(~spec.seed(), hash, i);
                        int bucket = (int) Long.remainderUnsigned(word, spec.dimension());
                        sums[bucket] += negative ? -values[i] : values[i];
                    }
                });
        return sums;
    }

    private static double[] flatten(Map<String, float[]> gradient) {
        return gradient.values().stream()
                .flatMapToDouble(
                        values -> IntStream.range(0, values.length).mapToDouble(i -> values[i]))
                .toArray();
    }

    private static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
