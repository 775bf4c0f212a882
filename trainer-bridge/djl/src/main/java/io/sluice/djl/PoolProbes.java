package io.sluice.djl;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolException;
import io.sluice.bridge.pool.PooledDocument;
import io.sluice.core.domain.GroupId;
import io.sluice.core.sketch.Hashes;
import java.util.Optional;

/**
 * Rows of a group's documents in a pool, to measure with and not to train on: pieces of documents
 * that the pool holds, chosen by seed, group and step.
 */
final class PoolProbes {

    /** Documents that a row may be put together from. */
    private static final int MOST_DOCUMENTS = 64;

    private final GroupId group;
    private final DocumentPool pool;
    private final int rowLength;
    private final long stream;
    private long words;

    /**
     * @param rowLength bytes of a row
     */
    PoolProbes(GroupId group, DocumentPool pool, int rowLength, long seed, long step) {
        this.group = group;
        this.pool = pool;
        this.rowLength = rowLength;
        this.stream = Hashes.mix64(seed, Hashes.hash(group.value()), step);
    }

    /** So many rows; none where the pool holds no text of the group. */
    byte[][] take(int rows) {
        byte[][] taken = new byte[rows][];
        for (int i = 0; i < rows; i++) {
            Optional<byte[]> row = next();
            if (row.isEmpty()) {
                return new byte[0][];
            }
            taken[i] = row.get();
        }
        return taken;
    }

    private Optional<byte[]> next() {
        byte[] row = new byte[rowLength];
        int filled = 0;
        for (int i = 0; i < MOST_DOCUMENTS && filled < rowLength; i++) {
            Optional<PooledDocument> document = sample();
            if (document.isEmpty()) {
                return Optional.empty();
            }
            byte[] text = document.get().text();
            int spare = Math.max(0, text.length - (rowLength - filled));
            int from = (int) Long.remainderUnsigned(word(), spare + 1L);
            int count = Math.min(rowLength - filled, text.length);
            System.arraycopy(text, from, row, filled, count);
            filled += count;
        }
        return filled < rowLength ? Optional.empty() : Optional.of(row);
    }

    private Optional<PooledDocument> sample() {
        try {
            return pool.sample(group, word());
        } catch (PoolException e) {
            return Optional.empty();
        }
    }

    private long word() {
        return Hashes.mix64(stream, 0, words++);
    }
}
