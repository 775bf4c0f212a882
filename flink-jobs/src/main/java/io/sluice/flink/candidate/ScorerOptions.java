package io.sluice.flink.candidate;

import io.sluice.core.candidate.score.Sample;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the embedding model is asked.
 *
 * @param model where its files are, on every machine that runs the job; empty for no model
 * @param share share of the documents that it is asked about
 * @param batch most documents that it is asked about at once
 * @param patience how long an incomplete batch waits for more documents
 * @param threads threads that a batch is computed with
 * @param timeout after how long a document goes on without an answer
 */
public record ScorerOptions(
        String model, double share, int batch, Duration patience, int threads, Duration timeout)
        implements Serializable {

    /** Whether there is a model. */
    public boolean hasModel() {
        return !model.isEmpty();
    }

    /** Which documents the model is asked about. */
    public Sample sample() {
        return new Sample(share);
    }
}
