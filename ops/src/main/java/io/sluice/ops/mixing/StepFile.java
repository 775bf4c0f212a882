package io.sluice.ops.mixing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Ids;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.CeilingGuard;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one step of a policy is asked about: a small run, what was measured in a round, and the
 * policy's memory. {@code docs/policies.md} describes the file.
 *
 * @param spec the run
 * @param snapshot what the policy sees, before guards have said what tokens are worth
 * @param drawn tokens drawn from each group so far
 * @param prices prices of the targets' ceilings before the round
 * @param planRound the round that the mixture in force came of; empty for one that no round led to
 * @param memory the policy's memory
 */
public record StepFile(
        RunSpec spec,
        RoundSnapshot snapshot,
        double[] drawn,
        double[] prices,
        OptionalLong planRound,
        PolicyMemory memory) {

    private static final long MOST_BYTES = 64L << 20;
    private static final double MOST = 1e15;
    private static final long MOST_ROUND = 1L << 40;
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> ROOT =
            Set.of(
                    "groups",
                    "targets",
                    "guards",
                    "round",
                    "round_steps",
                    "lead_steps",
                    "plan_round",
                    "seed",
                    "memory");
    private static final Set<String> GROUP =
            Set.of(
                    "prior",
                    "floor",
                    "cap",
                    "share",
                    "tokens",
                    "loss",
                    "drawn",
                    "unique_tokens",
                    "max_epochs",
                    "alignments",
                    "errors",
                    "influences",
                    "influence_errors",
                    "cosines",
                    "signal");
    private static final Set<String> TARGET = Set.of("weight", "loss", "ceiling", "price");
    private static final Set<String> GUARDS =
            Set.of("prior_pull", "max_kl", "dead_band", "cool_down_rounds", "planned_tokens");

    /**
     * Reads a file.
     *
     * @throws UserException when it is not one, naming the field
     */
    public static StepFile read(Path file, PolicySpec policy) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new UserException(file + " has more than 64 MiB: name a step file");
            }
            return read(Files.readString(file), policy);
        } catch (IOException e) {
            throw new UserException(
                    "cannot read " + file + " (" + e.getMessage() + "): name a JSON file", e);
        }
    }

    private static StepFile read(String text, PolicySpec policy) throws IOException {
        JsonFields root = new JsonFields("", JSON.readTree(text), ROOT);
        Map<String, JsonFields> groups = root.objects("groups", GROUP);
        Map<String, JsonFields> targets = root.objects("targets", TARGET);
        if (groups.isEmpty()) {
            throw root.wrong("groups", "is missing or empty: write at least one group");
        }
        try {
            RunSpec spec = spec(root, groups, targets, policy);
            return new StepFile(
                    spec,
                    snapshot(root, groups, targets, spec),
                    numbers(groups, "drawn", MOST),
                    prices(targets),
                    planRound(root),
                    new PolicyMemory(new TreeMap<>(root.object("memory", Set.of()).vectors())));
        } catch (IllegalArgumentException e) {
            throw UserException.invalid("the file does not fit: " + e.getMessage(), e);
        }
    }

    private static RunSpec spec(
            JsonFields root,
            Map<String, JsonFields> groups,
            Map<String, JsonFields> targets,
            PolicySpec policy) {
        double[] priors = shares(groups, "prior");
        double[] weights = shares(targets, "weight");
        List<GroupSpec> groupSpecs = new ArrayList<>();
        groups.forEach(
                (id, fields) ->
                        groupSpecs.add(
                                new GroupSpec(
                                        new GroupId(id(fields, id)),
                                        priors[groupSpecs.size()],
                                        fields.number("floor", 0, 1).orElse(0.0),
                                        fields.number("cap", 0, 1).orElse(1.0),
                                        supply(fields))));
        List<TargetSpec> targetSpecs = new ArrayList<>();
        targets.forEach(
                (id, fields) ->
                        targetSpecs.add(
                                new TargetSpec(
                                        new TargetId(id(fields, id)),
                                        weights[targetSpecs.size()],
                                        ceiling(fields))));
        JsonFields guards = root.object("guards", GUARDS);
        GuardSpec defaults = GuardSpec.DEFAULT;
        return new RunSpec(
                "step",
                groupSpecs,
                targetSpecs,
                policy,
                new GuardSpec(
                        guards.number("prior_pull", 0, 1e6).orElse(defaults.priorPull()),
                        guards.number("max_kl", 1e-12, 100).orElse(defaults.maxKl()),
                        defaults.signalDecay(),
                        defaults.minGroupSequences(),
                        defaults.minTargetSequences(),
                        guards.number("dead_band", 0, 100).orElse(defaults.deadBand()),
                        (int)
                                guards.count(
                                        "cool_down_rounds",
                                        defaults.coolDownRounds(),
                                        1,
                                        1_000_000),
                        0,
                        guards.count("planned_tokens", 0, 0, Long.MAX_VALUE)),
                new RoundSpec(
                        (int) root.count("round_steps", 20, 1, Integer.MAX_VALUE),
                        (int) root.count("lead_steps", 5, 1, Integer.MAX_VALUE),
                        0),
                new SketchSpec(SketchSpec.DEFAULT_DIMENSION, 0),
                1,
                root.count("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                Mode.CONTROL,
                "step");
    }

    private static RoundSnapshot snapshot(
            JsonFields root,
            Map<String, JsonFields> groups,
            Map<String, JsonFields> targets,
            RunSpec spec) {
        int m = groups.size();
        int n = targets.size();
        RoundSnapshot.Losses losses = RoundSnapshot.Losses.none(spec);
        boolean[] measured = new boolean[m];
        double[][] mean = new double[n][m];
        double[][] error = new double[n][m];
        double[] inForce = spec.prior().weights();
        boolean anyShare = groups.values().stream().anyMatch(fields -> fields.has("share"));
        int j = 0;
        for (JsonFields group : groups.values()) {
            losses.tokens()[j] = group.count("tokens", 0, 0, (long) MOST);
            losses.group()[j] = group.number("loss", 0, 1e6).orElse(0.0);
            if (group.has("loss") != losses.tokens()[j] > 0) {
                throw group.wrong("loss", "and tokens belong together: write both or none");
            }
            inForce[j] = anyShare ? group.number("share", 0, 1).orElse(0.0) : inForce[j];
            measured[j] = group.has("alignments");
            int i = 0;
            JsonFields alignments = group.object("alignments", targets.keySet());
            JsonFields errors = group.object("errors", targets.keySet());
            for (String target : targets.keySet()) {
                if (measured[j]) {
                    mean[i][j] =
                            alignments
                                    .number(target, -1, 1)
                                    .orElseThrow(
                                            () ->
                                                    alignments.wrong(
                                                            target,
                                                            "is missing: write the cosine"));
                    error[i][j] = errors.number(target, 0, 1).orElse(0.0);
                }
                i++;
            }
            j++;
        }
        int i = 0;
        for (JsonFields target : targets.values()) {
            losses.evaluated()[i] = target.has("loss");
            losses.target()[i] = target.number("loss", 0, 1e6).orElse(0.0);
            i++;
        }
        if (Arrays.stream(inForce).sum() == 0) {
            throw root.wrong("groups", "has no share above 0: write one, or leave all out");
        }
        long round = root.count("round", 0, 0, MOST_ROUND);
        return new RoundSnapshot(
                spec,
                round,
                spec.rounds().lastStep(round),
                Mixture.normalised(spec.groupIds(), inForce),
                new RoundSnapshot.Alignments(measured, mean, error),
                losses,
                RoundSnapshot.Worth.declared(spec),
                StepGeometry.of(groups, targets.keySet(), spec.policy()));
    }

    private static Optional<Supply> supply(JsonFields group) {
        double epochs =
                group.number("max_epochs", 1, Supply.MOST_EPOCHS).orElse(Supply.DEFAULT_EPOCHS);
        return group.has("unique_tokens")
                ? Optional.of(
                        new Supply(group.count("unique_tokens", 1, 1, Long.MAX_VALUE), epochs))
                : Optional.empty();
    }

    private static double[] prices(Map<String, JsonFields> targets) {
        for (JsonFields target : targets.values()) {
            if (target.has("price") && !target.has("ceiling")) {
                throw target.wrong("price", "needs a ceiling: write both or none");
            }
        }
        return numbers(targets, "price", CeilingGuard.LARGEST_PRICE);
    }

    private static OptionalLong planRound(JsonFields root) {
        if (!root.has("plan_round")) {
            return OptionalLong.empty();
        }
        long round = root.count("plan_round", 0, 0, MOST_ROUND);
        if (round >= root.count("round", 0, 0, MOST_ROUND)) {
            throw root.wrong("plan_round", "is not before 'round': write an earlier one");
        }
        return OptionalLong.of(round);
    }

    private static OptionalDouble ceiling(JsonFields target) {
        return target.number("ceiling", 1e-9, 1e6)
                .map(OptionalDouble::of)
                .orElseGet(OptionalDouble::empty);
    }

    /** Numbers from 0 on, 0 where not given. */
    private static double[] numbers(Map<String, JsonFields> entries, String field, double most) {
        return entries.values().stream()
                .mapToDouble(entry -> entry.number(field, 0, most).orElse(0.0))
                .toArray();
    }

    private static String id(JsonFields fields, String id) {
        if (!Ids.isValid(id)) {
            throw fields.wrong("", "is no identifier: use letters, digits and . _ / + -");
        }
        return id;
    }

    /** Positive numbers, 1 where not given, divided by their sum. */
    private static double[] shares(Map<String, JsonFields> entries, String field) {
        double[] values =
                entries.values().stream()
                        .mapToDouble(entry -> entry.number(field, 1e-9, 1e9).orElse(1.0))
                        .toArray();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        for (int k = 0; k < values.length && Math.abs(sum - 1) > 1e-9; k++) {
            values[k] /= sum;
        }
        return values;
    }
}
