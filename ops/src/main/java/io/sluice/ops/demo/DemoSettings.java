package io.sluice.ops.demo;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetSpec;
import io.sluice.djl.CorpusManifest;
import io.sluice.djl.ModelConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The demo's run. docs/demo.md says what each setting was chosen for. */
final class DemoSettings {

    /** Micro-batches of a step; with four rows each, a batch of 16 rows. */
    static final int DRAWS_PER_STEP = 4;

    /** Steps sealed at once: a new plan never waits longer than this. */
    static final int LEASE_STEPS = 5;

    private static final int ROWS_PER_DRAW = 4;
    private static final int ROUND_STEPS = 25;
    private static final int LEAD_STEPS = 10;
    private static final long WARM_UP_STEPS = 100;

    /** Least share, in priors: two micro-batches in a round. */
    private static final double FLOOR = 0.2;

    /** Largest share, in priors. */
    private static final double CAP = 5;

    /** The group that appears on the way in the streaming demo. */
    static final String LATE_GROUP = "es";

    private DemoSettings() {}

    /**
     * The corpus as the streaming demo mixes it: the useful groups, in equal shares; the poor
     * groups' text comes as junk.
     *
     * @throws IllegalArgumentException when the corpus lacks the late group
     */
    static CorpusManifest streamed(CorpusManifest corpus) {
        List<CorpusManifest.Group> useful =
                corpus.groups().stream().filter(group -> !group.poor()).toList();
        if (useful.stream().noneMatch(DemoSettings::isLate)) {
            throw new IllegalArgumentException("it has no group " + LATE_GROUP);
        }
        double share = 1.0 / useful.size();
        return new CorpusManifest(
                corpus.name(),
                useful.stream()
                        .map(
                                group ->
                                        new CorpusManifest.Group(
                                                group.id(), false, share, group.text()))
                        .toList(),
                corpus.targets());
    }

    /** What so many steps draw. */
    static long bytes(long steps) {
        return steps * DRAWS_PER_STEP * ROWS_PER_DRAW * ModelConfig.small().context();
    }

    private static boolean isLate(CorpusManifest.Group group) {
        return group.id().value().equals(LATE_GROUP);
    }

    /** Declares the demo's run over a corpus. */
    static RunSpec run(CorpusManifest corpus, String policy, long seed) {
        return run(corpus, group -> false, Optional.empty(), policy, seed);
    }

    /** Declares the streaming demo's run: it follows a catalog, which has yet to name one group. */
    static RunSpec streamedRun(CorpusManifest corpus, String catalog, String policy, long seed) {
        return run(corpus, DemoSettings::isLate, Optional.of(catalog), policy, seed);
    }

    private static RunSpec run(
            CorpusManifest corpus,
            Predicate<CorpusManifest.Group> dormant,
            Optional<String> catalog,
            String policy,
            long seed) {
        return new RunSpec(
                "demo",
                corpus.groups().stream()
                        .map(
                                group ->
                                        new GroupSpec(
                                                group.id(),
                                                group.prior(),
                                                FLOOR * group.prior(),
                                                Math.min(1, CAP * group.prior()),
                                                Optional.empty(),
                                                dormant.test(group)))
                        .toList(),
                corpus.targets().stream()
                        .map(target -> new TargetSpec(target.id(), target.weight()))
                        .toList(),
                PolicySpec.of(policy),
                GuardSpec.DEFAULT,
                new RoundSpec(ROUND_STEPS, LEAD_STEPS, WARM_UP_STEPS),
                new SketchSpec(SketchSpec.DEFAULT_DIMENSION, seed),
                1,
                seed,
                Mode.CONTROL,
                "",
                catalog);
    }
}
