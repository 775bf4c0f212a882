package io.sluice.flink.candidate.embed;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * A model of two numbers: texts that begin with "good" point along the first, others along the
 * second, and "broken" ones make it fail. It answers a batch for every permit.
 */
final class TestingEmbedder implements TextEmbedder {

    static final float[] GOOD = {1, 0};
    static final float[] OTHER = {0, 1};

    final List<List<String>> batches = new CopyOnWriteArrayList<>();
    final Semaphore permits = new Semaphore(0);

    /** Holds a permit for every batch that is to come. */
    static TestingEmbedder ready() {
        TestingEmbedder embedder = new TestingEmbedder();
        embedder.permits.release(1_000_000);
        return embedder;
    }

    @Override
    public String model() {
        return "testing-1";
    }

    @Override
    public int size() {
        return GOOD.length;
    }

    @Override
    public List<float[]> embed(List<String> texts) throws EmbeddingException {
        permits.acquireUninterruptibly();
        batches.add(texts);
        if (texts.stream().anyMatch(text -> text.startsWith("broken"))) {
            throw new EmbeddingException("the model gave the number NaN");
        }
        return texts.stream().map(text -> text.startsWith("good") ? GOOD : OTHER).toList();
    }

    @Override
    public void close() {}
}
