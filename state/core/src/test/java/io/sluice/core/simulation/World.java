package io.sluice.core.simulation;

import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.Seal;
import java.util.ArrayList;
import java.util.List;

/** What all simulated processes share: the log, the dice and the oracle. */
final class World {

    private final Scenario scenario;
    private final Dice dice;
    private final Seams seams;
    private final Coverage coverage;
    private final Trace trace;
    private final Oracle oracle = new Oracle();
    private final List<Wire<?>> wires = new ArrayList<>();

    private final Topic<LogRecord> runs = new Topic<>();
    private final Topic<LogRecord> telemetry = new Topic<>();
    private final Topic<LogRecord> acks = new Topic<>();
    private final Topic<LogRecord> control = new Topic<>();
    private final Topic<Plan> plans = new Topic<>();
    private final Topic<Seal> seals = new Topic<>();
    private final Topic<String> claims = new Topic<>();

    private final Catalog catalog = new Catalog(this);

    private RunSpec declared;
    private boolean healed;
    private long roundsTrained;
    private long now;

    World(Scenario scenario, Dice dice, Seams seams, Coverage coverage, Trace trace) {
        this.scenario = scenario;
        this.dice = dice;
        this.seams = seams;
        this.coverage = coverage;
        this.trace = trace;
        declare(scenario.spec());
    }

    /** Whether a fault strikes where it could. */
    boolean strikes(Fault fault) {
        if (healed || !dice.oneIn(scenario.oneIn().getOrDefault(fault, 0))) {
            return false;
        }
        coverage.count(fault);
        trace.note(() -> fault.toString());
        return true;
    }

    /** As {@link #strikes}, for what can only go wrong together with something rare. */
    boolean strikesToo(Fault fault) {
        if (!scenario.oneIn().containsKey(fault) || !dice.oneIn(3)) {
            return false;
        }
        coverage.count(fault);
        trace.note(() -> fault.toString());
        return true;
    }

    /** Declares the run: attempts that start from now on obey this. */
    void declare(RunSpec spec) {
        declared = spec;
        runs.append(new LogRecord.Declared(spec));
    }

    /** From now on nothing goes wrong. */
    void heal() {
        healed = true;
    }

    /** The first rank of a trainer has taken the last step of a round. */
    void roundTrained() {
        roundsTrained++;
    }

    /** Rounds that were trained so far, by whatever attempt. */
    long roundsTrained() {
        return roundsTrained;
    }

    /** Time passes. */
    void tick() {
        now++;
    }

    /** The time, in events. */
    long now() {
        return now;
    }

    /** Lets one record under way arrive; answers whether one did. */
    boolean deliver() {
        int first = dice.below(wires.size());
        for (int i = 0; i < wires.size(); i++) {
            if (wires.get((first + i) % wires.size()).deliver()) {
                return true;
            }
        }
        return false;
    }

    RunSpec declared() {
        return declared;
    }

    Scenario scenario() {
        return scenario;
    }

    Dice dice() {
        return dice;
    }

    Seams seams() {
        return seams;
    }

    Coverage coverage() {
        return coverage;
    }

    Trace trace() {
        return trace;
    }

    Oracle oracle() {
        return oracle;
    }

    Catalog catalog() {
        return catalog;
    }

    List<Wire<?>> wires() {
        return wires;
    }

    Topic<LogRecord> runs() {
        return runs;
    }

    Topic<LogRecord> telemetry() {
        return telemetry;
    }

    Topic<LogRecord> acks() {
        return acks;
    }

    Topic<LogRecord> control() {
        return control;
    }

    Topic<Plan> plans() {
        return plans;
    }

    Topic<Seal> seals() {
        return seals;
    }

    Topic<String> claims() {
        return claims;
    }
}
