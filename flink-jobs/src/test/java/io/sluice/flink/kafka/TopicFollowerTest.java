package io.sluice.flink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.candidate.TestingTopicLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicFollowerTest {

    private final TestingTopicLog log = new TestingTopicLog();
    private final List<String> read = new ArrayList<>();

    @Test
    void aTopicIsReadWholeAtTheStartAndThenAsItGrows() {
        write(0, 5);
        try (TopicFollower follower =
                new TopicFollower(log, record -> read.add(record.key()), 1_000)) {
            assertThat(read).containsExactly("0", "1", "2", "3", "4");
            write(5, 6);
            follower.refresh(1_999);
            assertThat(read).hasSize(5);
            follower.refresh(2_000);
            assertThat(read).hasSize(6);
        }
    }

    @Test
    void ofATopicWhoseNewestRecordsCountOnlyThoseAreRead() {
        write(0, 5);
        try (TopicFollower follower =
                TopicFollower.ofLatest(2, log, record -> read.add(record.key()), 0)) {
            assertThat(read).containsExactly("3", "4");
            write(5, 9);
            follower.refreshNow(1);
            assertThat(read).containsExactly("3", "4", "5", "6", "7", "8");
        }
    }

    @Test
    void whereThereAreFewerRecordsAllAreRead() {
        write(0, 2);
        TopicFollower.ofLatest(10, log, record -> read.add(record.key()), 0).close();
        assertThat(read).containsExactly("0", "1");
    }

    private void write(int from, int to) {
        for (int i = from; i < to; i++) {
            log.add(Integer.toString(i), new byte[] {1});
        }
    }
}
