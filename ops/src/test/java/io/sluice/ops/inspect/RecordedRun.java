package io.sluice.ops.inspect;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sketch.BFloat16;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.contract.ToContract;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/** The log of a small run of {@code dga}, decided by the core, every plan accepted at once. */
final class RecordedRun {

    static final String RUN = "pt-small";
    static final int ROUNDS = 12;

    private static final List<String> GROUPS = List.of("code", "en", "web");
    private static final double[] PRIORS = {0.2, 0.3, 0.5};
    private static final String TARGET = "held-out";
    private static final int DIMENSION = 16;
    private static final int ROUND_STEPS = 10;
    private static final long ATTEMPT = 1;
    private static final long TOKENS = 1_000;

    static {
        // Builders need Avro's trust, which comes with the contract.
        Contract.schemas();
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final Random random = new Random(5);
    private final RunSpec spec = spec();

    RecordedRun() {
        io.sluice.core.domain.RunSpec declared = FromContract.spec(spec);
        AttemptStarted started = started(declared);
        add(Topic.RUNS, spec, 0);
        add(Topic.RUNS, started, ATTEMPT);
        Attempt attempt = FromContract.attempt(started, ATTEMPT);
        RoundReducer reducer = new RoundReducer(declared, 0, new InMemoryRoundStore());
        RoundLedger ledger = reducer.start(attempt, Optional.empty());
        Controller controller =
                new Controller(declared, ToContract::digest, new InMemorySnapshotStore());
        ControllerState state = controller.start(Optional.empty(), attempt);
        for (long round = 0; round < ROUNDS; round++) {
            for (GroupSignal signal : signals(round)) {
                add(Topic.TELEMETRY, signal);
                ledger = reducer.add(ledger, FromContract.signal(signal)).ledger();
            }
            RoundClosed closed = closed(round);
            add(Topic.TELEMETRY, closed);
            RoundReducer.Step step = reducer.close(ledger, FromContract.closed(closed));
            ledger = step.ledger();
            for (ShardRound whole : step.rounds()) {
                Controller.Step decided = controller.round(state, whole, 0);
                state = decided.state();
                for (Decision decision : decided.decisions()) {
                    state = publish(decision, controller, state);
                }
            }
        }
    }

    /** Writes the records to a file that does not exist yet, as {@code ./sluice record} would. */
    public static void main(String[] args) throws IOException {
        RecordLine lines = new RecordLine();
        List<String> texts =
                new RecordedRun()
                        .entries.stream()
                                .map(entry -> ViewJson.line(lines.of(entry)).strip())
                                .toList();
        Files.write(Path.of(args[0]), texts, StandardOpenOption.CREATE_NEW);
    }

    /** Every record, in the order of its making. */
    List<Entry> entries() {
        return entries;
    }

    /** The decisions. */
    List<Decision> decisions() {
        return decisions;
    }

    private ControllerState publish(
            Decision decision, Controller controller, ControllerState state) {
        decisions.add(decision);
        add(Topic.DECISIONS, ToContract.decision(decision));
        if (decision.plan().isEmpty()) {
            return state;
        }
        Plan plan = decision.plan().get();
        add(Topic.PLANS, ToContract.plan(plan));
        return controller.acknowledge(
                state,
                new PlanAck(
                        RUN,
                        ATTEMPT,
                        plan.version(),
                        plan.digest(),
                        plan.epoch(),
                        PlanAck.Verdict.ACCEPTED,
                        plan));
    }

    private void add(Topic topic, SpecificRecord value) {
        add(topic, value, entries.size());
    }

    private void add(Topic topic, SpecificRecord value, long offset) {
        entries.add(new Entry(topic, 0, offset, Instant.parse("2026-11-22T04:00:00Z"), RUN, value));
    }

    private static RunSpec spec() {
        List<GroupDeclaration> groups = new ArrayList<>();
        for (int j = 0; j < GROUPS.size(); j++) {
            groups.add(
                    GroupDeclaration.newBuilder()
                            .setId(GROUPS.get(j))
                            .setPrior(PRIORS[j])
                            .setFloor(0.05)
                            .setCap(0.9)
                            .build());
        }
        RunSpec.Builder spec =
                RunSpec.newBuilder()
                        .setRunId(RUN)
                        .setGroups(groups)
                        .setTargets(
                                List.of(
                                        TargetDeclaration.newBuilder()
                                                .setId(TARGET)
                                                .setWeight(1)
                                                .build()))
                        .setPolicy("dga")
                        .setPolicyOptions(Map.of("eta", 0.3))
                        .setMinGroupSequences(2)
                        .setMinTargetSequences(2)
                        .setRoundSteps(ROUND_STEPS)
                        .setLeadSteps(1)
                        .setSketchDimension(DIMENSION)
                        .setShards(1)
                        .setMode(RunMode.CONTROL);
        return spec.setDigest(Digests.of(spec.setDigest("").build())).build();
    }

    private AttemptStarted started(io.sluice.core.domain.RunSpec declared) {
        List<GroupWeight> weights = new ArrayList<>();
        for (int j = 0; j < GROUPS.size(); j++) {
            weights.add(new GroupWeight(GROUPS.get(j), declared.prior().weight(j)));
        }
        MixturePlan.Builder prior =
                MixturePlan.newBuilder()
                        .setRunId(RUN)
                        .setAttempt(-1)
                        .setEpoch(-1)
                        .setSpecDigest(spec.getDigest())
                        .setVersion(0)
                        .setWeights(weights)
                        .setLabel(PlanLabel.PRIOR);
        return AttemptStarted.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setResumeStep(0)
                .setReporters(List.of("r0"))
                .setInForce(prior.setDigest(Digests.of(prior.setDigest("").build())).build())
                .build();
    }

    private List<GroupSignal> signals(long round) {
        List<GroupSignal> signals = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            for (int j = 0; j < GROUPS.size(); j++) {
                signals.add(signal(SubjectKind.GROUP, GROUPS.get(j), part, round, j - 1));
            }
            signals.add(signal(SubjectKind.TARGET, TARGET, part, round, 1));
        }
        return signals;
    }

    /** A gradient that lies along the target's by {@code along}, with noise. */
    private GroupSignal signal(
            SubjectKind kind, String subject, int part, long round, double along) {
        float[] sketch = new float[DIMENSION];
        for (int b = 0; b < DIMENSION; b++) {
            sketch[b] = (float) (TOKENS * (along + random.nextGaussian()));
        }
        boolean group = kind == SubjectKind.GROUP;
        return GroupSignal.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setAttempt(ATTEMPT)
                .setRound(round)
                .setKind(kind)
                .setSubject(subject)
                .setReporter("r0")
                .setPart(part)
                .setFromStep(round * ROUND_STEPS)
                .setThroughStep(round * ROUND_STEPS + ROUND_STEPS - 1)
                .setPlans(group ? List.of(new PlanTokens(0L, TOKENS)) : List.of())
                .setTokens(TOKENS)
                .setSequences(10)
                .setLossSum(TOKENS * (2 + random.nextDouble()))
                .setLossSquareSum(5.0 * TOKENS)
                .setSketch(ByteBuffer.wrap(BFloat16.encode(sketch)))
                .build();
    }

    private RoundClosed closed(long round) {
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            for (int j = 0; j < GROUPS.size(); j++) {
                outcomes.add(outcome(SubjectKind.GROUP, j, part));
            }
            outcomes.add(outcome(SubjectKind.TARGET, 0, part));
        }
        return RoundClosed.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setAttempt(ATTEMPT)
                .setRound(round)
                .setReporter("r0")
                .setFromStep(round * ROUND_STEPS)
                .setThroughStep(round * ROUND_STEPS + ROUND_STEPS - 1)
                .setOutcomes(outcomes)
                .setLearningRate(1e-3)
                .setEvaluations(List.of())
                .build();
    }

    private static SubjectOutcome outcome(SubjectKind kind, int index, int part) {
        return new SubjectOutcome(kind, index, part, SignalOutcome.ACKNOWLEDGED);
    }
}
