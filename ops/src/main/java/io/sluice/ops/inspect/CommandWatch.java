package io.sluice.ops.inspect;

import io.sluice.ops.UserException;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Decision;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What an operator must know of a run before giving it a command, and what becomes of the command.
 * Reads topics and writes nothing. For one thread.
 */
public final class CommandWatch implements AutoCloseable {

    private static final long NEWEST_DECISIONS = 200;
    private static final long NEWEST_REJECTS = 200;

    private final LogReader reader;
    private final ContractLog log;
    private final String prefix;
    private final String run;
    private final Contract contract = new Contract();
    private final Map<String, RunSpec> specs = new HashMap<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private Optional<AttemptStarted> attempt = Optional.empty();
    private Optional<Decision> newest = Optional.empty();
    private boolean ended;

    /**
     * What became of a command.
     *
     * @param accepted whether it holds
     * @param round the round whose decision says so; -1 when the job turned the command away before
     * @param planVersion version of the plan that the decision made; -1 when it made none
     * @param effectiveStep first step from which that plan may hold; -1 when there is none
     * @param message why not, or what to know besides; may be empty
     */
    public record Answer(
            boolean accepted, long round, long planVersion, long effectiveStep, String message) {}

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the topics' names
     * @param limit most time that the reading of one topic may take
     * @throws UserException when the properties make no client
     */
    public CommandWatch(Properties client, String prefix, Duration limit, String run) {
        this.reader = new LogReader(client, limit);
        this.log = new ContractLog(reader, prefix);
        this.prefix = prefix;
        this.run = run;
    }

    /**
     * The declaration that the run's newest attempt trains under.
     *
     * @throws UserException when there is no such run, no attempt of it, or it has ended; and as
     *     {@link Inspector}'s methods
     */
    public RunSpec declaration() {
        log.readOn(Topic.RUNS, LogReader.ALL, Optional.of(run), this::take);
        RunSpec spec = attempt.map(started -> specs.get(started.getSpecDigest())).orElse(null);
        if (spec == null) {
            throw new UserException(
                    "no attempt of a run '"
                            + run
                            + "' is in "
                            + Topic.RUNS.name(prefix)
                            + ": './sluice status' lists the runs");
        }
        if (ended) {
            throw new UserException("run '" + run + "' has ended: there is nothing to command");
        }
        return spec;
    }

    /** The step after the last decided one; the newest attempt's first where none is decided. */
    public long nextStep() {
        listen();
        long resumed = attempt.map(AttemptStarted::getResumeStep).orElse(0L);
        return newest.map(decision -> decision.getThroughStep() + 1).orElse(resumed);
    }

    /**
     * A plan of the run: of several with this version, the newest.
     *
     * @throws UserException when there is none
     */
    public MixturePlan plan(long version) {
        MixturePlan[] found = new MixturePlan[1];
        long[] most = {0};
        log.read(
                Topic.PLANS,
                LogReader.ALL,
                Optional.of(run),
                entry -> {
                    MixturePlan plan = (MixturePlan) entry.value();
                    most[0] = Math.max(most[0], plan.getVersion());
                    found[0] = plan.getVersion() == version ? plan : found[0];
                });
        if (found[0] == null) {
            throw new UserException(
                    "run '"
                            + run
                            + "' has no plan "
                            + version
                            + ": its newest is "
                            + most[0]
                            + ", and './sluice history --run "
                            + run
                            + "' lists them");
        }
        return found[0];
    }

    /** What became of a command; empty while nobody has said so. */
    public Optional<Answer> answer(String id) {
        listen();
        return Optional.ofNullable(answers.get(id));
    }

    @Override
    public void close() {
        reader.close();
    }

    private void listen() {
        log.readOn(Topic.DECISIONS, NEWEST_DECISIONS, Optional.of(run), this::take);
        log.readOn(Topic.REJECTS, NEWEST_REJECTS, Optional.of(run), this::take);
    }

    private void take(Entry entry) {
        if (entry.value() instanceof RunSpec spec) {
            specs.put(spec.getDigest(), spec);
        } else if (entry.value() instanceof AttemptStarted started) {
            attempt = Optional.of(started);
            ended = false;
        } else if (entry.value() instanceof RunEnded) {
            ended = true;
        } else if (entry.value() instanceof Decision decision) {
            newest = Optional.of(decision);
            for (CommandOutcome outcome : decision.getCommands()) {
                answers.put(
                        outcome.getId(),
                        new Answer(
                                outcome.getAccepted(),
                                decision.getRound(),
                                decision.getPlanVersion(),
                                decision.getEffectiveStep(),
                                outcome.getMessage()));
            }
        } else if (entry.value() instanceof Rejected rejected
                && rejected.getTopic().equals(Topic.CONTROL.name(prefix))) {
            commandOf(rejected)
                    .ifPresent(
                            command ->
                                    answers.put(
                                            command.getId(),
                                            new Answer(
                                                    false,
                                                    -1,
                                                    -1,
                                                    -1,
                                                    rejected.getReason()
                                                            + ": "
                                                            + rejected.getMessage())));
        }
    }

    private Optional<OperatorCommand> commandOf(Rejected rejected) {
        ByteBuffer original = rejected.getOriginal().duplicate();
        byte[] bytes = new byte[original.remaining()];
        original.get(bytes);
        try {
            return contract.decode(bytes) instanceof OperatorCommand command
                    ? Optional.of(command)
                    : Optional.empty();
        } catch (ContractException e) {
            return Optional.empty();
        }
    }
}
