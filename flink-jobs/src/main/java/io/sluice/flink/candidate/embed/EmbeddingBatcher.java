package io.sluice.flink.candidate.embed;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a model about texts in batches, on one thread of its own. A batch goes when it is full, or
 * when its first text has waited long enough.
 */
final class EmbeddingBatcher implements AutoCloseable {

    private final TextEmbedder embedder;
    private final int most;
    private final Duration patience;
    private final BlockingQueue<Request> queue;
    private final Thread thread;

    private record Request(String text, CompletableFuture<float[]> vector) {}

    /**
     * @param embedder the model; closed with this
     * @param most texts of a full batch
     * @param patience how long a text waits for others
     * @param capacity texts that may wait
     */
    EmbeddingBatcher(TextEmbedder embedder, int most, Duration patience, int capacity) {
        this.embedder = embedder;
        this.most = most;
        this.patience = patience;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.thread = new Thread(this::run, "sluice-embedding");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The vector of a text, when it is there. It fails with what the model says, or at once where
     * too many texts wait. Whoever completes it before gives the text up.
     */
    CompletableFuture<float[]> submit(String text) {
        CompletableFuture<float[]> vector = new CompletableFuture<>();
        if (!queue.offer(new Request(text, vector))) {
            vector.completeExceptionally(
                    new EmbeddingException(queue.size() + " texts wait for the model already"));
        }
        return vector;
    }

    private void run() {
        List<Request> batch = new ArrayList<>(most);
        try {
            while (true) {
                collect(batch);
                answer(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // It is closed; nobody waits for what is left.
        } finally {
            embedder.close();
        }
    }

    private void collect(List<Request> batch) throws InterruptedException {
        batch.add(queue.take());
        long end = System.nanoTime() + patience.toNanos();
        while (batch.size() < most) {
            if (queue.drainTo(batch, most - batch.size()) == 0) {
                Request next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                batch.add(next);
            }
        }
        batch.removeIf(request -> request.vector().isDone());
    }

    private void answer(List<Request> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            List<float[]> vectors = embedder.embed(batch.stream().map(Request::text).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).vector().complete(vectors.get(i));
            }
        } catch (EmbeddingException | RuntimeException | LinkageError e) {
            batch.forEach(request -> request.vector().completeExceptionally(e));
        }
    }

    /** Stops after the batch that is under way. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
