package io.sluice.core.candidate.score;

import java.util.ServiceLoader;

/**
 * Loads models. An implementation is found on the class path by {@link ServiceLoader}, so that
 * nothing that runs without a model carries a model's runtime.
 */
public interface TextEmbedders {

    /**
     * Loads a model.
     *
     * @param location where its files are
     * @param threads threads that one batch is computed with, at least 1
     * @throws EmbeddingException when the files are missing, or are no model
     */
    TextEmbedder open(String location, int threads) throws EmbeddingException;

    /**
     * What the class path has, as the class loader sees it.
     *
     * @throws EmbeddingException when there is nothing
     */
    static TextEmbedders find(ClassLoader loader) throws EmbeddingException {
        return ServiceLoader.load(TextEmbedders.class, loader)
                .findFirst()
                .orElseThrow(
                        () ->
                                new EmbeddingException(
                                        "nothing on the class path can run a model: add the jars that"
                                                + " scorer/target/sluice-scorer.classpath lists"));
    }
}
