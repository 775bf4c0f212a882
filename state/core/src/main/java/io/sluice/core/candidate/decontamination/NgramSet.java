package io.sluice.core.candidate.decontamination;

import io.sluice.core.sketch.Hashes;
import java.util.List;

/** A set of 64-bit hashes in 16 to 32 bytes each: exact but for hashes that collide. */
public final class NgramSet {

    /** Most hashes of a set; their table takes up to 128 MiB. */
    public static final int MOST = 1 << 22;

    /** Stands for 0, which marks a free place. */
    private static final long ZERO = Hashes.GOLDEN;

    private final long[] table;
    private final int size;

    private NgramSet(long[] table, int size) {
        this.table = table;
        this.size = size;
    }

    /** The union of some arrays of hashes. */
    public static NgramSet of(List<long[]> parts) {
        long total = parts.stream().mapToLong(part -> part.length).sum();
        if (total > MOST) {
            throw new IllegalArgumentException(
                    total + " n-grams are too many for one filter: at most " + MOST);
        }
        int capacity = Integer.highestOneBit(Math.max(1, (int) total)) << 2;
        long[] table = new long[capacity];
        int size = 0;
        for (long[] part : parts) {
            for (long ngram : part) {
                size += insert(table, ngram) ? 1 : 0;
            }
        }
        return new NgramSet(table, size);
    }

    /** Number of different hashes. */
    public int size() {
        return size;
    }

    /** Whether the set holds a hash. */
    public boolean contains(long ngram) {
        return table[place(table, ngram)] != 0;
    }

    /** How many of {@code ngrams} the set holds, counted as often as they occur. */
    public int shared(long[] ngrams) {
        int shared = 0;
        for (long ngram : ngrams) {
            shared += contains(ngram) ? 1 : 0;
        }
        return shared;
    }

    private static boolean insert(long[] table, long ngram) {
        int place = place(table, ngram);
        if (table[place] != 0) {
            return false;
        }
        table[place] = ngram == 0 ? ZERO : ngram;
        return true;
    }

    /** Where the hash is, or the free place where it belongs. */
    private static int place(long[] table, long ngram) {
        long value = ngram == 0 ? ZERO : ngram;
        int mask = table.length - 1;
        int place = (int) Hashes.fin(value) & mask;
        while (table[place] != 0 && table[place] != value) {
            place = place + 1 & mask;
        }
        return place;
    }
}
