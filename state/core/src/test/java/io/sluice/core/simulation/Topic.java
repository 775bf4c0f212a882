package io.sluice.core.simulation;

import java.util.ArrayList;
import java.util.List;

/** One partition of the log: records by offset, for ever. */
final class Topic<T> {

    private final List<T> records = new ArrayList<>();

    /** Appends a record and answers its offset. */
    long append(T record) {
        records.add(record);
        return records.size() - 1;
    }

    T at(long offset) {
        return records.get((int) offset);
    }

    /** The offset that the next record gets. */
    long end() {
        return records.size();
    }
}
