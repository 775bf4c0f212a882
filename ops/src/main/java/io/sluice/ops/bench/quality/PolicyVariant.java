package io.sluice.ops.bench.quality;

import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.policy.PolicyCatalog;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A policy with everything that is chosen about how it steers, written {@code
 * NAME:KEY=VALUE:KEY=VALUE}. Keys are those of {@link Setting}; any other is an option of the
 * policy.
 *
 * @param label as a person wrote it; names the variant in files and figures
 * @param policy the policy and its options
 * @param settings the value of every setting
 */
public record PolicyVariant(String label, PolicySpec policy, SortedMap<Setting, Double> settings) {

    /** What is compared with. */
    static final PolicyVariant UNIFORM = parse("static");

    /** What can be set beside the policy's options, with the values that hold otherwise. */
    public enum Setting {
        /** Strength of the pull to the prior. */
        PRIOR_PULL("prior-pull", GuardSpec.DEFAULT.priorPull()),
        /** Largest change of one plan, in nats. */
        MAX_KL("max-kl", GuardSpec.DEFAULT.maxKl()),
        /** Weight of a round's estimate in the averages of the signals. */
        SIGNAL_DECAY("signal-decay", GuardSpec.DEFAULT.signalDecay()),
        /** Steps of a round. */
        ROUND_STEPS("round-steps", 50),
        /** Steps from the end of a round to the first that its plan holds for. */
        LEAD_STEPS("lead-steps", 10),
        /** Rounds that end before this step decide nothing. */
        WARM_UP_STEPS("warm-up-steps", 50),
        /** Least share of a group, in priors. */
        FLOOR("floor", 0.1),
        /** Largest share of a group, in priors. */
        CAP("cap", 5),
        /** How often a group may be read in the whole run; what it teaches is discounted before. */
        MAX_EPOCHS("max-epochs", Supply.DEFAULT_EPOCHS),
        /**
         * Rows of each group that gradients are taken on in a round, and that are not trained on.
         */
        GROUP_ROWS("group-rows", 4),
        /** Rows of each target that gradients are taken on in a round. */
        TARGET_ROWS("target-rows", 16);

        private final String key;
        private final double standard;

        Setting(String key, double standard) {
            this.key = key;
            this.standard = standard;
        }

        /** How people write it. */
        String key() {
            return key;
        }
    }

    /**
     * Reads a variant.
     *
     * @throws IllegalArgumentException when it names no policy, or a value is not a number
     */
    public static PolicyVariant parse(String text) {
        String[] parts = text.split(":", -1);
        if (!PolicyCatalog.names().contains(parts[0])) {
            throw new IllegalArgumentException(
                    "no policy is called '"
                            + parts[0]
                            + "': choose of "
                            + String.join(", ", PolicyCatalog.names()));
        }
        TreeMap<Setting, Double> settings = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            settings.put(setting, setting.standard);
        }
        TreeMap<String, Double> options = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            double value = number(text, parts[i].substring(equals + 1));
            Setting setting = setting(key);
            if (setting == null) {
                options.put(key, value);
            } else {
                settings.put(setting, value);
            }
        }
        return new PolicyVariant(text, PolicySpec.of(parts[0], options), settings);
    }

    /** Whether it is the policy that changes nothing. */
    boolean isUniform() {
        return policy.name().equals(UNIFORM.policy.name());
    }

    /** The value of a setting. */
    double get(Setting setting) {
        return settings.get(setting);
    }

    /**
     * The bounds that hold for every policy.
     *
     * @param plannedTokens tokens of the whole run
     * @throws IllegalArgumentException when a setting is out of its range
     */
    GuardSpec guards(long plannedTokens) {
        GuardSpec standard = GuardSpec.DEFAULT;
        return new GuardSpec(
                get(Setting.PRIOR_PULL),
                get(Setting.MAX_KL),
                get(Setting.SIGNAL_DECAY),
                standard.minGroupSequences(),
                standard.minTargetSequences(),
                standard.deadBand(),
                standard.coolDownRounds(),
                standard.governorRounds(),
                plannedTokens);
    }

    /**
     * How steps are cut into rounds.
     *
     * @throws IllegalArgumentException when a setting is out of its range
     */
    RoundSpec rounds() {
        return new RoundSpec(
                (int) get(Setting.ROUND_STEPS),
                (int) get(Setting.LEAD_STEPS),
                (long) get(Setting.WARM_UP_STEPS));
    }

    private static Setting setting(String key) {
        for (Setting setting : Setting.values()) {
            if (setting.key.equals(key)) {
                return setting;
            }
        }
        return null;
    }

    private static double number(String text, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'"
                            + value
                            + "' in the policy '"
                            + text
                            + "' is not a number: write NAME:KEY=VALUE, as dga:eta=0.3",
                    e);
        }
    }
}
