package io.sluice.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTextEmbedderTest {

    private static final String CAT = "A cat sat on the mat.";
    private static final String KITTEN = "A kitten rests on a rug.";
    private static final String STOCKS = "The stock market fell today.";

    private static TextEmbedder embedder;

    @BeforeAll
    static void load() throws Exception {
        embedder = open(bundled());
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    @Test
    void textsThatMeanTheLikeLieCloseTogether() throws Exception {
        List<float[]> vectors = embedder.embed(List.of(CAT, KITTEN, STOCKS));
        assertThat(embedder.size()).isEqualTo(384);
        assertThat(vectors).allMatch(vector -> vector.length == 384);
        assertThat(cosine(vectors.get(0), vectors.get(0))).isCloseTo(1, within(1e-5));
        // 0.63 and 0.11 with these files; the model's authors promise no numbers.
        assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.5);
        assertThat(cosine(vectors.get(0), vectors.get(2))).isLessThan(0.3);
    }

    @Test
    void aTextAloneHasTheSameVectorEveryTime() throws Exception {
        assertThat(embedder.embed(List.of(CAT)).get(0))
                .isEqualTo(embedder.embed(List.of(CAT)).get(0));
    }

    @Test
    void theOthersInABatchAndTheirLengthHardlyMatter() throws Exception {
        float[] alone = embedder.embed(List.of(CAT)).get(0);
        String longText = (STOCKS + " ").repeat(50);
        float[] among = embedder.embed(List.of(STOCKS, CAT, longText)).get(1);
        assertThat(cosine(alone, among)).isGreaterThan(0.95);
    }

    @Test
    void hostileTextsHaveVectorsToo() throws Exception {
        String huge = "word ".repeat(40_000);
        List<float[]> vectors =
                embedder.embed(
                        List.of(
                                "",
                                "\u0000\ud800",
                                "\ud83d\ude00".repeat(999),
                                huge,
                                "x".repeat(190_000)));
        assertThat(vectors).hasSize(5);
        for (float[] vector : vectors) {
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void aNetworkThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("m.onnx"), new byte[] {1, 2, 3});
        Files.write(folder.resolve("tokenizer.json"), ModelFiles.read(bundled()).tokenizer());
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("network cannot be loaded");
    }

    private static TextEmbedder open(Path path) throws EmbeddingException {
        return TextEmbedders.find(OnnxTextEmbedderTest.class.getClassLoader())
                .open(path.toString(), 1);
    }

    static Path bundled() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("all-minilm-l6-v2-q"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            left += (double) a[i] * a[i];
            right += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(left * right);
    }
}
