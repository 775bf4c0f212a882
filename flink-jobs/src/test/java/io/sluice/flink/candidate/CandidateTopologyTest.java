package io.sluice.flink.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class CandidateTopologyTest {

    private final StreamExecutionEnvironment environment =
            StreamExecutionEnvironment.getExecutionEnvironment(CandidateJob.settings());

    /** A savepoint finds its operators by these; a change loses state. */
    @Test
    void everyOperatorHasItsFixedUidAndNothingFallsToKryo() {
        CandidateTopology.build(environment, CandidateStages.options());
        List<String> uids =
                environment.getStreamGraph().getStreamNodes().stream()
                        .map(StreamNode::getTransformationUID)
                        .map(uid -> Objects.requireNonNull(uid, "an operator has no uid"))
                        .toList();
        assertThat(uids)
                .containsExactlyInAnyOrder(
                        "candidate-candidates-source",
                        "candidate-catalogs-source",
                        "candidate-validate",
                        "candidate-requests",
                        "candidate-dedup",
                        "candidate-embed",
                        "candidate-admit",
                        "candidate-documents",
                        "Sink Committer: candidate-documents",
                        "candidate-rejects",
                        "Sink Committer: candidate-rejects");
        assertThat(environment.getConfig().getSerializerConfig().hasGenericTypesDisabled())
                .isTrue();
        assertThat(environment.getConfig().getMaxParallelism()).isEqualTo(240);
    }
}
