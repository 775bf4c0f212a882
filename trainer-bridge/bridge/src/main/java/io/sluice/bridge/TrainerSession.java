package io.sluice.bridge;

import io.sluice.core.domain.TargetId;

/**
 * A trainer's side of one attempt. To be called from the trainer's thread; no call waits for a
 * network, and none throws because of something outside the trainer. Leases are renewed, and ended
 * rounds sent, by threads of the bridge; only a trainer that overtakes its lease waits for the one
 * write to the local store, not synced to the disk, that renews it.
 *
 * <pre>{@code
 * for (long step = session.resumeStep(); step < steps; step++) {
 *     StepPlan plan = session.plan(step);
 *     for (GroupId group : plan.draws()) {
 *         // draw a micro-batch of this group, forward, backward
 *         session.record(new Observation(Subject.of(group), ...));
 *     }
 *     optimizer.step();
 *     if (session.takesTargets(step)) {
 *         // for each target: two batches of held-out rows, forward and backward, not applied
 *         session.record(new Observation(Subject.of(target), ...));
 *     }
 *     session.endStep(step, learningRate);
 * }
 * }</pre>
 */
public interface TrainerSession extends AutoCloseable {

    /** First step that this attempt takes. */
    long resumeStep();

    /**
     * The sealed plan of a step and what it draws. The answer for a step never changes.
     *
     * @param step the step about to be taken; steps are asked for in order
     */
    StepPlan plan(long step);

    /**
     * Whether {@code step} is the first that this attempt takes of its round: the moment to renew
     * what must stay the same over a round, as a preconditioner.
     */
    boolean startsRound(long step);

    /**
     * Whether the targets' gradients are to be taken after this step: once in a round, in its
     * middle.
     *
     * <p>In the middle, because the groups' gradients come from all steps of the round. Training on
     * a group lowers its alignment with a target gradient that is taken afterwards, by the
     * curvature along what it has just taught, and raises it with one that was taken before. In the
     * middle both cancel to first order.
     */
    boolean takesTargets(long step);

    /**
     * Takes one micro-batch, or one batch of a target's rows, into the signals of the current
     * round.
     */
    void record(Observation observation);

    /** Takes the loss of a target on its fixed held-out rows, in nats per token. */
    void evaluation(TargetId target, double meanLoss, long tokens);

    /**
     * Ends a step; at the end of a round, sends the round's signals.
     *
     * @param step the step just taken
     * @param learningRate the learning rate it was taken with
     */
    void endStep(long step, double learningRate);

    /**
     * What must stand in the trainer's own checkpoint, so that training resumes on exactly this
     * mixture and these draws.
     *
     * @param nextStep first step that a resumed trainer would take
     */
    TrainerCheckpoint checkpoint(long nextStep);

    /**
     * Tells that the trainer has saved a checkpoint: the controller keeps the statistics that an
     * attempt from it goes on with.
     *
     * @param nextStep first step that a resumed trainer would take
     */
    void checkpointSaved(long nextStep);

    /**
     * Tells that the run is finished: the controller forgets it. Without this, an ended attempt
     * waits for the next one. To be followed by {@link #close}.
     */
    void finish();

    /** Ends the attempt; sends what is still on its way, within a limit. */
    @Override
    void close();
}
