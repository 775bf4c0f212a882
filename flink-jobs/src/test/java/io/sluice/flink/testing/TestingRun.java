package io.sluice.flink.testing;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.sketch.BFloat16;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** What one run would put on the topics: three groups, one target, policy dga. */
public final class TestingRun {

    /** The options that every stage of a test runs with. */
    public static final MixtureOptions OPTIONS = MixtureOptions.of("localhost:9092");

    /** Makes Avro trust the contract before any builder runs. */
    public static final Contract CONTRACT = new Contract();

    public static final String RUN = "run";
    public static final Subject EN = Subject.of(new GroupId("en"));
    public static final Subject ES = Subject.of(new GroupId("es"));
    public static final Subject PT = Subject.of(new GroupId("pt"));
    public static final Subject TARGET = Subject.of(new TargetId("held-out"));

    /** Every subject of the run. */
    public static final List<Subject> SUBJECTS = List.of(EN, ES, PT, TARGET);

    /** Dimension of the run's sketches. */
    public static final int DIMENSION = 16;

    private static final int ROUND_STEPS = 10;

    private final io.sluice.schemas.RunSpec declaration;

    private TestingRun(io.sluice.schemas.RunSpec declaration) {
        this.declaration = declaration;
    }

    /** A run whose groups are split into so many parts. */
    public static TestingRun ofShards(int shards) {
        return new TestingRun(digested(declaration().setShards(shards)));
    }

    /** A run of this declaration. */
    public static TestingRun of(io.sluice.schemas.RunSpec.Builder declaration) {
        return new TestingRun(digested(declaration));
    }

    /** The declaration, to be varied; its digest is to be filled in. */
    public static io.sluice.schemas.RunSpec.Builder declaration() {
        return io.sluice.schemas.RunSpec.newBuilder()
                .setRunId(RUN)
                .setGroups(List.of(group("en", 0.5), group("es", 0.25), group("pt", 0.25)))
                .setTargets(
                        List.of(
                                TargetDeclaration.newBuilder()
                                        .setId("held-out")
                                        .setWeight(1)
                                        .build()))
                .setPolicy("dga")
                .setPolicyOptions(Map.of())
                .setMinGroupSequences(2)
                .setMinTargetSequences(2)
                .setRoundSteps(ROUND_STEPS)
                .setLeadSteps(2)
                .setSketchDimension(DIMENSION)
                .setMode(RunMode.CONTROL);
    }

    /** A declaration with the digest it should have. */
    public static io.sluice.schemas.RunSpec digested(io.sluice.schemas.RunSpec.Builder builder) {
        return builder.setDigest(Digests.of(builder.setDigest("").build())).build();
    }

    public io.sluice.schemas.RunSpec declared() {
        return declaration;
    }

    /** The declaration in the core's types. */
    public RunSpec spec() {
        return FromContract.spec(declaration);
    }

    /** Version 0: the prior. */
    public MixturePlan prior() {
        return plan(0, "", 0.5, 0.25, 0.25);
    }

    /** A plan with weights for en, es and pt. */
    public MixturePlan plan(long version, String replaces, double... weights) {
        MixturePlan.Builder plan =
                MixturePlan.newBuilder()
                        .setRunId(RUN)
                        .setAttempt(-1)
                        .setEpoch(-1)
                        .setSpecDigest(declaration.getDigest())
                        .setVersion(version)
                        .setReplaces(replaces)
                        .setWeights(
                                List.of(
                                        new GroupWeight("en", weights[0]),
                                        new GroupWeight("es", weights[1]),
                                        new GroupWeight("pt", weights[2])))
                        .setLabel(version == 0 ? PlanLabel.PRIOR : PlanLabel.POLICY);
        return plan.setDigest(Digests.of(plan.setDigest("").build())).build();
    }

    public AttemptStarted started(long resumeStep, String... reporters) {
        return AttemptStarted.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(declaration.getDigest())
                .setResumeStep(resumeStep)
                .setReporters(List.of(reporters))
                .setInForce(prior())
                .build();
    }

    public CheckpointSaved saved(long attempt, long nextStep) {
        return CheckpointSaved.newBuilder()
                .setRunId(RUN)
                .setAttempt(attempt)
                .setNextStep(nextStep)
                .build();
    }

    /** The trainer says that the run is finished. */
    public RunEnded ended(long attempt) {
        return RunEnded.newBuilder().setRunId(RUN).setAttempt(attempt).setNextStep(30).build();
    }

    /** An operator's command of this kind, to be filled in. */
    public static OperatorCommand.Builder command(String id, CommandKind kind) {
        return OperatorCommand.newBuilder()
                .setRunId(RUN)
                .setId(id)
                .setKind(kind)
                .setWho("ana")
                .setWhy("a test");
    }

    /** An attempt in the core's types. */
    public Attempt attempt(long number, long resumeStep, String... reporters) {
        return FromContract.attempt(started(resumeStep, reporters), number);
    }

    /** A signal of reporter r0 over a whole round, with a gradient that names its subject. */
    public GroupSignal.Builder signal(long attempt, long round, Subject subject, int part) {
        return signal(attempt, round, subject, "r0", part);
    }

    /** A signal over a whole round, with a gradient that names its subject. */
    public GroupSignal.Builder signal(
            long attempt, long round, Subject subject, String reporter, int part) {
        float[] gradient = new float[DIMENSION];
        gradient[0] = 100 + reporter.length();
        gradient[1 + SUBJECTS.indexOf(subject)] = 50 + part;
        return GroupSignal.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(declaration.getDigest())
                .setAttempt(attempt)
                .setRound(round)
                .setKind(kind(subject))
                .setSubject(subject.id())
                .setReporter(reporter)
                .setPart(part)
                .setFromStep(round * ROUND_STEPS)
                .setThroughStep(round * ROUND_STEPS + ROUND_STEPS - 1)
                .setPlans(subject.isGroup() ? List.of(new PlanTokens(0L, 100L)) : List.of())
                .setTokens(100)
                .setSequences(4)
                .setLossSum(200)
                .setLossSquareSum(400)
                .setSketch(ByteBuffer.wrap(BFloat16.encode(gradient)));
    }

    /** A statement that both parts of every subject are in the log. */
    public RoundClosed.Builder closed(long attempt, long round, String reporter) {
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (Subject subject : SUBJECTS) {
            for (int part = 0; part < 2; part++) {
                outcomes.add(
                        new SubjectOutcome(
                                kind(subject),
                                spec().indexOf(subject),
                                part,
                                SignalOutcome.ACKNOWLEDGED));
            }
        }
        return RoundClosed.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(declaration.getDigest())
                .setAttempt(attempt)
                .setRound(round)
                .setReporter(reporter)
                .setFromStep(round * ROUND_STEPS)
                .setThroughStep(round * ROUND_STEPS + ROUND_STEPS - 1)
                .setOutcomes(outcomes)
                .setLearningRate(1e-3);
    }

    /** An answer to an offered plan. */
    public PlanAck.Builder ack(
            long attempt, MixturePlan offered, AckVerdict verdict, MixturePlan inForce) {
        return PlanAck.newBuilder()
                .setRunId(RUN)
                .setAttempt(attempt)
                .setOfferedVersion(offered.getVersion())
                .setOfferedDigest(offered.getDigest())
                .setOfferedEpoch(offered.getEpoch())
                .setVerdict(verdict)
                .setInForce(inForce);
    }

    /** Everything that reporter r0 says in one round. */
    public List<SpecificRecord> round(long attempt, long round) {
        List<SpecificRecord> records = new ArrayList<>();
        for (Subject subject : SUBJECTS) {
            for (int part = 0; part < 2; part++) {
                records.add(signal(attempt, round, subject, part).build());
            }
        }
        records.add(closed(attempt, round, "r0").build());
        return records;
    }

    /** A record as the source would hand it on, under the run's key. */
    public static RawRecord raw(Topic topic, long offset, SpecificRecord value) {
        return raw(topic, offset, RUN, CONTRACT.encode(value));
    }

    /** A record as the source would hand it on. */
    public static RawRecord raw(Topic topic, long offset, String key, byte[] value) {
        return new RawRecord(OPTIONS.name(topic), 3, offset, key, value);
    }

    private static GroupDeclaration group(String id, double prior) {
        return GroupDeclaration.newBuilder().setId(id).setPrior(prior).setFloor(0.01).build();
    }

    private static SubjectKind kind(Subject subject) {
        return subject.isGroup() ? SubjectKind.GROUP : SubjectKind.TARGET;
    }
}
