package io.sluice.djl;

/**
 * A checkpoint cannot be read, written or resumed from. The message names the file or the field.
 */
public final class CheckpointException extends RuntimeException {

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
