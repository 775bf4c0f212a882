package io.sluice.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPositionsTest {

    @Test
    void aRecordIsTakenOnce() {
        TopicPositions positions = new TopicPositions(Map.of(0, 5L), Map.of());
        assertThat(positions.wants("code", 0, 4)).isFalse();
        assertThat(positions.wants("code", 0, 5)).isTrue();
        positions.passed(0, 5);
        assertThat(positions.wants("code", 0, 5)).isFalse();
        assertThat(positions.wants("code", 1, 0)).isTrue();
    }

    @Test
    void aFullGroupLeavesTheOthersTheirWay() {
        TopicPositions positions = new TopicPositions(Map.of(), Map.of());
        positions.fellBehind("web", 0, 0);
        positions.passed(0, 0);
        assertThat(positions.wants("web", 0, 1)).isFalse();
        assertThat(positions.wants("code", 0, 1)).isTrue();
        positions.passed(0, 1);
        assertThat(positions.behind()).isEqualTo(Map.of("web", Map.of(0, 0L)));
        assertThat(positions.begin(Set.of(0, 1), Set.of())).isEqualTo(Map.of(0, 2L, 1, 0L));
    }

    @Test
    void aGroupThatHasRoomAgainTakesWhatItLeftAndNothingTwice() {
        TopicPositions positions = new TopicPositions(Map.of(), Map.of());
        List<String> topic = List.of("web", "code", "web", "code", "web");
        List<Long> web = new ArrayList<>();
        List<Long> code = new ArrayList<>();
        read(positions, topic, 0, 1, web, code);
        assertThat(positions.begin(Set.of(0), Set.of("web"))).isEqualTo(Map.of(0, 2L));
        assertThat(positions.isCatchingUp()).isTrue();
        read(positions, topic, 2, 9, web, code);
        assertThat(positions.isCatchingUp()).isFalse();
        assertThat(web).containsExactly(0L, 2L, 4L);
        assertThat(code).containsExactly(1L, 3L);
    }

    @Test
    void aGroupThatIsFullAgainWhileItCatchesUpStaysBehind() {
        TopicPositions positions = new TopicPositions(Map.of(), Map.of());
        List<String> topic = List.of("web", "web", "web", "web");
        List<Long> web = new ArrayList<>();
        read(positions, topic, 0, 1, web, List.of());
        positions.begin(Set.of(0), Set.of("web"));
        read(positions, topic, 1, 2, web, List.of());
        assertThat(positions.isCatchingUp()).isFalse();
        assertThat(positions.behind()).isEqualTo(Map.of("web", Map.of(0, 2L)));
        TopicPositions restored = new TopicPositions(positions.read(), positions.behind());
        restored.begin(Set.of(0), Set.of("web"));
        read(restored, topic, 2, 9, web, List.of());
        assertThat(web).containsExactly(0L, 1L, 2L, 3L);
    }

    /** Reads on; the group web has room until it holds {@code room} records. */
    private static void read(
            TopicPositions positions,
            List<String> topic,
            long from,
            int room,
            List<Long> web,
            List<Long> code) {
        for (long offset = from; offset < topic.size(); offset++) {
            String group = topic.get((int) offset);
            if (positions.wants(group, 0, offset)) {
                if (group.equals("code")) {
                    code.add(offset);
                } else if (web.size() < room) {
                    web.add(offset);
                } else {
                    positions.fellBehind(group, 0, offset);
                }
            }
            positions.passed(0, offset);
        }
    }
}
