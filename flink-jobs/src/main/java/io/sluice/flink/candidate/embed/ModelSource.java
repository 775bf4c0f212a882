package io.sluice.flink.candidate.embed;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import io.sluice.flink.candidate.ScorerOptions;
import java.io.Serializable;

/** Where a task gets the model from. */
@FunctionalInterface
public interface ModelSource extends Serializable {

    /**
     * Loads the model.
     *
     * @throws EmbeddingException when it cannot be loaded
     */
    TextEmbedder load(ScorerOptions options, ClassLoader loader) throws EmbeddingException;

    /** What is found on the job's class path. */
    static TextEmbedder fromClassPath(ScorerOptions options, ClassLoader loader)
            throws EmbeddingException {
        return TextEmbedders.find(loader).open(options.model(), options.threads());
    }
}
