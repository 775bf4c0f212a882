package io.sluice.ops.candidates;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import io.sluice.ops.UserException;
import io.sluice.schemas.TargetEmbedding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Turns a target's text into the vector that documents are compared with. */
public final class TargetEmbeddings {

    private static final int BATCH = 16;

    /** What takes its place when a target is no longer to be resembled. */
    private static final String NO_MODEL = "none";

    private TargetEmbeddings() {}

    /**
     * The vector of a target.
     *
     * @param documents documents that it is the mean of
     * @param model the model that it is of
     * @param vector its numbers
     */
    public record Embedded(long documents, String model, float[] vector) {

        /** The record for the catalogs topic. */
        public TargetEmbedding record(String catalog, String target, String by) {
            List<Float> numbers = new ArrayList<>(vector.length);
            for (float number : vector) {
                numbers.add(number);
            }
            return new TargetEmbedding(catalog, target, model, numbers, by);
        }
    }

    /** Withdraws what was registered. */
    public static TargetEmbedding none(String catalog, String target, String by) {
        return new TargetEmbedding(catalog, target, NO_MODEL, List.of(), by);
    }

    /**
     * The mean of the vectors of the files' documents.
     *
     * @throws UserException when a file or one of its documents cannot be read, there is none, or
     *     the model cannot be loaded or fails
     */
    public static Embedded of(List<Path> files, Split split, Path model) {
        try (TextEmbedder embedder =
                TextEmbedders.find(TargetEmbeddings.class.getClassLoader())
                        .open(model.toString(), Runtime.getRuntime().availableProcessors())) {
            Mean mean = new Mean(embedder);
            TargetTexts.read(files, split, mean::add);
            return mean.embedded();
        } catch (EmbeddingException e) {
            throw new UserException("nothing was registered: " + e.getMessage(), e);
        }
    }

    private static final class Mean {

        private final TextEmbedder embedder;
        private final double[] sum;
        private final List<String> waiting = new ArrayList<>(BATCH);
        private long documents;

        Mean(TextEmbedder embedder) {
            this.embedder = embedder;
            this.sum = new double[embedder.size()];
        }

        void add(String text) {
            waiting.add(text);
            if (waiting.size() == BATCH) {
                flush();
            }
        }

        private void flush() {
            try {
                for (float[] vector : embedder.embed(waiting)) {
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += vector[i];
                    }
                }
            } catch (EmbeddingException e) {
                throw new UserException("nothing was registered: " + e.getMessage(), e);
            }
            documents += waiting.size();
            waiting.clear();
        }

        Embedded embedded() {
            if (!waiting.isEmpty()) {
                flush();
            }
            if (documents == 0) {
                throw new UserException("the files hold no document: there is nothing to register");
            }
            float[] vector = new float[sum.length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) (sum[i] / documents);
            }
            return new Embedded(documents, embedder.model(), vector);
        }
    }
}
