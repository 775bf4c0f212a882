package io.sluice.bridge;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.TargetEvaluation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Translates what a bridge says and hears: from the core's types to the contract's records and
 * their bytes, and plans the other way.
 */
final class Records {

    private static final Contract CONTRACT = new Contract();

    private Records() {}

    /**
     * The wire form of a record.
     *
     * @throws io.sluice.schemas.ContractException when it is larger than its type may be
     */
    static byte[] encode(SpecificRecord value) {
        return CONTRACT.encode(value);
    }

    /**
     * The record that these bytes are.
     *
     * @throws io.sluice.schemas.ContractException when they are none of the contract
     */
    static SpecificRecord decode(byte[] bytes) {
        return CONTRACT.decode(bytes);
    }

    static io.sluice.schemas.RunSpec runSpec(RunSpec spec) {
        return io.sluice.schemas.RunSpec.newBuilder()
                .setRunId(spec.runId())
                .setGroups(
                        spec.groups().stream()
                                .map(
                                        group ->
                                                new GroupDeclaration(
                                                        group.id().value(),
                                                        group.prior(),
                                                        group.floor(),
                                                        group.cap(),
                                                        group.supply()
                                                                .map(Supply::uniqueTokens)
                                                                .orElse(0L),
                                                        group.supply()
                                                                .map(Supply::maxEpochs)
                                                                .orElse(0.0),
                                                        group.dormant()))
                                .toList())
                .setTargets(
                        spec.targets().stream()
                                .map(
                                        target ->
                                                new TargetDeclaration(
                                                        target.id().value(),
                                                        target.weight(),
                                                        target.ceiling().orElse(0)))
                                .toList())
                .setPolicy(spec.policy().name())
                .setPolicyOptions(spec.policy().options())
                .setPriorPull(spec.guards().priorPull())
                .setMaxKl(spec.guards().maxKl())
                .setSignalDecay(spec.guards().signalDecay())
                .setMinGroupSequences(spec.guards().minGroupSequences())
                .setMinTargetSequences(spec.guards().minTargetSequences())
                .setRoundSteps(spec.rounds().steps())
                .setLeadSteps(spec.rounds().leadSteps())
                .setWarmUpSteps(spec.rounds().warmUpSteps())
                .setLeastReporters(spec.rounds().leastReporters())
                .setSketchDimension(spec.sketch().dimension())
                .setSketchSeed(spec.sketch().seed())
                .setShards(spec.shards())
                .setSeed(spec.seed())
                .setMode(RunMode.valueOf(spec.mode().name()))
                .setDeadBand(spec.guards().deadBand())
                .setCoolDownRounds(spec.guards().coolDownRounds())
                .setGovernorRounds(spec.guards().governorRounds())
                .setPlannedTokens(spec.guards().plannedTokens())
                .setCatalog(spec.catalog().orElse(""))
                .setDigest(spec.digest())
                .build();
    }

    /**
     * The declaration with its digest filled in.
     *
     * @throws IllegalArgumentException when it carries another digest, cannot begin with its prior,
     *     or asks for a policy that does not exist or that it cannot feed
     */
    static RunSpec declared(RunSpec spec) {
        PolicyCatalog.create(spec);
        MixtureBox.requirePrior(spec);
        String digest = Digests.of(runSpec(spec));
        if (!spec.digest().isEmpty() && !spec.digest().equals(digest)) {
            throw new IllegalArgumentException(
                    "run "
                            + spec.runId()
                            + " carries the digest "
                            + spec.digest()
                            + ", but what it declares has "
                            + digest
                            + ": leave the digest empty to have it filled in");
        }
        return new RunSpec(
                spec.runId(),
                spec.groups(),
                spec.targets(),
                spec.policy(),
                spec.guards(),
                spec.rounds(),
                spec.sketch(),
                spec.shards(),
                spec.seed(),
                spec.mode(),
                digest,
                spec.catalog());
    }

    /** The news that the run is finished. */
    static io.sluice.schemas.RunEnded runEnded(String runId, long attempt, long nextStep) {
        return io.sluice.schemas.RunEnded.newBuilder()
                .setRunId(runId)
                .setAttempt(attempt)
                .setNextStep(nextStep)
                .build();
    }

    /** The news of a saved checkpoint. */
    static CheckpointSaved checkpointSaved(String runId, long attempt, long nextStep) {
        return CheckpointSaved.newBuilder()
                .setRunId(runId)
                .setAttempt(attempt)
                .setNextStep(nextStep)
                .build();
    }

    static AttemptStarted attempt(Attempt attempt) {
        return AttemptStarted.newBuilder()
                .setRunId(attempt.runId())
                .setSpecDigest(attempt.specDigest())
                .setResumeStep(attempt.resumeStep())
                .setReporters(attempt.reporters())
                .setInForce(plan(attempt.inForce()))
                .build();
    }

    static GroupSignal signal(Signal signal) {
        return GroupSignal.newBuilder()
                .setRunId(signal.runId())
                .setSpecDigest(signal.specDigest())
                .setAttempt(signal.attempt())
                .setRound(signal.round())
                .setKind(SubjectKind.valueOf(signal.subject().kind().name()))
                .setSubject(signal.subject().id())
                .setReporter(signal.reporter())
                .setPart(signal.part())
                .setFromStep(signal.fromStep())
                .setThroughStep(signal.throughStep())
                .setPlans(
                        signal.plans().stream()
                                .map(plan -> new PlanTokens(plan.version(), plan.tokens()))
                                .toList())
                .setTokens(signal.tokens())
                .setSequences(signal.sequences())
                .setLossSum(signal.lossSum())
                .setLossSquareSum(signal.lossSquareSum())
                .setSketch(ByteBuffer.wrap(signal.sketch()))
                .build();
    }

    static io.sluice.schemas.RoundClosed roundClosed(RoundClosed closed) {
        return io.sluice.schemas.RoundClosed.newBuilder()
                .setRunId(closed.runId())
                .setSpecDigest(closed.specDigest())
                .setAttempt(closed.attempt())
                .setRound(closed.round())
                .setReporter(closed.reporter())
                .setFromStep(closed.fromStep())
                .setThroughStep(closed.throughStep())
                .setOutcomes(
                        closed.outcomes().stream()
                                .map(
                                        outcome ->
                                                new SubjectOutcome(
                                                        SubjectKind.valueOf(outcome.kind().name()),
                                                        outcome.index(),
                                                        outcome.part(),
                                                        SignalOutcome.valueOf(
                                                                outcome.outcome().name())))
                                .toList())
                .setLearningRate(closed.learningRate())
                .setEvaluations(
                        closed.evaluations().stream()
                                .map(
                                        evaluation ->
                                                new TargetEvaluation(
                                                        evaluation.target(),
                                                        evaluation.loss(),
                                                        evaluation.tokens()))
                                .toList())
                .setNanos(closed.nanos())
                .build();
    }

    static io.sluice.schemas.PlanAck ack(PlanAck ack) {
        return io.sluice.schemas.PlanAck.newBuilder()
                .setRunId(ack.runId())
                .setAttempt(ack.attempt())
                .setOfferedVersion(ack.offeredVersion())
                .setOfferedDigest(ack.offeredDigest())
                .setOfferedEpoch(ack.offeredEpoch())
                .setVerdict(AckVerdict.valueOf(ack.verdict().name()))
                .setInForce(plan(ack.inForce()))
                .build();
    }

    static io.sluice.schemas.Seal seal(Seal seal) {
        return io.sluice.schemas.Seal.newBuilder()
                .setRunId(seal.runId())
                .setAttempt(seal.attempt())
                .setSpecDigest(seal.specDigest())
                .setFromStep(seal.fromStep())
                .setThroughStep(seal.throughStep())
                .setVersion(seal.plan().version())
                .setDigest(seal.plan().digest())
                .setWeights(seal.changesPlan() ? weights(seal.plan().mixture()) : List.of())
                .build();
    }

    static MixturePlan plan(Plan plan) {
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

    /**
     * The plan that a record states.
     *
     * @throws IllegalArgumentException when its weights are no mixture, or its label is none that
     *     is known here
     */
    static Plan plan(MixturePlan record) {
        List<GroupId> groups = new ArrayList<>();
        double[] weights = new double[record.getWeights().size()];
        for (GroupWeight weight : record.getWeights()) {
            weights[groups.size()] = weight.getWeight();
            groups.add(new GroupId(weight.getGroup()));
        }
        return new Plan(
                record.getRunId(),
                record.getAttempt(),
                record.getEpoch(),
                record.getSpecDigest(),
                record.getRound(),
                record.getVersion(),
                record.getReplaces(),
                record.getEffectiveStep(),
                Mixture.of(groups, weights),
                Plan.Label.valueOf(record.getLabel().name()),
                record.getDigest());
    }

    /** The digest of a plan, whatever its digest field holds. */
    static String digest(Plan plan) {
        return Digests.of(plan(plan));
    }

    /** Version 0: the prior, from step 0, of no attempt and no controller. */
    static Plan prior(RunSpec spec) {
        Plan plan =
                new Plan(
                        spec.runId(),
                        -1,
                        -1,
                        spec.digest(),
                        -1,
                        0,
                        "",
                        0,
                        spec.prior(),
                        Plan.Label.PRIOR,
                        "");
        return plan.withDigest(digest(plan));
    }

    private static List<GroupWeight> weights(Mixture mixture) {
        List<GroupWeight> weights = new ArrayList<>(mixture.size());
        for (int j = 0; j < mixture.size(); j++) {
            weights.add(new GroupWeight(mixture.groups().get(j).value(), mixture.weight(j)));
        }
        return weights;
    }
}
