package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import io.sluice.ops.stack.LocalStack;
import io.sluice.ops.stack.Topics;
import io.sluice.ops.stack.Topics.Found;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StackExtension.class)
final class TopicsIT {

    @Test
    void missingTopicsAreCreatedOnceAndFoundGoodAfterwards(LocalStack stack) throws Exception {
        assertThat(Topics.inspect(stack.client(), "new.", 3)).noneMatch(Found::existed);
        List<Found> created = Topics.create(stack.client(), "new.", 3, (short) 1);
        assertThat(created).hasSize(Topic.values().length).noneMatch(Found::existed);
        assertThat(Topics.create(stack.client(), "new.", 3, (short) 1))
                .allMatch(Found::existed)
                .allMatch(found -> found.faults().isEmpty())
                .allMatch(found -> found.partitions() == (found.topic() == Topic.CLAIMS ? 1 : 3));
    }

    @Test
    void aTopicWithOtherSettingsIsToldAndLeftAlone(LocalStack stack) throws Exception {
        try (Admin admin = Admin.create(stack.client())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("odd.claims", 2, (short) 1)
                                            .configs(Topic.CLAIMS.settings()),
                                    new NewTopic("odd.plans", 1, (short) 1)
                                            .configs(
                                                    Map.of(
                                                            "cleanup.policy", "compact",
                                                            "retention.ms", "1000",
                                                            "max.message.bytes", "1000"))))
                    .all()
                    .get();
        }
        List<Found> found = Topics.inspect(stack.client(), "odd.", 1);
        assertThat(faults(found, Topic.CLAIMS)).singleElement().asString().contains("must have 1");
        assertThat(faults(found, Topic.PLANS))
                .hasSize(3)
                .anyMatch(fault -> fault.contains("cleanup.policy=compact"))
                .anyMatch(fault -> fault.contains("retention.ms=1000"))
                .anyMatch(fault -> fault.contains("max.message.bytes=1000"));
    }

    @Test
    void moreCopiesThanBrokersAreRefusedInOneLine(LocalStack stack) {
        assertThatThrownBy(() -> Topics.create(stack.client(), "many.", 1, (short) 3))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("refuse");
    }

    private static List<String> faults(List<Found> all, Topic topic) {
        return all.stream()
                .filter(found -> found.topic() == topic)
                .findAny()
                .orElseThrow()
                .faults();
    }
}
