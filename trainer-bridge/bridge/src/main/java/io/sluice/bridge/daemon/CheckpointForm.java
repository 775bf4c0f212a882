package io.sluice.bridge.daemon;

import io.sluice.bridge.TrainerCheckpoint;

/** What stands in a trainer's checkpoint, as JSON. */
record CheckpointForm(int format, String run, long nextStep, long planFirstStep, PlanForm plan) {

    private static final int FORMAT = 1;

    CheckpointForm {
        Json.required(run, "run");
        Json.required(plan, "plan");
    }

    static CheckpointForm of(TrainerCheckpoint checkpoint) {
        return new CheckpointForm(
                FORMAT,
                checkpoint.runId(),
                checkpoint.nextStep(),
                checkpoint.planFirstStep(),
                PlanForm.of(checkpoint.plan()));
    }

    /**
     * The checkpoint that this states.
     *
     * @throws IllegalArgumentException when it is of another format, or its plan is none
     */
    TrainerCheckpoint checkpoint() {
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "the checkpoint has format " + format + ", and this bridge reads " + FORMAT);
        }
        return new TrainerCheckpoint(run, nextStep, plan.plan(), planFirstStep);
    }
}
