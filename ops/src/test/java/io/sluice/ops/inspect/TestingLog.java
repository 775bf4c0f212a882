package io.sluice.ops.inspect;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.guard.PriorPull;
import io.sluice.flink.contract.FromContract;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.BasisKind;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Seal;
import io.sluice.schemas.TargetDecision;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * The log of a small run, made by hand. Rounds have 100 steps, and plans begin 4 steps after them.
 *
 * <pre>
 * attempt 1: rounds 0, 1 held (warm-up), 2 made plan 1, 3 held (thin target), 4 made plan 2, which
 *            began late, 5 held (unchanged), 6 made plan 3, which was refused
 * attempt 3: from step 600 with plan 2; round 6 closed, nothing decided yet
 * </pre>
 */
final class TestingLog {

    static final String RUN = "pt-1b";
    static final Instant START = Instant.parse("2026-11-22T04:00:00Z");

    private static final double[] PRIOR = {0.3, 0.2, 0.5};

    static {
        // Builders need Avro's trust, which comes with the contract.
        Contract.schemas();
    }

    private final List<Entry> entries = new ArrayList<>();
    private final RunSpec spec = spec();
    private final MixturePlan prior = plan(-1, 0, "", 0, PRIOR, PlanLabel.PRIOR);

    private TestingLog() {}

    /** The records in the order in which a reader takes the topics. */
    static List<Entry> entries() {
        TestingLog log = new TestingLog();
        log.write();
        return List.copyOf(log.entries);
    }

    /** The records of some topics, into a fold. */
    static void replay(Consumer<Entry> fold, Topic... topics) {
        for (Topic topic : topics) {
            entries().stream().filter(entry -> entry.topic() == topic).forEach(fold);
        }
    }

    private void write() {
        double[] first = {0.45, 0.2, 0.35};
        Decision two = decided(2, 1, prior, first);
        MixturePlan one = plan(two);
        Decision four = decided(4, 2, one, new double[] {0.9, 0.05, 0.05});
        MixturePlan twoPlan = plan(four);
        Decision six = decided(6, 3, twoPlan, new double[] {0.3, 0.3, 0.4});
        MixturePlan three = plan(six);

        add(Topic.RUNS, 0, spec);
        add(Topic.RUNS, 1, attempt(0, prior));
        add(Topic.RUNS, 2, new CheckpointSaved(RUN, 1L, 600L));
        add(Topic.RUNS, 3, attempt(600, twoPlan));
        add(Topic.TELEMETRY, 0, closed(1, 6));
        add(Topic.TELEMETRY, 1, closed(3, 6));
        add(Topic.PLANS, 0, one);
        add(Topic.PLANS, 1, twoPlan);
        add(Topic.PLANS, 2, three);
        add(Topic.ACKS, 0, ack(one, AckVerdict.ACCEPTED, one));
        add(Topic.ACKS, 1, ack(twoPlan, AckVerdict.ACCEPTED, twoPlan));
        add(Topic.ACKS, 2, ack(three, AckVerdict.WRONG_BASE, twoPlan));
        add(Topic.SEALS, 0, seal(1, 0, 302, prior, true));
        add(Topic.SEALS, 1, seal(1, 303, 400, one, true));
        add(Topic.SEALS, 2, seal(1, 401, 504, one, false));
        add(Topic.SEALS, 3, seal(1, 505, 720, twoPlan, true));
        add(Topic.SEALS, 4, seal(3, 600, 640, twoPlan, true));
        add(Topic.DECISIONS, 0, held(0, HoldReason.WARM_UP, "decisions begin at step 200", prior));
        add(Topic.DECISIONS, 1, held(1, HoldReason.WARM_UP, "decisions begin at step 200", prior));
        add(Topic.DECISIONS, 2, two);
        add(
                Topic.DECISIONS,
                3,
                held(3, HoldReason.THIN_TARGET, "target pt needs 16 sequences", one));
        add(Topic.DECISIONS, 4, four);
        add(
                Topic.DECISIONS,
                5,
                held(5, HoldReason.UNCHANGED, "the proposal is the mixture in force", twoPlan));
        add(Topic.DECISIONS, 6, six);
        add(Topic.REJECTS, 0, rejected(41, RejectReason.UNDECODABLE, "not an Avro single object"));
        add(Topic.REJECTS, 1, rejected(57, RejectReason.LATE, "round 3 was decided"));
    }

    private void add(Topic topic, long offset, SpecificRecord value) {
        Instant time = START.plusSeconds(entries.size());
        entries.add(new Entry(topic, 0, offset, time, RUN, value));
    }

    private static RunSpec spec() {
        return RunSpec.newBuilder()
                .setRunId(RUN)
                .setGroups(
                        List.of(
                                new GroupDeclaration("es", PRIOR[0], 0.02, 0.35, 0L, 0.0, false),
                                new GroupDeclaration("fr", PRIOR[1], 0.02, 0.8, 0L, 0.0, false),
                                new GroupDeclaration("web", PRIOR[2], 0.1, 0.9, 0L, 0.0, false)))
                .setTargets(List.of(new TargetDeclaration("pt", 1.0, 0.0)))
                .setPolicy("dga")
                .setPriorPull(0.1)
                .setMaxKl(0.01)
                .setRoundSteps(100)
                .setLeadSteps(4)
                .setWarmUpSteps(200)
                .setMode(RunMode.CONTROL)
                .setDigest("digest-of-the-declaration")
                .build();
    }

    private AttemptStarted attempt(long resumeStep, MixturePlan inForce) {
        return new AttemptStarted(RUN, spec.getDigest(), resumeStep, List.of("rank-0"), inForce);
    }

    private RoundClosed closed(long attempt, long round) {
        return RoundClosed.newBuilder().setRunId(RUN).setAttempt(attempt).setRound(round).build();
    }

    private MixturePlan plan(Decision decision) {
        double[] weights =
                decision.getGroups().stream().mapToDouble(GroupDecision::getDecided).toArray();
        return plan(
                decision.getRound(),
                decision.getPlanVersion(),
                decision.getBaseDigest(),
                decision.getEffectiveStep(),
                weights,
                PlanLabel.POLICY);
    }

    private MixturePlan plan(
            long round,
            long version,
            String replaces,
            long effectiveStep,
            double[] weights,
            PlanLabel label) {
        return MixturePlan.newBuilder()
                .setRunId(RUN)
                .setAttempt(round < 0 ? -1 : 1)
                .setEpoch(round < 0 ? -1 : 0)
                .setSpecDigest(spec.getDigest())
                .setRound(round)
                .setVersion(version)
                .setReplaces(replaces)
                .setEffectiveStep(effectiveStep)
                .setWeights(
                        List.of(
                                new GroupWeight("es", weights[0]),
                                new GroupWeight("fr", weights[1]),
                                new GroupWeight("web", weights[2])))
                .setLabel(label)
                .setDigest("digest-of-plan-" + version)
                .build();
    }

    private static PlanAck ack(MixturePlan offered, AckVerdict verdict, MixturePlan inForce) {
        return new PlanAck(
                RUN,
                1L,
                offered.getVersion(),
                offered.getDigest(),
                offered.getEpoch(),
                verdict,
                inForce);
    }

    private Seal seal(long attempt, long from, long through, MixturePlan plan, boolean changes) {
        return new Seal(
                RUN,
                attempt,
                spec.getDigest(),
                from,
                through,
                plan.getVersion(),
                plan.getDigest(),
                changes ? plan.getWeights() : List.of());
    }

    private Decision held(long round, HoldReason reason, String message, MixturePlan base) {
        return decision(round, base).setHold(reason).setHoldMessage(message).build();
    }

    /** A decision on a proposal, with the guards' own answer to it. */
    private Decision decided(long round, long version, MixturePlan base, double[] proposed) {
        io.sluice.core.domain.RunSpec core = FromContract.spec(spec);
        double[] inForce = base.getWeights().stream().mapToDouble(GroupWeight::getWeight).toArray();
        double[] logs = new double[proposed.length];
        for (int j = 0; j < logs.length; j++) {
            logs[j] = LogWeights.log(proposed[j]);
        }
        MixtureBox box = MixtureBox.of(core);
        ChangeLimit.Limited limited =
                ChangeLimit.limit(
                        inForce, PriorPull.pull(logs, core.prior(), 0.1), box, spec.getMaxKl());
        List<GroupDecision> groups = new ArrayList<>();
        for (int j = 0; j < proposed.length; j++) {
            groups.add(
                    new GroupDecision(
                            j,
                            inForce[j],
                            proposed[j],
                            limited.weights()[j],
                            0.25 - 0.25 * j,
                            1_000L * j,
                            j == 0 ? 0.0 : 2.5,
                            List.of(0.5 - 0.25 * j),
                            List.of(0.125)));
        }
        return decision(round, base)
                .setHold(HoldReason.NONE)
                .setPlanVersion(version)
                .setPlanDigest("digest-of-plan-" + version)
                .setEffectiveStep(100 * round + 103)
                .setFraction(limited.fraction())
                .setKl(limited.kl())
                .setBound(box.countBound(limited.weights()))
                .setGroups(groups)
                .setTargets(List.of(new TargetDecision(0, 4_096L, 32L, 2.25)))
                .setPredictedGain(0.0125)
                .setPredictedGainError(0.003)
                .setAccepted(8 * (round + 1))
                .setDuplicates(1)
                .setTotalAccepted(8 * (round + 1) + 24)
                .setTotalDuplicates(2)
                .setTotalLate(3)
                .setLineage(8 * (round + 1) + 16)
                .build();
    }

    private Decision.Builder decision(long round, MixturePlan base) {
        return Decision.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setAttempt(1)
                .setEpoch(0)
                .setFirstRound(round)
                .setRound(round)
                .setThroughStep(100 * round + 99)
                .setPolicy("dga")
                .setBaseVersion(base.getVersion())
                .setBaseDigest(base.getDigest())
                .setBasis(BasisKind.NEW)
                .setBasisRound(0);
    }

    private static Rejected rejected(long offset, RejectReason reason, String message) {
        ByteBuffer original = ByteBuffer.wrap(new byte[] {'o', 'o', 'p', 's'});
        return new Rejected("sluice.telemetry", 0, offset, reason, message, original);
    }
}
