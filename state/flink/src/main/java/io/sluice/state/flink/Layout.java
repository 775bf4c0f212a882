package io.sluice.state.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * The stored form of one type. Every stored value starts with the version of its layout, so that a
 * newer build reads what an older one wrote without a migration step; values are rewritten in the
 * newest version as they change.
 *
 * <p>Implementations are enums with one constant: stateless, serializable, and found again by their
 * class name.
 *
 * @param <T> an immutable type
 */
public interface Layout<T> extends Serializable {

    /** The type that is stored. */
    Class<T> type();

    /** Version that {@link #write} produces, 1 to 255. */
    int version();

    /** Writes a value in the newest version. */
    void write(T value, DataOutput out) throws IOException;

    /** Reads a value of any version from 1 to {@link #version()}. */
    T read(DataInput in, int version) throws IOException;

    /** Writes the version and the value. */
    default void put(T value, DataOutput out) throws IOException {
        out.writeByte(version());
        write(value, out);
    }

    /**
     * Reads what {@link #put} wrote.
     *
     * @throws IOException when the value was written by a newer build
     */
    default T take(DataInput in) throws IOException {
        int stored = in.readUnsignedByte();
        if (stored < 1 || stored > version()) {
            throw new IOException(
                    type().getSimpleName()
                            + " is stored in version "
                            + stored
                            + ", and this build reads 1 to "
                            + version()
                            + ": run the newer build, or restore an older savepoint");
        }
        return read(in, stored);
    }
}
