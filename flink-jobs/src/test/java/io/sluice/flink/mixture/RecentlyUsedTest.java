package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;

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
}
