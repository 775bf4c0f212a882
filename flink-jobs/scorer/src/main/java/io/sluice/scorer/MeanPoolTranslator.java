package io.sluice.scorer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Texts to the network's inputs, and its hidden states (texts, tokens, numbers) to vectors. */
final class MeanPoolTranslator implements Translator<List<String>, List<float[]>> {

    /** No tokeniser needs more characters of a text than this for the tokens that are looked at. */
    private static final int MOST_CHARACTERS = 32 * OnnxTextEmbedder.MAX_TOKENS;

    private static final String MASK = "mask";

    private final HuggingFaceTokenizer tokenizer;

    MeanPoolTranslator(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public NDList processInput(TranslatorContext context, List<String> texts) {
        Encoding[] encodings =
                tokenizer.batchEncode(texts.stream().map(MeanPoolTranslator::beginning).toList());
        context.setAttachment(
                MASK,
                Arrays.stream(encodings).map(Encoding::getAttentionMask).toArray(long[][]::new));
        NDManager manager = context.getNDManager();
        return new NDList(
                input(manager, encodings, Encoding::getIds),
                input(manager, encodings, Encoding::getAttentionMask),
                input(manager, encodings, Encoding::getTypeIds));
    }

    private static NDArray input(
            NDManager manager, Encoding[] encodings, Function<Encoding, long[]> field) {
        int tokens = encodings[0].getIds().length;
        LongBuffer numbers = LongBuffer.allocate(encodings.length * tokens);
        for (Encoding encoding : encodings) {
            numbers.put(field.apply(encoding));
        }
        return manager.create(numbers.array()).reshape(encodings.length, tokens);
    }

    @Override
    public List<float[]> processOutput(TranslatorContext context, NDList list) {
        NDArray states = list.get(0);
        long[][] mask = (long[][]) context.getAttachment(MASK);
        Shape shape = states.getShape();
        if (shape.dimension() != 3 || shape.get(0) != mask.length) {
            throw new IllegalStateException(
                    "the network gives numbers of shape "
                            + shape
                            + ": a sentence encoder gives (texts, tokens, numbers)");
        }
        int size = Math.toIntExact(shape.get(2));
        FloatBuffer numbers = states.toByteBuffer().asFloatBuffer();
        List<float[]> vectors = new ArrayList<>(mask.length);
        float[] state = new float[size];
        for (int text = 0; text < mask.length; text++) {
            double[] sum = new double[size];
            for (int token = 0; token < mask[text].length; token++) {
                numbers.get(state);
                if (mask[text][token] != 0) {
                    for (int i = 0; i < size; i++) {
                        sum[i] += state[i];
                    }
                }
            }
            vectors.add(unit(sum));
        }
        return vectors;
    }

    /** Scaled to length 1; what has no length gives numbers that are not finite. */
    private static float[] unit(double[] sum) {
        double squares = 0;
        for (double number : sum) {
            squares += number * number;
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[sum.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (sum[i] / length);
        }
        return unit;
    }

    private static String beginning(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS);
    }

    @Override
    public Batchifier getBatchifier() {
        return null;
    }
}
