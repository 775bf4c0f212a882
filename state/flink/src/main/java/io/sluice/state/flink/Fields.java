package io.sluice.state.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Building blocks of layouts: lists, arrays and optional values. */
public final class Fields {

    private Fields() {}

    /** Writes one item. */
    @FunctionalInterface
    public interface Writer<T> {
        /** Writes {@code item}. */
        void write(T item, DataOutput out) throws IOException;
    }

    /** Reads one item. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Reads an item. */
        T read(DataInput in) throws IOException;
    }

    /** Writes the size and the items. */
    public static <T> void writeList(List<T> items, DataOutput out, Writer<T> writer)
            throws IOException {
        out.writeInt(items.size());
        for (T item : items) {
            writer.write(item, out);
        }
    }

    /** Reads what {@link #writeList} wrote. */
    public static <T> List<T> readList(DataInput in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            items.add(reader.read(in));
        }
        return items;
    }

    /** Writes whether there is a value, and the value. */
    public static <T> void writeOptional(Optional<T> value, DataOutput out, Writer<T> writer)
            throws IOException {
        out.writeBoolean(value.isPresent());
        if (value.isPresent()) {
            writer.write(value.get(), out);
        }
    }

    /** Reads what {@link #writeOptional} wrote. */
    public static <T> Optional<T> readOptional(DataInput in, Reader<T> reader) throws IOException {
        return in.readBoolean() ? Optional.of(reader.read(in)) : Optional.empty();
    }

    /** Writes the length and the bytes. */
    public static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads what {@link #writeBytes} wrote. */
    public static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    /** Writes the length and the numbers. */
    public static void writeDoubles(double[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    /** Reads what {@link #writeDoubles} wrote. */
    public static double[] readDoubles(DataInput in) throws IOException {
        double[] values = new double[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    /** Writes a number of at least 0 in as few bytes as it needs, seven bits each. */
    public static void writeVarLong(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Reads what {@link #writeVarLong} wrote. */
    public static long readVarLong(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int part = in.readUnsignedByte();
            value |= (part & 0x7fL) << shift;
            if (part < 0x80) {
                return value;
            }
        }
        throw new IOException("a number of more than ten bytes");
    }

    /** Writes text as its UTF-8 bytes; much cheaper than {@link DataOutput#writeUTF}. */
    public static void writeText(String text, DataOutput out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeVarLong(bytes.length, out);
        out.write(bytes);
    }

    /** Reads what {@link #writeText} wrote. */
    public static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(readVarLong(in))];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes an enum constant by its name, so that its position may change. */
    public static void writeEnum(Enum<?> constant, DataOutput out) throws IOException {
        out.writeUTF(constant.name());
    }

    /** Reads what {@link #writeEnum} wrote. */
    public static <E extends Enum<E>> E readEnum(Class<E> type, DataInput in) throws IOException {
        return Enum.valueOf(type, in.readUTF());
    }
}
