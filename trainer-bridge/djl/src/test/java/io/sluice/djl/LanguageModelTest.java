package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LanguageModelTest {

    private static final ModelConfig TINY = TestModel.TINY;

    @Test
    void aLaterByteDoesNotChangeEarlierLosses() {
        try (TestModel model = new TestModel(TINY, 1, 1)) {
            byte[][] rows = TestModel.randomRows(TINY, 1, 2);
            float[] before = model.losses(rows);
            for (int changed = 1; changed < TINY.rowLength(); changed++) {
                byte[][] other = {rows[0].clone()};
                other[0][changed] ^= 0x55;
                float[] after = model.losses(other);
                assertThat(Arrays.copyOf(after, changed - 1))
                        .isEqualTo(Arrays.copyOf(before, changed - 1));
                // Loss t is that of byte t + 1, so the changed byte is first felt as a target.
                assertThat(after[changed - 1]).isNotEqualTo(before[changed - 1]);
                if (changed < TINY.context()) {
                    assertThat(after[changed]).isNotEqualTo(before[changed]);
                }
            }
        }
    }

    @Test
    void rowsOfABatchDoNotFeelEachOther() {
        try (TestModel model = new TestModel(TINY, 1, 1)) {
            byte[][] rows = TestModel.randomRows(TINY, 3, 2);
            float[] together = model.losses(rows);
            float[] alone = model.losses(new byte[][] {rows[1]});
            for (int t = 0; t < TINY.context(); t++) {
                assertThat(together[TINY.context() + t]).isCloseTo(alone[t], within(1e-5f));
            }
        }
    }

    @Test
    void lossesAreInNatsPerByte() {
        ParameterLayout layout = ParameterLayout.of(TINY.tensors(), 1);
        try (TestModel model = new TestModel(layout, TINY, 1, values -> new float[values.length])) {
            float[] losses = model.losses(TestModel.randomRows(TINY, 2, 3));
            assertThat(losses).hasSize(2 * TINY.context());
            for (float loss : losses) {
                assertThat(loss).isCloseTo((float) Math.log(256), within(1e-5f));
            }
        }
    }

    @Test
    void gradientsAgreeWithFiniteDifferencesForEveryTensor() {
        byte[][] rows = TestModel.randomRows(TINY, 2, 5);
        ParameterLayout layout = ParameterLayout.of(TINY.tensors(), 1);
        float[] gradient;
        try (TestModel model = new TestModel(layout, TINY, 1, values -> values)) {
            model.backward(rows);
            gradient = model.gradient();
        }
        for (ParameterLayout.Place place : layout.places()) {
            float[] direction = signsOf(gradient, place);
            double expected = dot(gradient, direction);
            double step = 4e-3 / Math.sqrt(place.tensor().size());
            double measured =
                    (loss(layout, rows, direction, step) - loss(layout, rows, direction, -step))
                            / (2 * step);
            assertThat(measured)
                    .as(place.tensor().name())
                    .isCloseTo(expected, within(0.02 * Math.abs(expected) + 0.01));
        }
    }

    @Test
    void collectingGarbageBetweenThePassesChangesNoGradient() {
        byte[][] rows = TestModel.randomRows(TINY, 4, 5);
        try (TestModel model = new TestModel(TINY, 1, 1)) {
            model.backward(rows);
            float[] expected = model.gradient();
            for (int round = 0; round < 20; round++) {
                model.parameters.zeroGradient();
                model.backward(rows, LanguageModelTest::collectGarbage);
                assertThat(Arrays.equals(model.gradient(), expected)).isTrue();
            }
        }
    }

    /** The reason for the rule that the next test checks; when this fails, the rule can go. */
    @Test
    void aJavaNumberAsAnOperandIsGoneAfterACollection() {
        int wrong = 0;
        try (NDManager manager = TorchEngine.open(TestModel.CPU)) {
            NDArray weight = manager.ones(new Shape(64));
            weight.setRequiresGradient(true);
            NDArray one = manager.create(1f);
            for (int round = 0; round < 20; round++) {
                try (NDManager scope = manager.newSubManager()) {
                    Autograd.recording(
                            () -> {
                                NDArray sum = weight.mul(0.25f).sum();
                                collectGarbage();
                                Autograd.backward(sum, one);
                                return sum;
                            });
                    NDArray gradient = weight.getGradient();
                    gradient.attach(scope);
                    wrong += gradient.toFloatArray()[0] == 0.25f ? 0 : 1;
                    gradient.subi(gradient.duplicate());
                }
            }
        }
        assertThat(wrong).isPositive();
    }

    @Test
    void noNumberIsAnOperandInTheForwardPass() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/sluice/djl/LanguageModel.java"));
        Pattern operand =
                Pattern.compile("\\.(add|sub|mul|div|mod|pow|maximum|minimum)i?\\(([^()]*)");
        List<String> operands =
                operand.matcher(source).results().map(match -> match.group(2).trim()).toList();
        // Names of arrays, or calls that give one; a number or arithmetic would be neither.
        assertThat(operands)
                .isNotEmpty()
                .allMatch(
                        text ->
                                text.matches(
                                        "attentionScale|causalMask|tensors\\.get|attention|mlp"));
    }

    @Test
    void theSeedGivesTheWeightsAndNothingElseDoes() {
        ParameterLayout packed = ParameterLayout.of(TINY.tensors(), 1);
        ParameterLayout aligned = ParameterLayout.of(TINY.tensors(), 251);
        float[] weights = LanguageModel.initialValues(packed, 1);
        assertThat(LanguageModel.initialValues(packed, 1)).isEqualTo(weights);
        assertThat(LanguageModel.initialValues(packed, 2)).isNotEqualTo(weights);
        assertThat(aligned.part(LanguageModel.initialValues(aligned, 1)))
                .usingRecursiveComparison()
                .isEqualTo(packed.part(weights));
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        try (TestModel model = new TestModel(TINY, 1, 1)) {
            assertThatThrownBy(() -> model.losses(new byte[][] {new byte[TINY.context()]}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a row of 16 bytes, not of 17");
        }
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new ModelConfig(128, 64, 2, 3, 3))
                .hasMessage("width 64 is not a multiple of heads 3");
        assertThatThrownBy(() -> new ModelConfig(1, 64, 2, 2, 3))
                .hasMessage("context 1 is not in [2, 8192]");
        assertThat(ModelConfig.small().parameters()).isBetween(185_000L, 195_000L);
    }

    /** Frees native buffers that nothing refers to, and writes over their memory. */
    private static void collectGarbage() {
        System.gc();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4 + i % 16);
            while (buffer.hasRemaining()) {
                buffer.put((byte) 0x41);
            }
            buffers.add(buffer);
        }
        assertThat(buffers).hasSize(200);
    }

    private static double loss(
            ParameterLayout layout, byte[][] rows, float[] direction, double step) {
        try (TestModel model = new TestModel(layout, TINY, 1, v -> moved(v, direction, step))) {
            double sum = 0;
            for (float loss : model.losses(rows)) {
                sum += loss;
            }
            return sum;
        }
    }

    private static float[] moved(float[] values, float[] direction, double step) {
        float[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] += (float) (step * direction[i]);
        }
        return result;
    }

    /** A direction within one tensor along which the loss rises: no cancelling, no noise. */
    private static float[] signsOf(float[] gradient, ParameterLayout.Place place) {
        SplittableRandom random = new SplittableRandom(9);
        float[] direction = new float[gradient.length];
        for (int i = place.begin(); i < place.end(); i++) {
            direction[i] = Math.signum(gradient[i]) * (float) random.nextDouble(0.5, 1.5);
        }
        return direction;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
