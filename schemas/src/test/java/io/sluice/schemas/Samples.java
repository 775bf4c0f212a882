package io.sluice.schemas;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** One realistic record of every type, with every field away from its default. */
final class Samples {

    private static final String RUN = "pt-1b-2026-11";

    static {
        // Builders need Avro's trust, which comes with the contract.
        Contract.schemas();
    }

    private Samples() {}

    /** The samples by record name. */
    static Map<String, SpecificRecord> all() {
        Map<String, SpecificRecord> samples = new LinkedHashMap<>();
        for (SpecificRecord sample :
                List.of(
                        runSpec(),
                        attemptStarted(),
                        checkpointSaved(),
                        runEnded(),
                        operatorCommand(),
                        groupSignal(),
                        roundClosed(),
                        controllerClaim(),
                        mixturePlan(),
                        decision(),
                        planAck(),
                        seal(),
                        rejected(),
                        CatalogSamples.candidateDocument(),
                        CatalogSamples.admittedDocument(),
                        CatalogSamples.documentsRemoved(),
                        CatalogSamples.groupSupply(),
                        CatalogSamples.catalogGroup(),
                        CatalogSamples.catalogRun(),
                        CatalogSamples.removalRequest(),
                        CatalogSamples.targetFilter(),
                        CatalogSamples.targetEmbedding())) {
            samples.put(sample.getSchema().getName(), sample);
        }
        return samples;
    }

    static RunSpec runSpec() {
        RunSpec.Builder spec =
                RunSpec.newBuilder()
                        .setRunId(RUN)
                        .setGroups(
                                List.of(
                                        group("en_novels", 0.5, 0.05, 0.9),
                                        group("es", 0.3, 0.02, 0.8),
                                        group("python", 0.2, 0.02, 0.6)))
                        .setTargets(
                                List.of(
                                        TargetDeclaration.newBuilder()
                                                .setId("jargon")
                                                .setWeight(0.25)
                                                .setCeiling(2.5)
                                                .build(),
                                        TargetDeclaration.newBuilder()
                                                .setId("pt")
                                                .setWeight(0.75)
                                                .setCeiling(3.5)
                                                .build()))
                        .setPolicy("dga")
                        .setPolicyOptions(new TreeMap<>(Map.of("eta", 0.4, "weight-ema", 0.5)))
                        .setPriorPull(0.05)
                        .setMaxKl(0.02)
                        .setSignalDecay(0.25)
                        .setMinGroupSequences(12)
                        .setMinTargetSequences(24)
                        .setRoundSteps(200)
                        .setLeadSteps(4)
                        .setWarmUpSteps(1_000)
                        .setLeastReporters(0.75)
                        .setSketchDimension(4093)
                        .setSketchSeed(20_261_101)
                        .setShards(2)
                        .setSeed(7)
                        .setMode(RunMode.OBSERVE)
                        .setDeadBand(0.001)
                        .setCoolDownRounds(3)
                        .setGovernorRounds(12)
                        .setPlannedTokens(7_000_000_000L)
                        .setCatalog("books");
        return spec.setDigest(Digests.of(spec.build())).build();
    }

    static MixturePlan mixturePlan() {
        MixturePlan.Builder plan =
                MixturePlan.newBuilder()
                        .setRunId(RUN)
                        .setAttempt(41)
                        .setEpoch(3)
                        .setSpecDigest(runSpec().getDigest())
                        .setRound(12)
                        .setVersion(8)
                        .setReplaces(
                                "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9")
                        .setEffectiveStep(2_604)
                        .setWeights(
                                List.of(
                                        weight("en_novels", 0.375),
                                        weight("es", 0.5),
                                        weight("python", 0.125)))
                        .setLabel(PlanLabel.POLICY);
        return plan.setDigest(Digests.of(plan.build())).build();
    }

    private static AttemptStarted attemptStarted() {
        return AttemptStarted.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(runSpec().getDigest())
                .setResumeStep(2_400)
                .setReporters(List.of("rank-0", "rank-1"))
                .setInForce(mixturePlan())
                .build();
    }

    private static CheckpointSaved checkpointSaved() {
        return CheckpointSaved.newBuilder().setRunId(RUN).setAttempt(41).setNextStep(2_600).build();
    }

    private static RunEnded runEnded() {
        return RunEnded.newBuilder().setRunId(RUN).setAttempt(41).setNextStep(30_000).build();
    }

    private static OperatorCommand operatorCommand() {
        return OperatorCommand.newBuilder()
                .setRunId(RUN)
                .setId("2f1c9a4e")
                .setKind(CommandKind.SET_POLICY)
                .setWho("ana@lab")
                .setWhy("python is over-drawn since step 2,000")
                .setWhenMillis(1_793_534_400_000L)
                .setSpecDigest(runSpec().getDigest())
                .setUntilStep(9_000)
                .setGroups(List.of("python"))
                .setWeights(List.of(weight("python", 0.125)))
                .setVersion(7)
                .setPolicy("dga")
                .setPolicyOptions(new TreeMap<>(Map.of("eta", 0.2)))
                .setFloors(List.of(weight("es", 0.1)))
                .setCaps(List.of(weight("python", 0.25)))
                .setMaxKl(0.01)
                .setPriorPull(0.2)
                .build();
    }

    private static GroupSignal groupSignal() {
        return GroupSignal.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(runSpec().getDigest())
                .setAttempt(41)
                .setRound(12)
                .setKind(SubjectKind.GROUP)
                .setSubject("es")
                .setReporter("rank-0")
                .setPart(1)
                .setFromStep(2_400)
                .setThroughStep(2_599)
                .setPlans(
                        List.of(
                                PlanTokens.newBuilder().setVersion(6).setTokens(65_536).build(),
                                PlanTokens.newBuilder().setVersion(7).setTokens(196_608).build()))
                .setTokens(262_144)
                .setSequences(256)
                .setLossSum(812_646.4)
                .setLossSquareSum(2_621_440.5)
                .setSketch(
                        ByteBuffer.wrap(
                                new byte[] {0x40, 0x3f, 0x20, (byte) 0xbf, 0x40, 0x3e, 0x20, 0x41}))
                .build();
    }

    private static RoundClosed roundClosed() {
        return RoundClosed.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(runSpec().getDigest())
                .setAttempt(41)
                .setRound(12)
                .setReporter("rank-0")
                .setFromStep(2_400)
                .setThroughStep(2_599)
                .setOutcomes(
                        List.of(
                                outcome(SubjectKind.GROUP, 0, 0, SignalOutcome.ACKNOWLEDGED),
                                outcome(SubjectKind.GROUP, 1, 1, SignalOutcome.DROPPED),
                                outcome(SubjectKind.TARGET, 1, 1, SignalOutcome.ABSENT)))
                .setLearningRate(3.0e-4)
                .setEvaluations(List.of(evaluation()))
                .setNanos(184_000_000_000L)
                .build();
    }

    private static ControllerClaim controllerClaim() {
        return ControllerClaim.newBuilder()
                .setController("sluice-mixture/0")
                .setStartedMillis(1_793_534_400_000L)
                .build();
    }

    private static Decision decision() {
        MixturePlan plan = mixturePlan();
        return Decision.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(plan.getSpecDigest())
                .setAttempt(41)
                .setEpoch(3)
                .setFirstRound(11)
                .setRound(12)
                .setThroughStep(2_599)
                .setPolicy("dga")
                .setBaseVersion(7)
                .setBaseDigest(plan.getReplaces())
                .setHold(HoldReason.NONE)
                .setHoldMessage("nothing held: plan 8 was made")
                .setPlanVersion(plan.getVersion())
                .setPlanDigest(plan.getDigest())
                .setEffectiveStep(plan.getEffectiveStep())
                .setFraction(0.625)
                .setKl(0.02)
                .setBound(1)
                .setBoxExceeds(true)
                .setGroups(
                        List.of(
                                groupDecision(0, 0.4375, 0.3125, 0.375, -0.125),
                                groupDecision(1, 0.4375, 0.5625, 0.5, 0.25)))
                .setTargets(
                        List.of(
                                TargetDecision.newBuilder()
                                        .setIndex(1)
                                        .setTokens(32_768)
                                        .setSequences(32)
                                        .setMeanLoss(3.25)
                                        .build()))
                .setEvaluations(List.of(evaluation()))
                .setPredictedGain(0.0125)
                .setPredictedGainError(0.005)
                .setAccepted(96)
                .setDuplicates(2)
                .setLate(1)
                .setBasis(BasisKind.RETURNED)
                .setBasisRound(10)
                .setHeldBySupply(2)
                .setRelaxation(1.25)
                .setGovernor(GovernorPhase.WATCHING)
                .setRealisedProgress(0.0625)
                .setPriorProgress(0.03125)
                .setProgressError(0.015625)
                .setTargetPrices(List.of(0.125, 0.5))
                .setWaiting(2)
                .setCommands(
                        List.of(
                                CommandOutcome.newBuilder()
                                        .setId("2f1c9a4e")
                                        .setKind(CommandKind.PIN)
                                        .setWho("ana@lab")
                                        .setWhy("python is over-drawn since step 2,000")
                                        .setAccepted(true)
                                        .setMessage("policy dga begins without memory")
                                        .setUntilStep(9_000)
                                        .build()))
                .setStanding(
                        List.of(
                                StandingCommand.newBuilder()
                                        .setId("2f1c9a4e")
                                        .setKind(CommandKind.PIN)
                                        .setUntilStep(9_000)
                                        .setEnded(true)
                                        .build()))
                .setTotalAccepted(480)
                .setTotalDuplicates(5)
                .setTotalLate(3)
                .setLineage(384)
                .setAbsentReporters(ByteBuffer.wrap(new byte[] {2}))
                .setComplete(false)
                .setAbsent(ByteBuffer.wrap(new byte[] {4}))
                .setNews(
                        List.of(
                                GroupNews.newBuilder()
                                        .setIndex(1)
                                        .setState(CatalogGroupState.ACTIVE)
                                        .setUniqueTokens(1_000_000)
                                        .setVersion(1_234)
                                        .setDrawnTokens(3_145_728)
                                        .build()))
                .build();
    }

    private static PlanAck planAck() {
        MixturePlan plan = mixturePlan();
        return PlanAck.newBuilder()
                .setRunId(RUN)
                .setAttempt(41)
                .setOfferedVersion(plan.getVersion())
                .setOfferedDigest(plan.getDigest())
                .setOfferedEpoch(plan.getEpoch())
                .setVerdict(AckVerdict.ACCEPTED)
                .setInForce(plan)
                .build();
    }

    private static Seal seal() {
        MixturePlan plan = mixturePlan();
        return Seal.newBuilder()
                .setRunId(RUN)
                .setAttempt(41)
                .setSpecDigest(plan.getSpecDigest())
                .setFromStep(2_604)
                .setThroughStep(2_623)
                .setVersion(plan.getVersion())
                .setDigest(plan.getDigest())
                .setWeights(plan.getWeights())
                .build();
    }

    private static Rejected rejected() {
        return Rejected.newBuilder()
                .setTopic("sluice.telemetry")
                .setPartition(3)
                .setOffset(90_210)
                .setReason(RejectReason.NOT_FINITE)
                .setMessage("lossSum of group es in round 12 is NaN")
                .setOriginal(ByteBuffer.wrap(new byte[] {(byte) 0xc3, 0x01, 0x6e, 0x00}))
                .build();
    }

    private static GroupDeclaration group(String id, double prior, double floor, double cap) {
        return GroupDeclaration.newBuilder()
                .setId(id)
                .setPrior(prior)
                .setFloor(floor)
                .setCap(cap)
                .setUniqueTokens(1_000_000_000L)
                .setMaxEpochs(4)
                .setDormant(true)
                .build();
    }

    private static GroupWeight weight(String group, double weight) {
        return GroupWeight.newBuilder().setGroup(group).setWeight(weight).build();
    }

    private static SubjectOutcome outcome(
            SubjectKind kind, int index, int part, SignalOutcome outcome) {
        return SubjectOutcome.newBuilder()
                .setKind(kind)
                .setIndex(index)
                .setPart(part)
                .setOutcome(outcome)
                .build();
    }

    private static TargetEvaluation evaluation() {
        return TargetEvaluation.newBuilder().setTarget(1).setLoss(3.1875).setTokens(65_536).build();
    }

    private static GroupDecision groupDecision(
            int index, double base, double proposed, double decided, double score) {
        return GroupDecision.newBuilder()
                .setIndex(index)
                .setBase(base)
                .setProposed(proposed)
                .setDecided(decided)
                .setScore(score)
                .setTokens(262_144)
                .setMeanLoss(3.1)
                .setAlignments(List.of(0.03125, score))
                .setAlignmentErrors(List.of(0.015625, 0.03125))
                .build();
    }
}
