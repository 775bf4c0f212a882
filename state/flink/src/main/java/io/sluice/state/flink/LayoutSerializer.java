package io.sluice.state.flink;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Lets Flink store and ship a type by its {@link Layout}. Values are immutable, so copies are the
 * values themselves.
 *
 * @param <T> an immutable type
 */
public final class LayoutSerializer<T> extends TypeSerializer<T> {

    private static final long serialVersionUID = 1;

    private final Layout<T> layout;

    public LayoutSerializer(Layout<T> layout) {
        this.layout = layout;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public T createInstance() {
        return null;
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(T value, DataOutputView target) throws IOException {
        layout.put(value, target);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return layout.take(source);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return layout.take(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        layout.put(layout.take(source), target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayoutSerializer
                && layout.equals(((LayoutSerializer<?>) other).layout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layout);
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new Snapshot<>(layout);
    }

    /**
     * Names the layout in savepoints. The layout's own versions take care of its changes.
     *
     * @param <T> an immutable type
     */
    public static final class Snapshot<T> implements TypeSerializerSnapshot<T> {

        private static final int VERSION = 1;

        private Layout<T> layout;

        /** For Flink, which reads the rest from the savepoint. */
        public Snapshot() {}

        Snapshot(Layout<T> layout) {
            this.layout = layout;
        }

        @Override
        public int getCurrentVersion() {
            return VERSION;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(layout.getClass().getName());
        }

        @Override
        @SuppressWarnings("unchecked")
        public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
                throws IOException {
            String name = in.readUTF();
            try {
                Class<? extends Layout<?>> type =
                        (Class<? extends Layout<?>>)
                                Class.forName(name, true, classLoader).asSubclass(Layout.class);
                layout = (Layout<T>) type.getEnumConstants()[0];
            } catch (ClassNotFoundException | ClassCastException e) {
                throw new IOException(
                        "the savepoint names the layout "
                                + name
                                + ", which this build does not have",
                        e);
            }
        }

        @Override
        public TypeSerializer<T> restoreSerializer() {
            return new LayoutSerializer<>(layout);
        }

        @Override
        public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
                TypeSerializerSnapshot<T> before) {
            boolean same =
                    before instanceof Snapshot && ((Snapshot<T>) before).layout.equals(layout);
            return same
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }
}
