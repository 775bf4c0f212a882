package io.sluice.state.flink;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Tells Flink to handle a type by its {@link Layout}, wherever it is sent or stored.
 *
 * @param <T> an immutable type
 */
public final class LayoutType<T> extends TypeInformation<T> {

    private static final long serialVersionUID = 1;

    private final Layout<T> layout;

    private LayoutType(Layout<T> layout) {
        this.layout = layout;
    }

    /** The type information of a layout. */
    public static <T> LayoutType<T> of(Layout<T> layout) {
        return new LayoutType<>(layout);
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return layout.type();
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new LayoutSerializer<>(layout);
    }

    @Override
    public String toString() {
        return "LayoutType<" + layout.type().getSimpleName() + ">";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayoutType && layout.equals(((LayoutType<?>) other).layout);
    }

    @Override
    public int hashCode() {
        return layout.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof LayoutType;
    }
}
