package io.sluice.core.controller;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.Overrides;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.ShardRound;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything a controller remembers of one run.
 *
 * @param spec the run
 * @param attempt the current attempt
 * @param inForce the plan in force, as far as the controller knows
 * @param unanswered digests of the last plans, each of which replaces the one before it, that no
 *     bridge has answered yet: oldest first, at most {@link #MAX_UNANSWERED}
 * @param nextRound the round to decide next
 * @param averages averaged alignments
 * @param memory the policy's memory
 * @param pending results of shards that wait for the others
 * @param basis what the attempt's statistics began with
 * @param lineage which snapshots of earlier statistics are kept
 * @param guards the guards' memory
 * @param overrides what operators said
 * @param catalog what is known of the catalog that the run follows
 * @param counts how many signals have counted
 */
public record ControllerState(
        RunSpec spec,
        Attempt attempt,
        Plan inForce,
        List<String> unanswered,
        long nextRound,
        AlignmentAverages averages,
        PolicyMemory memory,
        List<ShardRound> pending,
        Basis basis,
        Lineage lineage,
        GuardMemory guards,
        Overrides overrides,
        CatalogNews catalog,
        SignalCounts counts) {

    /** Most plans whose answers are waited for: answers that lag further are not heeded. */
    public static final int MAX_UNANSWERED = 64;

    public ControllerState {
        unanswered = List.copyOf(unanswered);
        pending = List.copyOf(pending);
    }

    /** The state at the start of an attempt whose statistics begin anew. */
    public static ControllerState start(RunSpec spec, Attempt attempt) {
        long round = spec.rounds().roundOf(attempt.resumeStep());
        return begin(
                spec,
                attempt,
                new Snapshot(
                        round,
                        AlignmentAverages.empty(spec),
                        PolicyMemory.EMPTY,
                        GuardMemory.empty(spec),
                        0),
                Basis.Kind.NEW,
                Lineage.EMPTY,
                Overrides.NONE,
                CatalogNews.NONE,
                SignalCounts.NONE);
    }

    /** The state at the start of an attempt that goes on with known statistics. */
    static ControllerState begin(
            RunSpec spec,
            Attempt attempt,
            Snapshot from,
            Basis.Kind kind,
            Lineage lineage,
            Overrides overrides,
            CatalogNews catalog,
            SignalCounts counts) {
        return new ControllerState(
                spec,
                attempt,
                attempt.inForce(),
                List.of(),
                spec.rounds().roundOf(attempt.resumeStep()),
                from.averages(),
                from.memory(),
                List.of(),
                new Basis(kind, from.nextRound()),
                lineage,
                from.guards(),
                overrides,
                catalog,
                counts.begun(from.lineage()));
    }

    /** The statistics as they are now. */
    Snapshot snapshot() {
        return new Snapshot(firstUncounted(), averages, memory, guards, counts.lineage());
    }

    /**
     * The first round that is not in the statistics. An attempt that resumed ahead of it, and has
     * decided nothing yet, leaves the rounds between undecided.
     */
    private long firstUncounted() {
        boolean fresh = nextRound == spec.rounds().roundOf(attempt.resumeStep());
        return fresh ? basis.round() : nextRound;
    }

    ControllerState withPending(List<ShardRound> value) {
        return edit().pending(value).build();
    }

    ControllerState withLineage(Lineage value) {
        return edit().lineage(value).build();
    }

    ControllerState withGuards(GuardMemory value) {
        return edit().guards(value).build();
    }

    ControllerState withOverrides(Overrides value) {
        return edit().overrides(value).build();
    }

    ControllerState withCatalog(CatalogNews value) {
        return edit().catalog(value).build();
    }

    ControllerState withCounts(SignalCounts value) {
        return edit().counts(value).build();
    }

    /** A shard tells what it had counted in the attempt that it leaves. */
    public ControllerState left(ShardRound.Counts shard) {
        return withCounts(counts.left(shard));
    }

    /** Other statistics: of another policy, or of other groups. */
    ControllerState withStatistics(
            AlignmentAverages nextAverages, PolicyMemory nextMemory, GuardMemory nextGuards) {
        return edit().averages(nextAverages).memory(nextMemory).guards(nextGuards).build();
    }

    /** The declaration as operators and the catalog changed it. */
    RunSpec ruling() {
        return catalog.applyTo(overrides.ruling(spec));
    }

    ControllerState decided(long next, AlignmentAverages nextAverages, PolicyMemory nextMemory) {
        return edit().nextRound(next).averages(nextAverages).memory(nextMemory).build();
    }

    /** A plan was made that replaces the one in force. */
    ControllerState published(Plan plan) {
        List<String> digests = new ArrayList<>(unanswered);
        if (digests.size() == MAX_UNANSWERED) {
            digests.remove(0);
        }
        digests.add(plan.digest());
        return edit().inForce(plan).unanswered(digests).build();
    }

    /** The oldest plans without an answer are in force, or were. */
    ControllerState answered(int plans) {
        return edit().unanswered(unanswered.subList(plans, unanswered.size())).build();
    }

    /** Another plan is in force than those without an answer: they come to nothing. */
    ControllerState rebased(Plan plan) {
        return edit().overrides(overrides.refused(unanswered))
                .inForce(plan)
                .unanswered(List.of())
                .build();
    }

    private ControllerStateEdit edit() {
        return new ControllerStateEdit(this);
    }
}
