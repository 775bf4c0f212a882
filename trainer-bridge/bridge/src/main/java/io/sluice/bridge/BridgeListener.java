package io.sluice.bridge;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import java.util.OptionalLong;

/**
 * Hears what a bridge does. Called from the bridge's own threads, never from the trainer's, so
 * calls of different methods may overlap; each should return soon, for the bridge waits. What it
 * throws is counted and logged, and goes no further.
 */
public interface BridgeListener {

    /** Hears nothing. */
    BridgeListener NONE = new BridgeListener() {};

    /** The log has the attempt; its number is the offset of its record. */
    default void attemptStarted(long number) {}

    /**
     * Another bridge has started a newer attempt of the run; this one keeps its mixture.
     *
     * @param newer number of that attempt
     */
    default void fenced(long newer) {}

    /**
     * A plan was accepted and is in force.
     *
     * @param plan the plan
     * @param nanosSinceRoundClosed from handing the end of the plan's round to the log client until
     *     now; empty when this bridge did not close that round
     */
    default void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {}

    /** A plan was refused; a mere repetition of the plan in force is not told. */
    default void planRefused(PlanAck ack) {}

    /**
     * Steps were sealed and the seal is on its way to the log. Seals of adjacent steps and one plan
     * are told as one when the log lags behind.
     */
    default void sealed(Seal seal) {}

    /**
     * The end of a round was handed to the log client.
     *
     * @param round the round
     * @param acknowledged signals that the log has
     * @param dropped signals that were lost on the way
     */
    default void roundSent(long round, int acknowledged, int dropped) {}
}
