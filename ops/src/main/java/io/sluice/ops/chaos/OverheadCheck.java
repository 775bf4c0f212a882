package io.sluice.ops.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * {@link Invariant#I7}: what Sluice takes of a trainer's steps, and that its loop never ends of it.
 * The steps are taken in spans of some twenty seconds, so that a short evil is not lost in a long
 * day; only whole spans say anything.
 */
final class OverheadCheck implements Oracle.Check {

    private static final int SPAN_STEPS = 500;
    private static final long BUDGET_NANOS = 1_000_000;
    private static final double SHARE = 0.99;

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        long looked = 0;
        for (int life = 0; life < evidence.trainers().size(); life++) {
            TrainerLife trainer = evidence.trainers().get(life);
            for (int from = 0; from + SPAN_STEPS <= trainer.steps().size(); from += SPAN_STEPS) {
                looked += SPAN_STEPS;
                long nanos = quantile(trainer.steps().subList(from, from + SPAN_STEPS));
                if (nanos > BUDGET_NANOS) {
                    violations.add(
                            "life "
                                    + life
                                    + ", steps "
                                    + trainer.steps().get(from).step()
                                    + " and on: "
                                    + nanos / 1_000
                                    + " us at the 99th percentile");
                }
            }
            for (String error : trainer.errors()) {
                violations.add("life " + life + ": " + error);
            }
        }
        return new Finding(Invariant.I7, looked, violations);
    }

    /** The 99th percentile of what Sluice took of some steps, in nanoseconds. */
    static long quantile(List<TrainerLife.Step> steps) {
        long[] nanos = steps.stream().mapToLong(TrainerLife.Step::nanos).sorted().toArray();
        return nanos[(int) Math.min(nanos.length - 1, Math.floor(SHARE * nanos.length))];
    }
}
