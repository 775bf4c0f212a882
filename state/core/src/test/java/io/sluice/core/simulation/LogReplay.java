package io.sluice.core.simulation;

import io.sluice.core.controller.Decision;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.replay.DecisionInputs;
import io.sluice.core.replay.RunReplay;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes all decisions of a simulated run once more, from its log alone. */
final class LogReplay {

    private LogReplay() {}

    /** Every decision of every job, to the last bit. */
    static void check(World world) {
        List<Decision> decisions = world.oracle().decisions();
        List<DecisionInputs> inputs = new ArrayList<>();
        for (Decision decision : decisions) {
            inputs.add(DecisionInputs.of(inputs.size(), decision));
        }
        RunReplay replay =
                new RunReplay(
                        TestingRun.DIGEST,
                        inputs,
                        (recorded, made) -> Exact.equal(made, decisions.get(recorded.number())));
        for (long offset = 0; offset < world.runs().end(); offset++) {
            LogRecord record = world.runs().at(offset);
            if (record instanceof LogRecord.Declared declared) {
                replay.declared(declared.spec());
            } else if (record instanceof LogRecord.Started started) {
                replay.started(numbered(started.attempt(), offset));
            }
        }
        decisions.stream()
                .map(Decision::plan)
                .flatMap(Optional<Plan>::stream)
                .forEach(replay::plan);
        for (long offset = 0; offset < world.acks().end(); offset++) {
            replay.plan(((LogRecord.Answered) world.acks().at(offset)).ack().inForce());
        }
        for (long offset = 0; offset < world.control().end(); offset++) {
            replay.command(((LogRecord.Commanded) world.control().at(offset)).command());
        }
        for (long offset = 0; offset < world.telemetry().end(); offset++) {
            LogRecord record = world.telemetry().at(offset);
            if (record instanceof LogRecord.Signalled signalled) {
                replay.signal(signalled.signal());
            } else if (record instanceof LogRecord.Closed closed) {
                replay.closed(closed.closed());
            }
        }
        Optional<RunReplay.Difference> difference = replay.finish();
        Violation.unless(
                difference.isEmpty() && replay.decisions() == decisions.size(),
                Invariant.REPLAY,
                () ->
                        "from the log alone: "
                                + difference.map(RunReplay.Difference::reason).orElse("too few")
                                + difference
                                        .map(d -> Exact.text(decisions.get(d.recorded().number())))
                                        .orElse("")
                                + " and replayed "
                                + difference
                                        .flatMap(RunReplay.Difference::replayed)
                                        .map(Exact::text)
                                        .orElse("nothing"));
    }

    private static Attempt numbered(Attempt announced, long offset) {
        return new Attempt(
                announced.runId(),
                offset,
                announced.specDigest(),
                announced.resumeStep(),
                announced.reporters(),
                announced.inForce());
    }
}
