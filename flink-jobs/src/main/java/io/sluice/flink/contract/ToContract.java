package io.sluice.flink.contract;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.CommandReport;
import io.sluice.core.control.Outcome;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.controller.Decision;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.signal.Rejection;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.BasisKind;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GovernorPhase;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.StandingCommand;
import io.sluice.schemas.TargetDecision;
import io.sluice.schemas.TargetEvaluation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What the job writes, in the contract's records. */
public final class ToContract {

    /** Most bytes of a rejected record that its reject carries. */
    private static final int MAX_ORIGINAL = 64 * 1024;

    /**
     * Most characters of a reject's message. Messages quote what a record says, which may be as
     * long as the record; a reject that outgrew its own limit would end the job instead.
     */
    private static final int MAX_MESSAGE = 1000;

    /**
     * Most bytes of a decision without groups and targets: names, digests, counts, a sentence; four
     * outcomes of commands with 565 bytes each, and 36 commands that stand or ended with 78; a bit
     * for each reporter.
     */
    private static final int LARGEST_FRAME = 1984 + 5 * 1024 + Attempt.MAX_REPORTERS / 8;

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
                        .setLate(decision.counts().late())
                        .setTotalAccepted(decision.total().accepted())
                        .setTotalDuplicates(decision.total().duplicates())
                        .setTotalLate(decision.total().late())
                        .setLineage(decision.lineage())
                        .setBasis(BasisKind.valueOf(decision.basis().kind().name()))
                        .setBasisRound(decision.basis().round())
                        .setWaiting(decision.waiting())
                        .setCommands(
                                decision.commands().outcomes().stream()
                                        .map(ToContract::outcome)
                                        .toList())
                        .setStanding(standing(decision.commands()))
                        .setComplete(decision.complete())
                        .setAbsentReporters(bits(decision.absentReporters()))
                        .setAbsent(absent(decision.groups()))
                        .setNews(
                                decision.groups().stream()
                                        .filter(group -> !group.news().equals(GroupNews.NONE))
                                        .map(ToContract::news)
                                        .toList());
        decision.plan()
                .ifPresent(
                        plan ->
                                builder.setPlanVersion(plan.version())
                                        .setPlanDigest(plan.digest())
                                        .setEffectiveStep(plan.effectiveStep()));
        decision.guards().ifPresent(guards -> setGuards(builder, guards));
        if (decision.plan().isEmpty()) {
            builder.setPlanVersion(-1).setEffectiveStep(-1);
        }
        return builder.build();
    }

    private static void setGuards(
            io.sluice.schemas.Decision.Builder builder, Decision.GuardEffects guards) {
        builder.setFraction(guards.fraction())
                .setKl(guards.kl())
                .setBound(guards.bound())
                .setBoxExceeds(guards.boxExceeds())
                .setHeldBySupply(guards.heldBySupply())
                .setRelaxation(guards.relaxation())
                .setGovernor(GovernorPhase.valueOf(guards.governor().name()))
                .setTargetPrices(list(guards.targetPrices()));
        guards.verdict()
                .ifPresent(
                        verdict ->
                                builder.setRealisedProgress(verdict.realised())
                                        .setPriorProgress(verdict.prior())
                                        .setProgressError(verdict.error()));
    }

    private static CommandOutcome outcome(Outcome outcome) {
        return CommandOutcome.newBuilder()
                .setId(outcome.command())
                .setKind(CommandKind.valueOf(outcome.kind().name()))
                .setWho(outcome.who())
                .setWhy(outcome.why())
                .setAccepted(outcome.accepted())
                .setMessage(outcome.message())
                .setUntilStep(outcome.untilStep().orElse(-1))
                .build();
    }

    private static List<StandingCommand> standing(CommandReport report) {
        List<StandingCommand> standing = new ArrayList<>();
        for (Standing command : report.standing()) {
            standing.add(
                    StandingCommand.newBuilder()
                            .setId(command.command())
                            .setKind(CommandKind.valueOf(command.kind().name()))
                            .setUntilStep(command.untilStep().orElse(-1))
                            .build());
        }
        for (String ended : report.ended()) {
            standing.add(StandingCommand.newBuilder().setId(ended).setEnded(true).build());
        }
        return standing;
    }

    /**
     * Most bytes that the decisions of a run with so many groups and targets can take. A record of
     * the contract holds at most {@link io.sluice.schemas.Contract#LARGE}.
     *
     * @param catalog whether the run follows a catalog, so that supplies are told
     */
    public static long largestDecision(int groups, int targets, boolean catalog) {
        // Doubles take 8 bytes. Numbers of variable length are as long as they can get: an index 2,
        // or 3 from 8192 on, the tokens of all reporters 9, a list's length before its items 1 or
        // 2, the zero behind them 1, and the branch of what may be absent 1.
        long indices = 2L * groups + Math.max(0, groups - 8192);
        long perList = (targets < 64 ? 1 : 2) + 8L * targets + 1;
        long perGroup = 5 * 8 + 9 + 2 * perList + (catalog ? 1 + 1 + 3 * 9 : 0);
        long perTarget = (2 + 10 + 10 + 8) + (2 + 8 + 10) + 8;
        return LARGEST_FRAME
                + (catalog ? 2 : 1) * indices
                + perGroup * groups
                + (groups + 7) / 8
                + perTarget * targets;
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
                cut(rejection.message()),
                ByteBuffer.wrap(original));
    }

    private static String cut(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE) + " ... (cut)";
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

    private static ByteBuffer absent(List<Decision.GroupDecision> groups) {
        return bits(
                groups.stream()
                        .filter(group -> !group.present())
                        .map(Decision.GroupDecision::index)
                        .toList());
    }

    private static ByteBuffer bits(List<Integer> places) {
        BitSet bits = new BitSet();
        places.forEach(bits::set);
        return ByteBuffer.wrap(bits.toByteArray());
    }

    private static io.sluice.schemas.GroupNews news(Decision.GroupDecision group) {
        return new io.sluice.schemas.GroupNews(
                group.index(),
                CatalogGroupState.valueOf(group.news().state().name()),
                group.news().uniqueTokens().orElse(-1),
                group.news().version(),
                group.drawn());
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
