package io.sluice.flink.contract;

import io.sluice.core.controller.Decision;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.signal.Rejection;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.TargetDecision;
import io.sluice.schemas.TargetEvaluation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the job writes, in the contract's records. */
public final class ToContract {

    /** Most bytes of a rejected record that its reject carries. */
    private static final int MAX_ORIGINAL = 64 * 1024;

    private ToContract() {}

    /** The digest of a plan. */
    public static String digest(Plan plan) {
        return Digests.of(plan(plan));
    }

    /** A plan. */
    public static MixturePlan plan(Plan plan) {
        return MixturePlan.newBuilder()
                .setRunId(plan.runId())
                .setAttempt(plan.attempt())
                .setEpoch(plan.epoch())
                .setSpecDigest(plan.specDigest())
                .setRound(plan.round())
                .setVersion(plan.version())
                .setReplaces(plan.replaces())
                .setEffectiveStep(plan.effectiveStep())
                .setWeights(weights(plan.mixture()))
                .setLabel(PlanLabel.valueOf(plan.label().name()))
                .setDigest(plan.digest())
                .build();
    }

    /** A decision. */
    public static io.sluice.schemas.Decision decision(Decision decision) {
        io.sluice.schemas.Decision.Builder builder =
                io.sluice.schemas.Decision.newBuilder()
                        .setRunId(decision.runId())
                        .setSpecDigest(decision.specDigest())
                        .setAttempt(decision.attempt())
                        .setEpoch(decision.epoch())
                        .setFirstRound(decision.firstRound())
                        .setRound(decision.round())
                        .setThroughStep(decision.throughStep())
                        .setPolicy(decision.policy())
                        .setBaseVersion(decision.baseVersion())
                        .setBaseDigest(decision.baseDigest())
                        .setHold(
                                decision.hold()
                                        .map(h -> HoldReason.valueOf(h.reason().name()))
                                        .orElse(HoldReason.NONE))
                        .setHoldMessage(decision.hold().map(h -> h.message()).orElse(""))
                        .setGroups(decision.groups().stream().map(ToContract::group).toList())
                        .setTargets(decision.targets().stream().map(ToContract::target).toList())
                        .setEvaluations(
                                decision.evaluations().stream()
                                        .map(
                                                e ->
                                                        new TargetEvaluation(
                                                                e.target(), e.loss(), e.tokens()))
                                        .toList())
                        .setPredictedGain(decision.predictedGain())
                        .setPredictedGainError(decision.predictedGainError())
                        .setAccepted(decision.counts().accepted())
                        .setDuplicates(decision.counts().duplicates())
                        .setLate(decision.counts().late());
        decision.plan()
                .ifPresent(
                        plan ->
                                builder.setPlanVersion(plan.version())
                                        .setPlanDigest(plan.digest())
                                        .setEffectiveStep(plan.effectiveStep()));
        decision.guards()
                .ifPresent(
                        guards ->
                                builder.setFraction(guards.fraction())
                                        .setKl(guards.kl())
                                        .setBound(guards.bound())
                                        .setBoxExceeds(guards.boxExceeds()));
        if (decision.plan().isEmpty()) {
            builder.setPlanVersion(-1).setEffectiveStep(-1);
        }
        return builder.build();
    }

    /** A rejected record, with its bytes. */
    public static Rejected rejected(RawRecord record, Rejection rejection) {
        int length = Math.min(record.value().length, MAX_ORIGINAL);
        return rejected(
                record.topic(),
                record.partition(),
                record.offset(),
                rejection,
                Arrays.copyOf(record.value(), length));
    }

    /** A record that was rejected after its bytes were let go; it can be read where it stands. */
    public static Rejected rejected(String topic, int partition, long offset, Rejection rejection) {
        return rejected(topic, partition, offset, rejection, new byte[0]);
    }

    private static Rejected rejected(
            String topic, int partition, long offset, Rejection rejection, byte[] original) {
        return new Rejected(
                topic,
                partition,
                offset,
                RejectReason.valueOf(rejection.reason().name()),
                rejection.message(),
                ByteBuffer.wrap(original));
    }

    private static GroupDecision group(Decision.GroupDecision group) {
        return new GroupDecision(
                group.index(),
                group.base(),
                group.proposed(),
                group.decided(),
                group.score(),
                group.tokens(),
                group.meanLoss(),
                list(group.alignments()),
                list(group.alignmentErrors()));
    }

    private static TargetDecision target(Decision.TargetDecision target) {
        return new TargetDecision(
                target.index(), target.tokens(), target.sequences(), target.meanLoss());
    }

    private static List<GroupWeight> weights(Mixture mixture) {
        List<GroupWeight> weights = new ArrayList<>(mixture.size());
        for (int j = 0; j < mixture.size(); j++) {
            weights.add(new GroupWeight(mixture.groups().get(j).value(), mixture.weight(j)));
        }
        return weights;
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
