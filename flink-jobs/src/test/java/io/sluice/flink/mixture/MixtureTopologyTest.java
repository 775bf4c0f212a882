package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.flink.testing.TestingRun;
import io.sluice.state.flink.Layout;
import io.sluice.state.flink.LayoutSerializer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class MixtureTopologyTest {

    private final StreamExecutionEnvironment environment =
            StreamExecutionEnvironment.getExecutionEnvironment(MixtureJob.settings());
    private final Map<String, StreamNode> nodes = build();

    @Test
    void itBuildsWithoutGenericTypes() {
        assertThat(environment.getConfig().getSerializerConfig().hasGenericTypesDisabled())
                .isTrue();
    }

    /**
     * A savepoint finds its operators by these; a change loses state. Flink derives a committer's
     * from its sink's.
     */
    @Test
    void everyOperatorHasItsFixedUid() {
        assertThat(nodes)
                .containsOnlyKeys(
                        "mixture-records",
                        "mixture-intake",
                        "mixture-rounds",
                        "mixture-decision",
                        "mixture-feedback",
                        "Sink Committer: mixture-feedback",
                        "mixture-rejects",
                        "Sink Committer: mixture-rejects");
    }

    @Test
    void theMaximumParallelismIsFixedForItDecidesWhereKeysLie() {
        assertThat(environment.getConfig().getMaxParallelism()).isEqualTo(240);
    }

    @Test
    void everyStageEmitsByItsLayout() {
        assertEmits("mixture-records", RawRecordLayout.INSTANCE);
        assertEmits("mixture-intake", RoutedLayout.INSTANCE);
        assertEmits("mixture-rounds", StageEventLayout.INSTANCE);
        assertEmits("mixture-decision", OutboundRecordLayout.INSTANCE);
        assertThat(
                        RejectOutput.TAG
                                .getTypeInfo()
                                .createSerializer(environment.getConfig().getSerializerConfig()))
                .isEqualTo(new LayoutSerializer<>(OutboundRecordLayout.INSTANCE));
    }

    @Test
    void nothingFallsToKryo() {
        Collection<TypeSerializer<?>> serializers =
                nodes.values().stream()
                        .flatMap(MixtureTopologyTest::serializers)
                        .collect(Collectors.toList());

        assertThat(serializers).hasSizeGreaterThan(10).noneMatch(KryoSerializer.class::isInstance);
    }

    @Test
    void stagesAreKeyedByPlainValues() {
        assertThat(nodes.get("mixture-intake").getStateKeySerializer().getClass().getSimpleName())
                .isEqualTo("StringSerializer");
        assertThat(nodes.get("mixture-rounds").getStateKeySerializer().getClass().getSimpleName())
                .isEqualTo("TupleSerializer");
        assertThat(nodes.get("mixture-decision").getStateKeySerializer().getClass().getSimpleName())
                .isEqualTo("StringSerializer");
    }

    private void assertEmits(String uid, Layout<?> layout) {
        assertThat((Object) nodes.get(uid).getTypeSerializerOut())
                .isEqualTo(new LayoutSerializer<>(layout));
    }

    private static Stream<TypeSerializer<?>> serializers(StreamNode node) {
        return Stream.concat(
                        Arrays.stream(node.getTypeSerializersIn()),
                        Stream.of(node.getTypeSerializerOut(), node.getStateKeySerializer()))
                .filter(Objects::nonNull);
    }

    private Map<String, StreamNode> build() {
        MixtureTopology.build(environment, TestingRun.OPTIONS, controller -> 1);
        return environment.getStreamGraph().getStreamNodes().stream()
                .collect(
                        Collectors.toMap(
                                node ->
                                        Objects.requireNonNull(
                                                node.getTransformationUID(),
                                                () -> node.getOperatorName() + " has no uid"),
                                node -> node));
    }
}
