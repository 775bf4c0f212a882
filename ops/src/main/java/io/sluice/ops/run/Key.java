package io.sluice.ops.run;

import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.policy.PolicyCatalog;
import java.util.Arrays;
import java.util.List;

/**
 * Every key of {@code run.yaml}, in the order of a file: what holds where it is absent, and what is
 * allowed. {@code ID} in a path stands for an identifier that the file chooses, {@code NAME} for a
 * policy's option. {@code docs/run-yaml.md} explains them, and a test holds it to this table.
 */
public enum Key {
    RUN("run", Default.REQUIRED, Allowed.identifier()),
    MODE("mode", "control", Allowed.oneOf(List.of("observe", "control"))),
    SEED("seed", "1", Allowed.integer(Long.MIN_VALUE, Long.MAX_VALUE)),
    DRAWS_PER_STEP("draws_per_step", "8", Allowed.integer(1, 65_536)),
    SHARDS("shards", "1", Allowed.integer(1, 1024)),
    CATALOG("catalog", Default.NONE, Allowed.identifier()),
    POLICY("policy", Default.NONE, Allowed.nested("the keys name and options")),
    POLICY_NAME("policy.name", "dga", Allowed.oneOf(PolicyCatalog.names())),
    POLICY_OPTIONS(
            "policy.options",
            Default.NONE,
            Allowed.nested("the policy's options, each with a number")),
    POLICY_OPTION("policy.options.NAME", "the policy's own", Allowed.finiteNumber()),
    GUARDS(
            "guards",
            Default.NONE,
            Allowed.nested(
                    "the keys prior_pull, max_kl, signal_decay, min_group_sequences, min_target_sequences,"
                            + " dead_band, cool_down_rounds, governor_rounds and planned_tokens")),
    PRIOR_PULL("guards.prior_pull", text(GuardSpec.DEFAULT.priorPull()), Allowed.number(0, 1e6)),
    MAX_KL("guards.max_kl", text(GuardSpec.DEFAULT.maxKl()), Allowed.numberAbove(0, 100)),
    SIGNAL_DECAY(
            "guards.signal_decay",
            text(GuardSpec.DEFAULT.signalDecay()),
            Allowed.numberAbove(0, 1)),
    MIN_GROUP_SEQUENCES(
            "guards.min_group_sequences",
            text(GuardSpec.DEFAULT.minGroupSequences()),
            Allowed.integer(2, Integer.MAX_VALUE)),
    MIN_TARGET_SEQUENCES(
            "guards.min_target_sequences",
            text(GuardSpec.DEFAULT.minTargetSequences()),
            Allowed.integer(2, Integer.MAX_VALUE)),
    DEAD_BAND("guards.dead_band", text(GuardSpec.DEFAULT.deadBand()), Allowed.number(0, 100)),
    COOL_DOWN_ROUNDS(
            "guards.cool_down_rounds",
            text(GuardSpec.DEFAULT.coolDownRounds()),
            Allowed.integer(1, 1_000_000)),
    GOVERNOR_ROUNDS(
            "guards.governor_rounds",
            text(GuardSpec.DEFAULT.governorRounds()),
            Allowed.integer(0, 1_000_000)),
    PLANNED_TOKENS("guards.planned_tokens", "0", Allowed.integer(0, Long.MAX_VALUE)),
    ROUNDS(
            "rounds",
            Default.NONE,
            Allowed.nested("the keys steps, lead_steps, warm_up_steps and least_reporters")),
    ROUND_STEPS("rounds.steps", "20", Allowed.integer(1, Integer.MAX_VALUE)),
    LEAD_STEPS("rounds.lead_steps", "5", Allowed.integer(1, Integer.MAX_VALUE)),
    WARM_UP_STEPS("rounds.warm_up_steps", "40", Allowed.integer(0, Long.MAX_VALUE)),
    LEAST_REPORTERS("rounds.least_reporters", "1", Allowed.numberAbove(0, 1)),
    SKETCH("sketch", Default.NONE, Allowed.nested("the keys dimension and seed")),
    SKETCH_DIMENSION(
            "sketch.dimension",
            text(SketchSpec.DEFAULT_DIMENSION),
            Allowed.integer(16, SketchSpec.MAX_DIMENSION)),
    SKETCH_SEED("sketch.seed", "the run's seed", Allowed.integer(Long.MIN_VALUE, Long.MAX_VALUE)),
    GROUPS(
            "groups",
            Default.REQUIRED,
            Allowed.nested("1 to " + RunSpec.MAX_GROUPS + " groups, each under its identifier")),
    GROUP(
            "groups.ID",
            Default.NONE,
            Allowed.nested(
                    "the keys prior, floor, cap, unique_tokens, max_epochs, dormant and data")),
    PRIOR("groups.ID.prior", "1", Allowed.numberAbove(0, 1e9)),
    FLOOR("groups.ID.floor", "0", Allowed.number(0, 1)),
    CAP("groups.ID.cap", "1", Allowed.number(0, 1)),
    UNIQUE_TOKENS("groups.ID.unique_tokens", Default.NONE, Allowed.integer(1, Long.MAX_VALUE)),
    MAX_EPOCHS(
            "groups.ID.max_epochs",
            text(Supply.DEFAULT_EPOCHS),
            Allowed.number(1, Supply.MOST_EPOCHS)),
    DORMANT("groups.ID.dormant", "false", Allowed.oneOf(List.of("true", "false"))),
    GROUP_DATA("groups.ID.data", Default.NONE, Data.ALLOWED),
    TARGETS(
            "targets",
            Default.NONE,
            Allowed.nested("up to " + RunSpec.MAX_TARGETS + " targets, each under its identifier")),
    TARGET("targets.ID", Default.NONE, Allowed.nested("the keys weight, ceiling and data")),
    WEIGHT("targets.ID.weight", "1", Allowed.numberAbove(0, 1e9)),
    CEILING("targets.ID.ceiling", Default.NONE, Allowed.numberAbove(0, 1e6)),
    TARGET_DATA("targets.ID.data", Default.NONE, Data.ALLOWED),
    FILES(
            "data.files",
            Default.NONE,
            Allowed.text("a path or glob of files, or a list of them, relative to the run file")),
    HUGGINGFACE("data.huggingface", Default.NONE, Allowed.text("the name of a data set")),
    CONFIG("data.config", Default.NONE, Allowed.text("the name of a configuration of it")),
    SPLIT("data.split", Default.NONE, Allowed.text("the name of a split of it")),
    FIELD("data.field", Default.NONE, Allowed.text("the name of the field with the text")),
    MOSAICML(
            "data.mosaicml",
            Default.NONE,
            Allowed.text("the folder of a data set, relative to the run file, or its URL"));

    /** Words for what has no default value. */
    private static final class Default {
        static final String NONE = "none";
        static final String REQUIRED = "required";

        private Default() {}
    }

    private static final class Data {
        static final Allowed ALLOWED =
                Allowed.nested("one of the keys files, huggingface and mosaicml");

        private Data() {}
    }

    private final String path;
    private final String fallback;
    private final Allowed allowed;

    Key(String path, String fallback, Allowed allowed) {
        this.path = path;
        this.fallback = fallback;
        this.allowed = allowed;
    }

    /**
     * Where it stands, as {@code guards.max_kl}; keys of any {@code data} begin with {@code data}.
     */
    public String path() {
        return path;
    }

    /** What holds where it is absent, in words. */
    public String fallback() {
        return fallback;
    }

    /** What is allowed, in words. */
    public String allowed() {
        return allowed.toString();
    }

    /** The last part of the path. */
    String key() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    boolean isRequired() {
        return fallback.equals(Default.REQUIRED);
    }

    List<String> choices() {
        return allowed.choices();
    }

    boolean accepts(String text) {
        return allowed.accepts(text);
    }

    /** The keys directly under {@code parent}; those of the file itself where it is empty. */
    static List<Key> under(String parent) {
        String prefix = parent.isEmpty() ? "" : parent + ".";
        return Arrays.stream(values())
                .filter(key -> key.path.equals(prefix + key.key()))
                .filter(key -> !parent.isEmpty() || !key.path.contains("."))
                .toList();
    }

    private static String text(Number value) {
        return value.toString();
    }
}
