package io.sluice.bridge.pool;

import io.sluice.core.pool.Stretch;
import io.sluice.core.pool.Stretch.Kind;
import io.sluice.core.pool.Stretch.Window;
import java.nio.ByteBuffer;

/** The values of a pool's folder that are not records of the contract; numbers big-endian. */
final class PoolValues {

    private PoolValues() {}

    /** First, end, documents, bytes, removed, weight. */
    static byte[] of(GroupStock stock) {
        return ByteBuffer.allocate(5 * Long.BYTES + Double.BYTES)
                .putLong(stock.first())
                .putLong(stock.end())
                .putLong(stock.documents())
                .putLong(stock.bytes())
                .putLong(stock.removed())
                .putDouble(stock.weight())
                .array();
    }

    static GroupStock stock(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        return new GroupStock(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getDouble());
    }

    /** One byte for the kind, then begin, the window's two ends, pass. */
    static byte[] of(Stretch stretch) {
        byte kind =
                switch (stretch.kind()) {
                    case FIRST -> 0;
                    case AGAIN -> 1;
                    case NONE -> 2;
                };
        return ByteBuffer.allocate(1 + 4 * Long.BYTES)
                .put(kind)
                .putLong(stretch.begin())
                .putLong(stretch.window().first())
                .putLong(stretch.window().end())
                .putLong(stretch.pass())
                .array();
    }

    static Stretch stretch(long from, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        byte number = in.get();
        Kind kind =
                switch (number) {
                    case 0 -> Kind.FIRST;
                    case 1 -> Kind.AGAIN;
                    case 2 -> Kind.NONE;
                    default -> throw new IllegalArgumentException("a stretch of kind " + number);
                };
        return new Stretch(
                from, kind, in.getLong(), new Window(in.getLong(), in.getLong()), in.getLong());
    }
}
