package io.sluice.bridge.pool;

import io.sluice.core.pool.Stretch.Window;

/**
 * What a pool holds of one group, and what became of the rest. Documents are numbered in the order
 * of admission.
 *
 * @param first number of the first document that was not evicted
 * @param end number that the next document gets
 * @param documents documents that are held
 * @param bytes their bytes
 * @param removed documents that were removed
 * @param weight sum of the weights of all documents so far
 */
record GroupStock(long first, long end, long documents, long bytes, long removed, double weight) {

    /** Nothing yet. */
    static final GroupStock EMPTY = new GroupStock(0, 0, 0, 0, 0, 0);

    /** One document more. */
    GroupStock with(long size, double itsWeight) {
        return new GroupStock(
                first, end + 1, documents + 1, bytes + size, removed, weight + itsWeight);
    }

    /** Without a document that was removed. */
    GroupStock without(long size) {
        return new GroupStock(first, end, documents - 1, bytes - size, removed + 1, weight);
    }

    /** Without the documents before a number, of which {@code count} were still held. */
    GroupStock evicted(long newFirst, long count, long size) {
        return new GroupStock(newFirst, end, documents - count, bytes - size, removed, weight);
    }

    /** The numbers that draws may take; none when all documents were removed. */
    Window window() {
        return documents == 0 ? Window.EMPTY : new Window(first, end);
    }
}
