package io.sluice.core.guard;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;

/**
 * What repeating a group's tokens costs: a discount on what they are worth, and caps that stop a
 * group before it is drawn too often.
 *
 * <pre>
 * d_j = exp( -max(0, epochs_j - 1) / R )          R = 15.387756, epochs_j = drawn_j / unique_j
 * cap_j = ( most epochs_j unique_j - drawn_j ) / tokens to come
 * </pre>
 *
 * <p>d is the marginal value of a repeated token in the law of Muennighoff et al., "Scaling
 * Data-Constrained Language Models", arXiv 2305.16264; that it holds for each group alone is
 * assumed. Policies multiply by d what a group's tokens are worth; multiplying weights would count
 * it anew in every round.
 *
 * <p>The tokens to come are those of the plan for the run that have not been drawn; where there is
 * no plan, as many as were drawn so far. A floor gives way to such a cap. Where all caps together
 * leave no mixture, every group may repeat a common factor more often, and this is told. Where
 * groups that have nothing at all leave none, supplies bind nothing.
 */
public final class RepetitionGuard {

    /** Repetitions after which a token is worth 1/e of a fresh one. */
    public static final double DECAY = 15.387756;

    private static final int BISECTIONS = 100;
    private static final double MOST_FACTOR = 1e300;

    /** A sum of caps that leaves a mixture, but for rounding. */
    private static final double ENOUGH = 1 - 1e-10;

    private RepetitionGuard() {}

    /**
     * The box of a round.
     *
     * @param box floors and caps, those of the supply among them
     * @param held how many groups have a lower cap than declared
     * @param relaxation factor on the most epochs, 1 unless supplies leave no mixture
     */
    public record Limits(MixtureBox box, int held, double relaxation) {

        /** What a plan is called whose change these limits led, and not what was asked for. */
        public Optional<Plan.Label> label(ChangeLimit.Limited limited) {
            return limited.boxExceeds()
                    ? Optional.of(held > 0 ? Plan.Label.CAP : Plan.Label.BOX)
                    : Optional.empty();
        }
    }

    /** Whether any group of a run can repeat. */
    public static boolean concerns(RunSpec spec) {
        return spec.groups().stream().anyMatch(group -> group.supply().isPresent());
    }

    /** What the next token of each group is worth, in (0, 1]; 1 while it is fresh. */
    public static double[] marginalValues(RunSpec spec, double[] drawn) {
        double[] values = new double[drawn.length];
        for (int j = 0; j < values.length; j++) {
            double tokens = drawn[j];
            values[j] =
                    spec.groups()
                            .get(j)
                            .supply()
                            .map(
                                    supply ->
                                            marginalValue(
                                                    tokens / Math.max(1, supply.uniqueTokens())))
                            .orElse(1.0);
        }
        return values;
    }

    /** What a token is worth when the group has been drawn this often. */
    public static double marginalValue(double epochs) {
        return StrictMath.exp(-Math.max(0, epochs - 1) / DECAY);
    }

    /** What tokens are worth together after so many epochs, over what they would be fresh. */
    public static double effectiveShare(double epochs) {
        return epochs <= 1 ? 1 : (1 + DECAY * (1 - StrictMath.exp(-(epochs - 1) / DECAY))) / epochs;
    }

    /** The limits where operators fix nothing. */
    public static Limits limits(RunSpec spec, double[] drawn, double latest) {
        return limits(spec, MixtureBox.of(spec), group -> false, drawn, latest);
    }

    /**
     * @param box floors and caps without those of supplies
     * @param fixed the groups whose share supplies do not touch
     * @param drawn tokens drawn from each group so far
     * @param latest tokens of the last round: at least so many are still to come
     */
    public static Limits limits(
            RunSpec spec, MixtureBox box, Predicate<GroupId> fixed, double[] drawn, double latest) {
        double total = 0;
        for (double tokens : drawn) {
            total += tokens;
        }
        long planned = spec.guards().plannedTokens();
        double toCome = Math.max(planned > 0 ? planned - total : total, latest);
        if (!concerns(spec) || !(toCome > 0)) {
            return new Limits(box, 0, 1);
        }
        DoubleFunction<double[]> capsAt = factor -> caps(spec, box, fixed, drawn, toCome, factor);
        boolean scarce = sum(capsAt.apply(1)) < ENOUGH;
        if (scarce && sum(capsAt.apply(MOST_FACTOR)) < ENOUGH) {
            return new Limits(box, 0, 1);
        }
        double relaxation = scarce ? relax(capsAt) : 1;
        double[] caps = capsAt.apply(relaxation);
        double[] floors = new double[caps.length];
        int held = 0;
        for (int j = 0; j < caps.length; j++) {
            floors[j] = Math.min(box.floor(j), caps[j]);
            held += caps[j] < box.cap(j) ? 1 : 0;
        }
        return new Limits(new MixtureBox(floors, caps), held, relaxation);
    }

    /** The least common factor on the most epochs for which the caps leave a mixture. */
    private static double relax(DoubleFunction<double[]> capsAt) {
        double low = 1;
        double high = 2;
        while (sum(capsAt.apply(high)) < ENOUGH && high < MOST_FACTOR) {
            low = high;
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = low + (high - low) / 2;
            if (sum(capsAt.apply(middle)) < ENOUGH) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double[] caps(
            RunSpec spec,
            MixtureBox box,
            Predicate<GroupId> fixed,
            double[] drawn,
            double toCome,
            double factor) {
        double[] caps = new double[drawn.length];
        for (int j = 0; j < caps.length; j++) {
            GroupSpec group = spec.groups().get(j);
            caps[j] = box.cap(j);
            if (group.supply().isPresent() && !fixed.test(group.id())) {
                Supply supply = group.supply().get();
                double left = factor * supply.maxEpochs() * supply.uniqueTokens() - drawn[j];
                caps[j] = Math.min(caps[j], Math.max(0, left) / toCome);
            }
        }
        return caps;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
