package io.sluice.bridge.pool;

import io.sluice.core.domain.Ids;

/**
 * Which documents a bridge holds, and how many.
 *
 * @param catalog the catalog whose documents are held
 * @param bytes most bytes of documents in all. Too small: the trainer repeats what it has while new
 *     documents wait in the log. Too large: disk
 * @param groupBytes most bytes of one group's documents, at most {@code bytes}
 */
public record PoolOptions(String catalog, long bytes, long groupBytes) {

    /** Room for some of the largest documents. */
    static final long LEAST_BYTES = 4L << 20;

    public PoolOptions {
        Ids.require(catalog, "catalog");
        if (groupBytes < LEAST_BYTES || bytes < groupBytes) {
            throw new IllegalArgumentException(
                    "a pool of "
                            + bytes
                            + " bytes with "
                            + groupBytes
                            + " bytes a group: a group has at least "
                            + LEAST_BYTES
                            + " bytes, and the pool no fewer");
        }
    }

    /** The defaults: 8 GiB in all, 1 GiB a group. */
    public static PoolOptions of(String catalog) {
        return new PoolOptions(catalog, 8L << 30, 1L << 30);
    }
}
