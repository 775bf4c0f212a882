package io.sluice.djl;

/** A text to train on or to measure with. */
@FunctionalInterface
public interface CorpusText {

    /**
     * The text: documents separated by a line that holds one form feed.
     *
     * @throws CorpusException when it cannot be had
     */
    byte[] read();
}
