package io.sluice.flink.mixture.intake;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.contract.ToContract;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/** A raw record, read: what it says in the core's types. */
sealed interface Inbound {

    /** A run is declared. */
    record Declared(RunSpec spec) implements Inbound {}

    /** An attempt starts. */
    record Started(AttemptStarted record) implements Inbound {}

    /** A signal. */
    record Signalled(Signal signal) implements Inbound {}

    /** A round is closed. */
    record Closed(RoundClosed closed) implements Inbound {}

    /** A plan was answered. */
    record Acknowledged(PlanAck ack) implements Inbound {}

    /** The trainer saved a checkpoint. */
    record Saved(CheckpointSaved record) implements Inbound {}

    /** The trainer says that the run is finished. */
    record Ended(RunEnded record) implements Inbound {}

    /**
     * An operator's command.
     *
     * @param specDigest the declaration that it is meant for; empty for whichever holds
     */
    record Commanded(OperatorCommand command, String specDigest) implements Inbound {}

    /** Thrown for a record that cannot be read, with the reason for its reject. */
    final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Rejection rejection;

        UnreadableException(Reason reason, String message) {
            super(message);
            this.rejection = new Rejection(reason, message);
        }

        Rejection rejection() {
            return rejection;
        }
    }

    /** Reads a record, checking that it stands on its topic and under its key. */
    static Inbound read(RawRecord raw, Contract contract, MixtureOptions options)
            throws UnreadableException {
        SpecificRecord value = decode(raw, contract);
        if (value instanceof GroupSignal signal) {
            require(raw, options, Topic.TELEMETRY, signal.getRunId());
            return new Signalled(core(() -> FromContract.signal(signal), Reason.OUT_OF_RANGE));
        }
        if (value instanceof io.sluice.schemas.RoundClosed closed) {
            require(raw, options, Topic.TELEMETRY, closed.getRunId());
            return new Closed(core(() -> FromContract.closed(closed), Reason.OUT_OF_RANGE));
        }
        if (value instanceof io.sluice.schemas.PlanAck ack) {
            require(raw, options, Topic.ACKS, ack.getRunId());
            return new Acknowledged(core(() -> FromContract.ack(ack), Reason.OUT_OF_RANGE));
        }
        if (value instanceof AttemptStarted started) {
            require(raw, options, Topic.RUNS, started.getRunId());
            return new Started(started);
        }
        if (value instanceof CheckpointSaved saved) {
            require(raw, options, Topic.RUNS, saved.getRunId());
            return new Saved(saved);
        }
        if (value instanceof RunEnded ended) {
            require(raw, options, Topic.RUNS, ended.getRunId());
            return new Ended(ended);
        }
        if (value instanceof io.sluice.schemas.OperatorCommand command) {
            require(raw, options, Topic.CONTROL, command.getRunId());
            return new Commanded(
                    core(() -> FromContract.command(command), Reason.INVALID_COMMAND),
                    command.getSpecDigest());
        }
        if (value instanceof io.sluice.schemas.RunSpec declared) {
            require(raw, options, Topic.RUNS, declared.getRunId());
            return new Declared(core(() -> spec(declared), Reason.INVALID_SPEC));
        }
        throw new UnreadableException(
                Reason.WRONG_TOPIC,
                value.getClass().getSimpleName() + " does not belong on " + raw.topic());
    }

    private static RunSpec spec(io.sluice.schemas.RunSpec declared) {
        RunSpec spec = FromContract.spec(declared);
        String digest = Digests.of(declared);
        if (!digest.equals(spec.digest())) {
            throw new IllegalArgumentException(
                    "its digest is " + digest + ", not " + spec.digest());
        }
        PolicyCatalog.create(spec);
        MixtureBox.requirePrior(spec);
        long decision =
                ToContract.largestDecision(
                        spec.groups().size(), spec.targets().size(), spec.catalog().isPresent());
        if (decision > Contract.LARGE) {
            throw new IllegalArgumentException(
                    "decisions of "
                            + spec.groups().size()
                            + " groups and "
                            + spec.targets().size()
                            + " targets take up to "
                            + decision
                            + " bytes, and a record holds at most "
                            + Contract.LARGE
                            + ": declare fewer groups or fewer targets");
        }
        return spec;
    }

    private static SpecificRecord decode(RawRecord raw, Contract contract)
            throws UnreadableException {
        try {
            return contract.decode(raw.value());
        } catch (ContractException e) {
            boolean large = e.kind() == ContractException.Kind.TOO_LARGE;
            throw new UnreadableException(
                    large ? Reason.TOO_LARGE : Reason.UNDECODABLE, e.getMessage());
        }
    }

    private static void require(RawRecord raw, MixtureOptions options, Topic topic, String runId)
            throws UnreadableException {
        if (!raw.topic().equals(options.name(topic))) {
            throw new UnreadableException(
                    Reason.WRONG_TOPIC,
                    "it belongs on " + options.name(topic) + ", not on " + raw.topic());
        }
        if (!raw.key().equals(runId)) {
            throw new UnreadableException(
                    Reason.UNKNOWN_RUN,
                    "its key names run '" + raw.key() + "', itself run '" + runId + "'");
        }
    }

    private static <T> T core(java.util.function.Supplier<T> mapping, Reason reason)
            throws UnreadableException {
        try {
            return mapping.get();
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(reason, e.getMessage());
        }
    }
}
