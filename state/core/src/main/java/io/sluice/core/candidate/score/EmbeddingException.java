package io.sluice.core.candidate.score;

/** A model cannot be loaded, or does not give what it should; the message names what is wrong. */
public final class EmbeddingException extends Exception {

    private static final long serialVersionUID = 1;

    public EmbeddingException(String message) {
        super(message);
    }

    public EmbeddingException(String message, Throwable cause) {
        super(message, cause);
    }
}
