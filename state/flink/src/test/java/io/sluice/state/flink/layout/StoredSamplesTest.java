package io.sluice.state.flink.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.state.flink.Layout;
import io.sluice.state.flink.LayoutSerializer;
import io.sluice.state.flink.LayoutType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class StoredSamplesTest {

    @Test
    void everyLayoutHasATestAndASample() throws IOException, URISyntaxException {
        Path classes = Path.of(PlanLayout.class.getResource("PlanLayout.class").toURI());
        List<String> layouts;
        try (Stream<Path> files = Files.list(classes.getParent())) {
            layouts =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Layout.class"))
                            .map(name -> name.substring(0, name.length() - ".class".length()))
                            .toList();
        }

        assertThat(LayoutSampleWriter.LAYOUTS)
                .extracting(contract -> contract.layout().getClass().getSimpleName())
                .containsExactlyInAnyOrderElementsOf(layouts);
    }

    @Test
    void everyStoredTypeIsHandledByItsLayout() {
        for (LayoutContract<?> contract : LayoutSampleWriter.LAYOUTS) {
            Layout<?> layout = contract.layout();
            LayoutType<?> type = LayoutType.of(layout);

            assertThat(type.getTypeClass()).isEqualTo(layout.type());
            assertThat(type.createSerializer(new SerializerConfigImpl()))
                    .isEqualTo(new LayoutSerializer<>(layout));
            assertThat(type).isEqualTo(LayoutType.of(layout));
            assertThat(type.isKeyType()).isFalse();
        }
        assertThat(LayoutType.of(PlanLayout.INSTANCE))
                .isNotEqualTo(LayoutType.of(SignalLayout.INSTANCE));
    }

    @Test
    void aSavepointThatNamesAnUnknownLayoutSaysSo() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeUTF("io.sluice.state.flink.layout.FutureLayout");
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertThatThrownBy(
                        () ->
                                new LayoutSerializer.Snapshot<>()
                                        .readSnapshot(1, in, getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("FutureLayout, which this build does not have");
    }
}
