package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

    private final RecentlyUsed<String, Integer> recent = new RecentlyUsed<>(2);

    @Test
    void whatWasNeverPutIsAbsent() {
        assertThat(recent.get("a")).isNull();
    }

    @Test
    void putReturnsAndReplaces() {
        assertThat(recent.put("a", 1)).isEqualTo(1);
        assertThat(recent.put("a", 2)).isEqualTo(2);
        assertThat(recent.get("a")).isEqualTo(2);
    }

    @Test
    void theKeyThatWasNotUsedForLongestGoes() {
        recent.put("a", 1);
        recent.put("b", 2);
        recent.get("a");
        recent.put("c", 3);

        assertThat(recent.get("a")).isEqualTo(1);
        assertThat(recent.get("b")).isNull();
        assertThat(recent.get("c")).isEqualTo(3);
    }

    @Test
    void whatIsDroppedIsTold() {
        List<String> dropped = new ArrayList<>();
        RecentlyUsed<String, Integer> told =
                new RecentlyUsed<>(2, (key, value) -> dropped.add(key + value));
        told.put("a", 1);
        told.put("b", 2);
        assertThat(told.remove("a")).isEqualTo(1);
        told.put("c", 3);
        assertThat(dropped).isEmpty();

        told.put("d", 4);

        assertThat(dropped).containsExactly("b2");
        assertThat(told.get("b")).isNull();
    }
}
