package io.sluice.djl;

/** A file of the corpus cannot be used. The message names the file and what to do about it. */
public final class CorpusException extends RuntimeException {

    CorpusException(String message) {
        super(message);
    }

    CorpusException(String message, Throwable cause) {
        super(message, cause);
    }
}
