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
 *     if (session.measures(step)) {
 *         // for each target: two batches of held-out rows, forward and backward, not applied
 *         session.record(new Observation(Subject.of(target), ..., sketch));
 *         // for groups that the step does not draw often enough, two probes each, likewise
 *         session.record(new Observation(Subject.of(group), ..., sketch, true));
 *     }
 *     for (GroupId group : plan.draws()) {
 *         // draw a micro-batch of this group, forward, backward; a sketch where the step measures
 *         session.record(new Observation(Subject.of(group), ...));
 *     }
 *     optimizer.step();
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
     * Whether gradients are measured at this step, before its update: at the last step of a round.
     *
     * <p>At one step, because an alignment is a product of gradients at the same weights. What a
     * batch and a target share at one moment is mostly gone a few updates later, so that gradients
     * of groups summed over a round hardly know a target's gradient that was taken within it.
     */
    boolean measures(long step);

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
