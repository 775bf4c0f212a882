package io.sluice.scorer;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Loads models from a folder or a jar; see {@link ModelFiles}. */
public final class OnnxTextEmbedders implements TextEmbedders {

    @Override
    public TextEmbedder open(String location, int threads) throws EmbeddingException {
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException e) {
            throw new EmbeddingException("the model '" + location + "' is not a path", e);
        }
        return OnnxTextEmbedder.load(ModelFiles.read(path), threads);
    }
}
