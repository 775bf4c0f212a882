package io.sluice.ops.inspect;

import io.sluice.core.controller.Decision;
import io.sluice.core.replay.DecisionInputs;
import io.sluice.core.replay.RunReplay;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.contract.ToContract;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Feeds a replay with the records of a run, and compares decisions by their bytes. */
final class ReplayReading {

    private final String run;
    private final Contract contract = new Contract();
    private final Consumer<SpecificRecord> sink;
    private final Optional<WhatIfReading> whatIf;
    private final List<io.sluice.schemas.Decision> recorded = new ArrayList<>();
    private final List<DecisionInputs> inputs = new ArrayList<>();
    private RunReplay replay;
    private long unusable;
    private int written = -1;

    /**
     * @param sink takes every decision that was made once more and is the same
     */
    ReplayReading(String run, Consumer<SpecificRecord> sink) {
        this(run, sink, Optional.empty());
    }

    /**
     * As above.
     *
     * @param whatIf hears of declarations, and of every decision that is the same
     */
    ReplayReading(String run, Consumer<SpecificRecord> sink, Optional<WhatIfReading> whatIf) {
        this.run = run;
        this.sink = sink;
        this.whatIf = whatIf;
    }

    /** Takes a record, in the order of {@link RunRecords#TOPICS}. */
    void take(Entry entry) {
        if (entry.topic() == Topic.DECISIONS) {
            addDecision(entry);
        } else {
            add(entry);
        }
    }

    private void addDecision(Entry entry) {
        if (entry.value() instanceof io.sluice.schemas.Decision decision) {
            usable(
                    () -> {
                        inputs.add(FromContract.inputs(inputs.size(), decision));
                        recorded.add(decision);
                    });
        }
    }

    private void add(Entry entry) {
        if (replay == null) {
            replay =
                    new RunReplay(
                            ToContract::digest,
                            inputs,
                            this::isSame,
                            whatIf.map(WhatIfReading::whatIf));
        }
        SpecificRecord value = entry.value();
        if (value instanceof RunSpec spec) {
            usable(
                    () -> {
                        replay.declared(FromContract.spec(spec));
                        whatIf.ifPresent(one -> one.declared(FromContract.spec(spec)));
                    });
        } else if (value instanceof AttemptStarted started) {
            usable(() -> replay.started(FromContract.attempt(started, entry.offset())));
        } else if (value instanceof MixturePlan plan) {
            usable(() -> replay.plan(FromContract.plan(plan)));
        } else if (value instanceof PlanAck ack) {
            usable(() -> replay.plan(FromContract.plan(ack.getInForce())));
        } else if (value instanceof OperatorCommand command) {
            usable(() -> replay.command(FromContract.command(command)));
        } else if (value instanceof GroupSignal signal) {
            usable(() -> replay.signal(FromContract.signal(signal)));
        } else if (value instanceof RoundClosed closed) {
            usable(() -> replay.closed(FromContract.closed(closed)));
        }
    }

    /** What came of it. */
    ReplayView view(long skipped) {
        if (replay == null || recorded.isEmpty()) {
            return new ReplayView(run, 0, 0, 0, skipped + unusable, Optional.empty());
        }
        Optional<RunReplay.Difference> difference = replay.finish();
        return new ReplayView(
                run,
                recorded.size(),
                replay.decisions(),
                replay.plans(),
                skipped + unusable,
                difference.map(this::view));
    }

    private ReplayView.Difference view(RunReplay.Difference difference) {
        DecisionInputs at = difference.recorded();
        io.sluice.schemas.Decision before = recorded.get(at.number());
        return new ReplayView.Difference(
                at.attempt(),
                at.round(),
                at.epoch(),
                difference.reason(),
                difference.replayed().map(made -> field(before, record(at, made))));
    }

    /** The job turns such records away; they change nothing here either. */
    private void usable(Runnable work) {
        try {
            work.run();
        } catch (IllegalArgumentException e) {
            unusable++;
        }
    }

    private boolean isSame(DecisionInputs at, Decision decision) {
        io.sluice.schemas.Decision made = record(at, decision);
        boolean same =
                Arrays.equals(contract.encode(made), contract.encode(recorded.get(at.number())));
        if (same && written != at.number()) {
            // Several histories may lead to one decision.
            written = at.number();
            sink.accept(made);
        }
        return same;
    }

    /** A decision as the build that recorded it would have written it. */
    private io.sluice.schemas.Decision record(DecisionInputs at, Decision decision) {
        io.sluice.schemas.Decision made = ToContract.decision(decision);
        return recorded.get(at.number()).getWaiting() < 0
                ? io.sluice.schemas.Decision.newBuilder(made)
                        .setWaiting(-1)
                        .setComplete(true)
                        .build()
                : made;
    }

    private static String field(SpecificRecord before, SpecificRecord made) {
        for (Schema.Field field : before.getSchema().getFields()) {
            Object old = before.get(field.pos());
            Object now = made.get(field.pos());
            if (old instanceof List<?> olds && now instanceof List<?> nows && !olds.equals(nows)) {
                return item(field.name(), olds, nows);
            }
            if (!old.equals(now)) {
                return field.name() + ": recorded " + old + ", made " + now;
            }
        }
        return "the encoded forms differ";
    }

    private static String item(String name, List<?> olds, List<?> nows) {
        for (int i = 0; i < Math.min(olds.size(), nows.size()); i++) {
            if (!olds.get(i).equals(nows.get(i))) {
                return name + "[" + i + "]: recorded " + olds.get(i) + ", made " + nows.get(i);
            }
        }
        return name + ": recorded " + olds.size() + " of them, made " + nows.size();
    }
}
