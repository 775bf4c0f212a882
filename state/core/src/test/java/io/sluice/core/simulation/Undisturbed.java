package io.sluice.core.simulation;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.Overrides;
import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.controller.Lineage;
import io.sluice.core.controller.SignalCounts;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The same classes where nothing goes wrong: what disturbed ones must equal to the last bit. */
final class Undisturbed {

    private Undisturbed() {}

    /**
     * A round of all reporters, or of those that are in it: its signals in order, once each, then
     * its statements without a clock.
     */
    static ShardRound round(RunSpec spec, Attempt attempt, int shard, Recount.Part part) {
        RoundReducer reducer = new RoundReducer(spec, shard, new InMemoryRoundStore());
        RoundLedger ledger =
                new RoundLedger(
                        attempt.number(),
                        part.statements().size(),
                        part.first(),
                        new TreeMap<>(),
                        ShardRound.Counts.ZERO,
                        true);
        for (Signal signal : part.signals()) {
            ledger = reducer.add(ledger, signal).ledger();
        }
        List<ShardRound> rounds = new ArrayList<>();
        for (RoundClosed statement : part.statements()) {
            RoundReducer.Step step = reducer.close(ledger, atNoTime(statement));
            ledger = step.ledger();
            rounds.addAll(step.rounds());
        }
        ShardRound round = rounds.get(0).with(part.counts());
        return part.status() == ShardRound.Status.PARTIAL
                ? round.partial(part.statements().stream().map(RoundClosed::reporter).toList())
                : round;
    }

    /**
     * A decision from known statistics on these results of all shards.
     *
     * @param unanswered plans that still wait for their answer
     * @param overrides what operators said until then
     * @param news what was known of the catalog's groups
     * @param counts what had counted before
     */
    static Controller.Step decide(
            RunSpec spec,
            Attempt attempt,
            Plan inForce,
            List<String> unanswered,
            long round,
            AlignmentAverages averages,
            PolicyMemory memory,
            GuardMemory guards,
            Basis basis,
            List<ShardRound> parts,
            Overrides overrides,
            CatalogNews news,
            SignalCounts counts,
            long epoch) {
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step step =
                new Controller.Step(
                        new ControllerState(
                                spec,
                                attempt,
                                inForce,
                                unanswered,
                                round,
                                averages,
                                memory,
                                List.of(),
                                basis,
                                Lineage.EMPTY,
                                guards,
                                overrides,
                                CatalogNews.NONE,
                                counts),
                        List.of());
        for (ShardRound part : parts) {
            step = controller.round(step.state(), part, epoch, news);
        }
        return step;
    }

    private static RoundClosed atNoTime(RoundClosed closed) {
        return new RoundClosed(
                closed.runId(),
                closed.specDigest(),
                closed.attempt(),
                closed.round(),
                closed.reporter(),
                closed.fromStep(),
                closed.throughStep(),
                closed.outcomes(),
                closed.learningRate(),
                closed.evaluations(),
                0);
    }
}
