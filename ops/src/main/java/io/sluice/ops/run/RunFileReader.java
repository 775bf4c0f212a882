package io.sluice.ops.run;

import io.sluice.bridge.daemon.RunData;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.Governor;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.policy.PolicyCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads one run file: keys first, then what no key can say alone. */
final class RunFileReader {

    private static final double SUM_TOLERANCE = 1e-9;
    private static final double ROUNDING = 1e-12;

    private final Path file;
    private final Problems problems;

    RunFileReader(Path file) {
        this.file = file;
        this.problems = new Problems(file.toString());
    }

    RunFile read() {
        Optional<Node> document = YamlDocument.read(file, problems);
        problems.throwIfAny();
        Section root = Section.root(document.orElseThrow(), problems);
        String runId = root.text(Key.RUN).orElse("");
        Mode mode =
                Mode.valueOf(
                        root.text(Key.MODE).orElse(Key.MODE.fallback()).toUpperCase(Locale.ROOT));
        long seed = root.integer(Key.SEED);
        int draws = (int) root.integer(Key.DRAWS_PER_STEP);
        int shards = (int) root.integer(Key.SHARDS);
        Section policySection = root.section(Key.POLICY);
        SortedMap<String, ScalarNode> optionNodes =
                new TreeMap<>(policySection.values(Key.POLICY_OPTIONS, Key.POLICY_OPTION));
        PolicySpec policy = policy(policySection, optionNodes);
        GuardSpec guards = guards(root.section(Key.GUARDS));
        RoundSpec rounds = rounds(root.section(Key.ROUNDS));
        SketchSpec sketch = sketch(root.section(Key.SKETCH), seed);
        DataReader data = new DataReader(file);
        Map<GroupId, Map<String, Object>> groupData = new HashMap<>();
        Map<TargetId, Map<String, Object>> targetData = new HashMap<>();
        List<GroupSpec> groups = groups(root, data, groupData);
        List<TargetSpec> targets = targets(root, data, targetData);
        if (!groups.isEmpty() && groups.stream().allMatch(GroupSpec::dormant)) {
            root.problem(
                    Key.GROUPS,
                    root.placeOf(Key.GROUPS),
                    " has none but dormant groups: allowed is at least one that is not");
        }
        problems.throwIfAny();

        RunSpec spec =
                new RunSpec(
                        runId,
                        groups,
                        targets,
                        policy,
                        guards,
                        rounds,
                        sketch,
                        shards,
                        seed,
                        mode,
                        "",
                        root.text(Key.CATALOG));
        requirePrior(spec, root);
        requirePolicy(spec, policySection, optionNodes);
        problems.throwIfAny();
        return new RunFile(spec, draws, new RunData(groupData, targetData));
    }

    private static PolicySpec policy(Section section, Map<String, ScalarNode> nodes) {
        SortedMap<String, Double> options = new TreeMap<>();
        nodes.forEach((name, node) -> options.put(name, Double.parseDouble(node.getValue())));
        return PolicySpec.of(
                section.text(Key.POLICY_NAME).orElse(Key.POLICY_NAME.fallback()), options);
    }

    private static GuardSpec guards(Section section) {
        double maxKl = section.number(Key.MAX_KL);
        double deadBand = section.number(Key.DEAD_BAND);
        if (deadBand > maxKl) {
            section.problem(
                    Key.DEAD_BAND,
                    section.placeOf(Key.DEAD_BAND),
                    " is " + deadBand + ": allowed is at most max_kl, here " + maxKl);
        }
        int governorRounds = (int) section.integer(Key.GOVERNOR_ROUNDS);
        boolean tooFew = governorRounds > 0 && governorRounds < Governor.LEAST_ROUNDS;
        if (tooFew) {
            section.problem(
                    Key.GOVERNOR_ROUNDS,
                    section.placeOf(Key.GOVERNOR_ROUNDS),
                    " is "
                            + governorRounds
                            + ": allowed is 0, or at least "
                            + Governor.LEAST_ROUNDS);
        }
        return new GuardSpec(
                section.number(Key.PRIOR_PULL),
                maxKl,
                section.number(Key.SIGNAL_DECAY),
                (int) section.integer(Key.MIN_GROUP_SEQUENCES),
                (int) section.integer(Key.MIN_TARGET_SEQUENCES),
                Math.min(deadBand, maxKl),
                (int) section.integer(Key.COOL_DOWN_ROUNDS),
                tooFew ? 0 : governorRounds,
                section.integer(Key.PLANNED_TOKENS));
    }

    private static RoundSpec rounds(Section section) {
        return new RoundSpec(
                (int) section.integer(Key.ROUND_STEPS),
                (int) section.integer(Key.LEAD_STEPS),
                section.integer(Key.WARM_UP_STEPS),
                section.number(Key.LEAST_REPORTERS));
    }

    private static SketchSpec sketch(Section section, long runSeed) {
        return new SketchSpec(
                (int) section.integer(Key.SKETCH_DIMENSION),
                section.text(Key.SKETCH_SEED).map(Long::parseLong).orElse(runSeed));
    }

    private List<GroupSpec> groups(
            Section root, DataReader data, Map<GroupId, Map<String, Object>> where) {
        Map<String, Section> sections = sections(root, Key.GROUPS, Key.GROUP, RunSpec.MAX_GROUPS);
        if (root.has(Key.GROUPS) && sections.isEmpty()) {
            root.problem(
                    Key.GROUPS,
                    root.placeOf(Key.GROUPS),
                    " has no group: allowed is " + Key.GROUPS.allowed());
        }
        int before = problems.count();
        double[] shares = shares(sections, Key.PRIOR);
        // One bad prior would put every share in doubt.
        boolean comparable = problems.count() == before;
        List<GroupSpec> groups = new ArrayList<>();
        int j = 0;
        for (Map.Entry<String, Section> entry : sections.entrySet()) {
            GroupId id = new GroupId(entry.getKey());
            Section section = entry.getValue();
            group(id, section, shares[j], comparable).ifPresent(groups::add);
            readData(section, Key.GROUP_DATA, data).ifPresent(found -> where.put(id, found));
            j++;
        }
        return groups;
    }

    /** A group whose share lies between its floor and its cap; otherwise a problem. */
    private static Optional<GroupSpec> group(
            GroupId id, Section section, double share, boolean comparable) {
        double floor = rounded(section.number(Key.FLOOR), share);
        double cap = rounded(section.number(Key.CAP), share);
        if (!comparable) {
            return Optional.empty();
        }
        if (floor > share) {
            section.problem(
                    Key.FLOOR,
                    section.placeOf(Key.FLOOR),
                    " is " + floor + ": allowed is at most the group's share, here " + share);
        }
        if (cap < share) {
            section.problem(
                    Key.CAP,
                    section.placeOf(Key.CAP),
                    " is " + cap + ": allowed is at least the group's share, here " + share);
        }
        return floor <= share && share <= cap
                ? Optional.of(
                        new GroupSpec(id, share, floor, cap, supply(section), isDormant(section)))
                : Optional.empty();
    }

    private static boolean isDormant(Section section) {
        return Boolean.parseBoolean(section.text(Key.DORMANT).orElse(Key.DORMANT.fallback()));
    }

    private static Optional<Supply> supply(Section section) {
        double maxEpochs = section.number(Key.MAX_EPOCHS);
        if (section.has(Key.MAX_EPOCHS) && !section.has(Key.UNIQUE_TOKENS)) {
            section.problem(
                    Key.MAX_EPOCHS,
                    section.placeOf(Key.MAX_EPOCHS),
                    " limits nothing: say unique_tokens too");
        }
        return section.text(Key.UNIQUE_TOKENS)
                .map(tokens -> new Supply(Long.parseLong(tokens), maxEpochs));
    }

    /** A bound that differs from the share only by the rounding of the priors' sum is the share. */
    private static double rounded(double bound, double share) {
        return Math.abs(bound - share) <= ROUNDING ? share : bound;
    }

    private List<TargetSpec> targets(
            Section root, DataReader data, Map<TargetId, Map<String, Object>> where) {
        Map<String, Section> sections =
                sections(root, Key.TARGETS, Key.TARGET, RunSpec.MAX_TARGETS);
        double[] shares = shares(sections, Key.WEIGHT);
        List<TargetSpec> targets = new ArrayList<>();
        int j = 0;
        for (Map.Entry<String, Section> entry : sections.entrySet()) {
            TargetId id = new TargetId(entry.getKey());
            if (shares[j] > 0) {
                targets.add(new TargetSpec(id, shares[j], ceiling(entry.getValue())));
            }
            readData(entry.getValue(), Key.TARGET_DATA, data)
                    .ifPresent(found -> where.put(id, found));
            j++;
        }
        return targets;
    }

    private static OptionalDouble ceiling(Section section) {
        return section.text(Key.CEILING)
                .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                .orElse(OptionalDouble.empty());
    }

    /** Sorted by identifier, so that sums do not depend on the order of the file. */
    private static Map<String, Section> sections(Section root, Key key, Key entry, int most) {
        Map<String, Section> sections = new TreeMap<>(root.sections(key, entry));
        if (sections.size() > most) {
            root.problem(
                    key,
                    root.placeOf(key),
                    " has " + sections.size() + " entries: allowed is " + key.allowed());
            return Map.of();
        }
        return sections;
    }

    /** Numbers divided by their sum; as they are where they sum to 1 already. */
    private static double[] shares(Map<String, Section> sections, Key key) {
        double[] values =
                sections.values().stream().mapToDouble(section -> section.number(key)).toArray();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        if (Math.abs(sum - 1) <= SUM_TOLERANCE) {
            return values;
        }
        int j = 0;
        for (Section section : sections.values()) {
            values[j] /= sum;
            if (values[j] == 0) {
                section.problem(
                        key,
                        section.placeOf(key),
                        " comes to a share of 0 beside the others: allowed is a larger one");
            }
            j++;
        }
        return values;
    }

    private static Optional<Map<String, Object>> readData(
            Section section, Key key, DataReader reader) {
        return section.has(key) ? Optional.of(reader.read(section.section(key))) : Optional.empty();
    }

    private void requirePrior(RunSpec spec, Section root) {
        try {
            MixtureBox.requirePrior(spec);
        } catch (IllegalArgumentException e) {
            problems.add(
                    root.placeOf(Key.GROUPS),
                    "key '" + Key.GROUPS.path() + "' does not fit: " + e.getMessage());
        }
    }

    /** Asks the catalog about each option alone, so that a problem stands at its option. */
    private void requirePolicy(
            RunSpec spec, Section section, SortedMap<String, ScalarNode> options) {
        String name = spec.policy().name();
        Node place = section.placeOf(Key.POLICY_NAME);
        if (!isAccepted(spec, PolicySpec.of(name), Key.POLICY_NAME.path(), place)) {
            return;
        }
        options.forEach(
                (option, node) -> {
                    double value = spec.policy().options().get(option);
                    PolicySpec alone = PolicySpec.of(name, Map.of(option, value));
                    isAccepted(spec, alone, Key.POLICY_OPTIONS.path() + "." + option, node);
                });
        if (problems.isEmpty()) {
            isAccepted(
                    spec,
                    spec.policy(),
                    Key.POLICY_OPTIONS.path(),
                    section.placeOf(Key.POLICY_OPTIONS));
        }
    }

    private boolean isAccepted(RunSpec spec, PolicySpec policy, String key, Node place) {
        try {
            PolicyCatalog.create(
                    new RunSpec(
                            spec.runId(),
                            spec.groups(),
                            spec.targets(),
                            policy,
                            spec.guards(),
                            spec.rounds(),
                            spec.sketch(),
                            spec.shards(),
                            spec.seed(),
                            spec.mode(),
                            spec.digest()));
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(place, "key '" + key + "' does not fit this run: " + e.getMessage());
            return false;
        }
    }
}
