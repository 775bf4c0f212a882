package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Switches the recording of operations for the backward pass on and off, for the calling thread.
 *
 * <p>The engine's own collector allows one recording in the whole JVM at a time; the native switch
 * is per thread, so several trainers can share a JVM. A thread's switch is on until somebody turns
 * it off.
 */
final class Autograd {

    private Autograd() {}

    /** Runs {@code body} with operations on weights being recorded. */
    static <T> T recording(Supplier<T> body) {
        return with(true, body);
    }

    /** Runs {@code body} with nothing being recorded: no memory is kept for a backward pass. */
    static <T> T notRecording(Supplier<T> body) {
        return with(false, body);
    }

    /** Adds {@code factor} times the gradient of {@code scalar} to the weights' gradient. */
    static void backward(NDArray scalar, NDArray factor) {
        JniUtils.backward((PtNDArray) scalar, (PtNDArray) factor, false, false);
    }

    private static <T> T with(boolean recording, Supplier<T> body) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(recording);
        try {
            return body.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
