package io.sluice.djl;

/** A file of the corpus cannot be used. The message names the file and what to do about it. */
public final class CorpusException extends RuntimeException {

    /** A fault of a corpus, and what to do about it. */
    public CorpusException(String message) {
        super(message);
    }

    /** A fault of a corpus with its cause, and what to do about it. */
    public CorpusException(String message, Throwable cause) {
        super(message, cause);
    }
}
