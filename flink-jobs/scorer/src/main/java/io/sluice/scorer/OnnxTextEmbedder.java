package io.sluice.scorer;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A sentence encoder as ONNX: the mean of its last hidden states over the words of a text, scaled
 * to length 1. Only the first {@value #MAX_TOKENS} tokens of a text are looked at.
 */
final class OnnxTextEmbedder implements TextEmbedder {

    /** Most tokens of a text that the model sees; its cost grows with them. */
    static final int MAX_TOKENS = 128;

    private final String name;
    private final Model model;
    private final HuggingFaceTokenizer tokenizer;
    private final Predictor<List<String>, List<float[]>> predictor;
    private final int size;

    private OnnxTextEmbedder(
            String name,
            Model model,
            HuggingFaceTokenizer tokenizer,
            Predictor<List<String>, List<float[]>> predictor)
            throws EmbeddingException {
        this.name = name;
        this.model = model;
        this.tokenizer = tokenizer;
        this.predictor = predictor;
        this.size = embed(List.of("size")).get(0).length;
    }

    /**
     * Loads a model and tries it.
     *
     * @throws EmbeddingException when it cannot be loaded, or is no sentence encoder
     */
    static OnnxTextEmbedder load(ModelFiles files, int threads) throws EmbeddingException {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        TokenizerLibrary.load();
        HuggingFaceTokenizer tokenizer = tokenizer(files);
        Model model = null;
        try {
            model = Model.newInstance(files.name(), "OnnxRuntime");
            model.load(
                    new ByteArrayInputStream(files.network()),
                    Map.of(
                            "interOpNumThreads",
                            "1",
                            "intraOpNumThreads",
                            Integer.toString(threads)));
            return new OnnxTextEmbedder(
                    files.name(),
                    model,
                    tokenizer,
                    model.newPredictor(new MeanPoolTranslator(tokenizer)));
        } catch (IOException | MalformedModelException | RuntimeException | LinkageError e) {
            close(model, tokenizer);
            throw new EmbeddingException("the model's network cannot be loaded: " + e, e);
        } catch (EmbeddingException e) {
            close(model, tokenizer);
            throw e;
        }
    }

    private static HuggingFaceTokenizer tokenizer(ModelFiles files) throws EmbeddingException {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(files.tokenizer()),
                    Map.of(
                            "padding",
                            "true",
                            "truncation",
                            "true",
                            "maxLength",
                            Integer.toString(MAX_TOKENS),
                            "modelMaxLength",
                            Integer.toString(MAX_TOKENS)));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new EmbeddingException("the model's tokenizer cannot be loaded: " + e, e);
        }
    }

    @Override
    public String model() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<float[]> embed(List<String> texts) throws EmbeddingException {
        List<float[]> vectors;
        try {
            vectors = predictor.predict(texts);
        } catch (TranslateException | RuntimeException e) {
            throw new EmbeddingException("the model failed: " + e, e);
        }
        for (float[] vector : vectors) {
            for (float number : vector) {
                if (!Float.isFinite(number)) {
                    throw new EmbeddingException("the model gave the number " + number);
                }
            }
        }
        return vectors;
    }

    @Override
    public void close() {
        predictor.close();
        close(model, tokenizer);
    }

    private static void close(Model model, HuggingFaceTokenizer tokenizer) {
        if (model != null) {
            model.close();
        }
        tokenizer.close();
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
