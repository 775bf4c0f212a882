package io.sluice.djl;

/**
 * Training cannot go on: a loss or a gradient is not finite, or the session asks the impossible.
 */
public final class TrainingException extends RuntimeException {

    TrainingException(String message) {
        super(message);
    }
}
