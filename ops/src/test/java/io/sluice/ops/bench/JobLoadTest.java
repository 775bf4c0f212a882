package io.sluice.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.contract.ToContract;
import io.sluice.schemas.Contract;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobLoadTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 31})
    void everyRoundBreaksNoRuleAndIsDecided(int dimension) {
        List<Decision> decisions = decide(dimension, 3);

        assertThat(decisions).extracting(Decision::round).containsExactly(0L, 1L, 2L);
        assertThat(decisions.get(2).plan().isPresent()).isEqualTo(dimension > 0);
        assertThat(decisions).extracting(d -> d.groups().size()).containsOnly(7);
    }

    @Test
    void plansDoNotCeaseWithTime() {
        List<Decision> last = decide(31, 500).subList(400, 500);

        assertThat(last.stream().filter(decision -> decision.plan().isPresent()).count())
                .isGreaterThan(80);
    }

    private static List<Decision> decide(int dimension, int rounds) {
        // Makes Avro trust the contract before any builder runs.
        new Contract();
        JobLoad load = new JobLoad("load", 7, dimension, 1, true);
        io.sluice.schemas.RunSpec declaration = load.declaration();
        RunSpec spec = FromContract.spec(declaration);
        Attempt attempt = FromContract.attempt(load.started(declaration), 3);
        RoundReducer reducer = new RoundReducer(spec, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        Controller controller =
                new Controller(spec, ToContract::digest, new InMemorySnapshotStore());
        ControllerState state = controller.start(Optional.empty(), attempt);
        List<ByteBuffer> sketches = load.sketches();
        List<Decision> decisions = new ArrayList<>();
        for (long round = 0; round < rounds; round++) {
            for (int i = 0; i < load.recordsPerRound() - 1; i++) {
                Signal signal =
                        FromContract.signal(
                                load.signal(
                                        spec.digest(),
                                        3,
                                        round,
                                        i,
                                        sketches.get(load.sketchOf(round, i))));
                assertThat(SignalRules.check(signal, spec, attempt)).isEmpty();
                ledger = reducer.add(ledger, signal).ledger();
            }
            RoundClosed closed = FromContract.closed(load.closed(spec.digest(), 3, round));
            assertThat(SignalRules.check(closed, spec, attempt)).isEmpty();
            RoundReducer.Step step = reducer.close(ledger, closed);
            ledger = step.ledger();
            for (ShardRound whole : step.rounds()) {
                Controller.Step decided = controller.round(state, whole, 1);
                state = decided.state();
                decisions.addAll(decided.decisions());
            }
        }
        return decisions;
    }
}
