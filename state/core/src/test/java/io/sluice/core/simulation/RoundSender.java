package io.sluice.core.simulation;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Sends one reporter's rounds as a bridge does: the signals of one round, and once the fate of each
 * is known, the statement that the round is over.
 */
final class RoundSender {

    /** Most rounds that wait with their signals, and most that wait without. */
    private static final int CAPACITY = 4;

    private final World world;
    private final SimulatedBridge bridge;
    private final String reporter;
    private final Wire<LogRecord> wire;
    private final ArrayDeque<RecordedRound> queue = new ArrayDeque<>();

    private RecordedRound current;
    private List<Signal> arriving;
    private int unanswered;

    RoundSender(World world, SimulatedBridge bridge, String reporter) {
        this.world = world;
        this.bridge = bridge;
        this.reporter = reporter;
        this.wire = new Wire<>(world, world.telemetry(), world.scenario().ordered());
    }

    void add(RecordedRound round) {
        boolean kept =
                bridge.isNumbered() && queue.stream().filter(r -> !r.lost()).count() < CAPACITY;
        queue.add(kept ? round : round.giveUp());
        Iterator<RecordedRound> oldest = queue.iterator();
        long lost = queue.stream().filter(RecordedRound::lost).count();
        while (lost > CAPACITY && oldest.hasNext()) {
            if (oldest.next().lost()) {
                oldest.remove();
                lost--;
            }
        }
    }

    /** Does what can be done next; answers whether there was something. */
    boolean act() {
        if (!bridge.isNumbered()) {
            return false;
        }
        if (current == null && !queue.isEmpty()) {
            begin(queue.remove());
            return true;
        }
        if (current != null && unanswered == 0) {
            RoundClosed closed = statement();
            if (!bridge.isCutOff()) {
                wire.send(new LogRecord.Closed(closed), () -> {});
            }
            world.trace().note(() -> bridge + " " + reporter + " closes round " + closed.round());
            current = null;
            return true;
        }
        return false;
    }

    void crash() {
        wire.cut();
    }

    private void begin(RecordedRound round) {
        current = round;
        arriving = new ArrayList<>();
        for (Signal signal : round.signals()) {
            Signal numbered = of(bridge.number(), signal);
            if (!round.lost()
                    && !bridge.isCutOff()
                    && wire.send(new LogRecord.Signalled(numbered, false), () -> unanswered--)) {
                arriving.add(signal);
                unanswered++;
            }
            if (world.strikes(Fault.BAD_SIGNAL)) {
                Signal bad = BadSignals.of(numbered, world.dice());
                world.telemetry().append(new LogRecord.Signalled(bad, true));
            }
        }
        world.trace()
                .note(
                        () ->
                                bridge
                                        + " "
                                        + reporter
                                        + " sends "
                                        + arriving.size()
                                        + " of "
                                        + round.signals().size()
                                        + " signals of round "
                                        + round.round());
    }

    private RoundClosed statement() {
        RunSpec spec = bridge.spec();
        Outcome[] groups = absent(spec.groups().size());
        Outcome[] targets = absent(spec.targets().size());
        for (Signal signal : current.signals()) {
            Outcome[] kind = signal.subject().isGroup() ? groups : targets;
            kind[Signal.PARTS * spec.indexOf(signal.subject()) + signal.part()] =
                    arriving.contains(signal) ? Outcome.ACKNOWLEDGED : Outcome.DROPPED;
        }
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) {
            outcomes.add(outcome(Subject.Kind.GROUP, i, groups[i]));
        }
        for (int i = 0; i < targets.length; i++) {
            outcomes.add(outcome(Subject.Kind.TARGET, i, targets[i]));
        }
        return new RoundClosed(
                spec.runId(),
                spec.digest(),
                bridge.number(),
                current.round(),
                reporter,
                current.fromStep(),
                current.throughStep(),
                outcomes,
                1e-3,
                current.evaluations(),
                world.dice().word());
    }

    private static Outcome[] absent(int subjects) {
        Outcome[] outcomes = new Outcome[Signal.PARTS * subjects];
        Arrays.fill(outcomes, Outcome.ABSENT);
        return outcomes;
    }

    private static SubjectOutcome outcome(Subject.Kind kind, int place, Outcome outcome) {
        return new SubjectOutcome(kind, place / Signal.PARTS, place % Signal.PARTS, outcome);
    }

    private static Signal of(long attempt, Signal signal) {
        return new Signal(
                signal.runId(),
                signal.specDigest(),
                attempt,
                signal.round(),
                signal.subject(),
                signal.reporter(),
                signal.part(),
                signal.fromStep(),
                signal.throughStep(),
                signal.plans(),
                signal.tokens(),
                signal.sequences(),
                signal.lossSum(),
                signal.lossSquareSum(),
                signal.sketch());
    }
}
