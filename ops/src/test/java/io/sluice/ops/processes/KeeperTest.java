package io.sluice.ops.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeeperTest {

    private static final Duration MOMENT = Duration.ofMillis(500);

    private final List<String> messages = new ArrayList<>();
    private final TestingProcess broker = new TestingProcess("broker");
    private final TestingProcess bridge = new TestingProcess("bridge");
    private Instant now = Instant.EPOCH;
    private final Keeper keeper = new Keeper(() -> now, messages::add);

    /** Ends and starts when the test says so. */
    private static final class TestingProcess implements Kept {

        private final String name;
        private boolean alive = true;
        private boolean startable = true;
        private int starts;

        TestingProcess(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void requireAlive() {
            if (!alive) {
                throw new UserException(name + " ended with code 137");
            }
        }

        @Override
        public void startAgain() {
            starts++;
            alive = startable;
            requireAlive();
        }
    }

    @Test
    void whatRunsIsLeftAlone() throws Exception {
        looksFor(Duration.ofMinutes(5));
        assertThat(broker.starts).isZero();
        assertThat(messages).isEmpty();
    }

    @Test
    void whatEndsStartsAgainOnceAndAfterAPause() throws Exception {
        broker.alive = false;
        looksFor(Keeper.PAUSE.minus(MOMENT));
        assertThat(broker.starts).isZero();
        assertThat(messages).containsExactly("broker ended with code 137; it starts again in 3 s");

        looksFor(Duration.ofMinutes(5));
        assertThat(broker.starts).isEqualTo(1);
        assertThat(bridge.starts).isZero();
        assertThat(messages).hasSize(2).last().isEqualTo("broker runs again");
    }

    @Test
    void whatEndsAgainAndAgainIsGivenUpByName() throws Exception {
        for (int end = 1; end < Keeper.MOST_ENDS; end++) {
            broker.alive = false;
            looksFor(Keeper.PAUSE.plus(MOMENT));
            assertThat(broker.starts).isEqualTo(end);
        }
        broker.alive = false;
        assertThatThrownBy(() -> looksFor(MOMENT))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "broker ended 5 times within 60 s and is not started again: broker ended"
                                + " with code 137");
    }

    @Test
    void whatDoesNotEvenStartIsGivenUpToo() {
        bridge.alive = false;
        bridge.startable = false;
        assertThatThrownBy(() -> looksFor(Keeper.WITHIN))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("bridge ended 5 times");
        assertThat(bridge.starts).isEqualTo(Keeper.MOST_ENDS - 1);
    }

    @Test
    void endsThatLieFarApartAreNotCountedTogether() throws Exception {
        for (int end = 1; end <= 3 * Keeper.MOST_ENDS; end++) {
            broker.alive = false;
            looksFor(Keeper.WITHIN.dividedBy(Keeper.MOST_ENDS - 1));
            assertThat(broker.starts).isEqualTo(end);
        }
    }

    @Test
    void endsOfDifferentProcessesAreNotCountedTogether() throws Exception {
        for (int end = 1; end < Keeper.MOST_ENDS; end++) {
            broker.alive = false;
            bridge.alive = false;
            looksFor(Keeper.PAUSE.plus(MOMENT));
        }
        assertThat(broker.starts).isEqualTo(bridge.starts).isEqualTo(Keeper.MOST_ENDS - 1);
    }

    private void looksFor(Duration time) throws Exception {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            keeper.look(List.of(broker, bridge));
            now = now.plus(MOMENT);
        }
    }
}
