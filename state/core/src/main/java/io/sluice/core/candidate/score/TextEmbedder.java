package io.sluice.core.candidate.score;

import java.util.List;

/**
 * A model that turns a text into a vector, so that texts which mean the like lie close together.
 * For one thread at a time.
 */
public interface TextEmbedder extends AutoCloseable {

    /** Names the model and its files: vectors of different names do not compare. */
    String model();

    /** Numbers in a vector. */
    int size();

    /**
     * The vectors of some texts, of length 1 each, in their order.
     *
     * @throws EmbeddingException when the model fails, or gives a number that is not finite
     */
    List<float[]> embed(List<String> texts) throws EmbeddingException;

    @Override
    void close();
}
