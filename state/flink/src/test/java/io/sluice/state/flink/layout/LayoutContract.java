package io.sluice.state.flink.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.state.flink.Layout;
import io.sluice.state.flink.LayoutSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * What every layout owes to those who store by it.
 *
 * @param <T> the type that is stored
 */
abstract class LayoutContract<T> {

    /** The layout. */
    abstract Layout<T> layout();

    /**
     * A value as a run would store it. It is what the newest stored sample holds, so it changes
     * only together with the layout's version.
     */
    abstract T realistic();

    /** Values at the ends of what may be stored. */
    abstract List<T> extremes();

    /** What the stored sample of a version holds. A layout with a past answers for its versions. */
    T stored(int version) {
        return realistic();
    }

    @Test
    void aRealisticValueReadsBackEqual() throws IOException {
        assertReadsBack(realistic());
    }

    @Test
    void extremesReadBackEqual() throws IOException {
        for (T value : extremes()) {
            assertReadsBack(value);
        }
    }

    @Test
    void valuesThatFollowOneAnotherAreReadOneByOne() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer().serialize(realistic(), out);
        for (T value : extremes()) {
            serializer().serialize(value, out);
        }
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertEqual(serializer().deserialize(in), realistic());
        for (T value : extremes()) {
            assertThat(bytes(serializer().deserialize(null, in))).isEqualTo(bytes(value));
        }
        assertThat(in.available()).isZero();
    }

    @Test
    void aCopyIsTheValueItself() {
        T value = realistic();

        assertThat(serializer().isImmutableType()).isTrue();
        assertThat(serializer().copy(value)).isSameAs(value);
        assertThat(serializer().copy(value, null)).isSameAs(value);
        assertThat(serializer().duplicate().copy(value)).isSameAs(value);
    }

    @Test
    void aCopyOfStoredBytesIsTheSameBytes() throws IOException {
        byte[] stored = bytes(realistic());
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer().copy(new DataInputDeserializer(stored), out);

        assertThat(out.getCopyOfBuffer()).isEqualTo(stored);
    }

    @Test
    void aValueOfANewerVersionIsRefused() throws IOException {
        int newer = layout().version() + 1;
        byte[] stored = bytes(realistic());
        stored[0] = (byte) newer;

        assertThatThrownBy(() -> value(stored))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(layout().type().getSimpleName())
                .hasMessageContaining("stored in version " + newer)
                .hasMessageContaining("reads 1 to " + layout().version())
                .hasMessageContaining("run the newer build, or restore an older savepoint");
    }

    @Test
    void aValueWithoutAVersionIsRefused() throws IOException {
        byte[] stored = bytes(realistic());
        stored[0] = 0;

        assertThatThrownBy(() -> value(stored))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stored in version 0");
    }

    @Test
    void aSnapshotOfTheSerializerIsCompatibleWhenItIsRestored() throws IOException {
        TypeSerializerSnapshot<T> restored = written(serializer().snapshotConfiguration());

        assertThat(
                        serializer()
                                .snapshotConfiguration()
                                .resolveSchemaCompatibility(restored)
                                .isCompatibleAsIs())
                .isTrue();
        assertThat(restored.restoreSerializer())
                .isEqualTo(serializer())
                .hasSameHashCodeAs(serializer());
    }

    @Test
    void anotherLayoutIsIncompatible() throws IOException {
        Layout<?> other =
                layout() == PlanLayout.INSTANCE ? AttemptLayout.INSTANCE : PlanLayout.INSTANCE;

        assertThat(
                        new LayoutSerializer<>(layout())
                                .snapshotConfiguration()
                                .resolveSchemaCompatibility(snapshotOf(other))
                                .isIncompatible())
                .isTrue();
        assertThat(serializer()).isNotEqualTo(new LayoutSerializer<>(other));
    }

    @Test
    void theStoredBytesOfEveryVersionStillRead() throws IOException {
        for (int version = 1; version <= layout().version(); version++) {
            assertEqual(value(sample(version)), stored(version));
        }
    }

    @Test
    void theNewestVersionStillWritesItsStoredBytes() throws IOException {
        assertThat(bytes(realistic()))
                .as("a layout that writes other bytes is a new version")
                .isEqualTo(sample(layout().version()));
    }

    /** The encoded form of a value, with its version. */
    final byte[] bytes(T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer().serialize(value, out);
        return out.getCopyOfBuffer();
    }

    /** Where the stored sample of a version lies among the resources. */
    final String sampleName(int version) {
        return "layouts/" + layout().type().getSimpleName() + "/v" + version + ".bin";
    }

    private LayoutSerializer<T> serializer() {
        return new LayoutSerializer<>(layout());
    }

    private T value(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T value = serializer().deserialize(in);
        assertThat(in.available()).as("bytes that were not read").isZero();
        return value;
    }

    private byte[] sample(int version) throws IOException {
        String name = sampleName(version);
        try (InputStream in = LayoutContract.class.getResourceAsStream("/" + name)) {
            assertThat(in).as("%s; LayoutSampleWriter writes a missing one", name).isNotNull();
            return in.readAllBytes();
        }
    }

    private void assertReadsBack(T value) throws IOException {
        byte[] stored = bytes(value);
        T read = value(stored);
        assertEqual(read, value);
        assertThat(bytes(read)).isEqualTo(stored);
    }

    private void assertEqual(T actual, T expected) {
        assertThat(PlainValues.of(actual)).isEqualTo(PlainValues.of(expected));
    }

    private static <T> TypeSerializerSnapshot<T> written(TypeSerializerSnapshot<T> snapshot)
            throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, snapshot);
        return TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()),
                LayoutContract.class.getClassLoader());
    }

    /** As Flink does when a state's name now stands for another type. */
    @SuppressWarnings("unchecked")
    private static <T> TypeSerializerSnapshot<T> snapshotOf(Layout<?> layout) throws IOException {
        return (TypeSerializerSnapshot<T>)
                written(new LayoutSerializer<>(layout).snapshotConfiguration());
    }
}
