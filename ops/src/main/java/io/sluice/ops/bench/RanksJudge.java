package io.sluice.ops.bench;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Plan;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Holds what the ranks wrote down against the log, and against itself. */
final class RanksJudge {

    /**
     * What was found; all but the last four are to be 0.
     *
     * @param twoVersions steps that two ranks took with two plans, or no rank with any
     * @param skipped documents of a group that a later one was drawn before
     * @param repeated documents that were drawn again, or after a later one
     * @param unlikeSeal steps whose plan is not the one that their seal names
     * @param unlikeJava draws that the sampler in Java answers otherwise
     * @param unsealed steps that no seal in the log names
     * @param notReplayed steps whose draws could not be compared, for want of a seal
     * @param versions how many plan versions were used
     * @param documents how many documents were drawn
     */
    record Verdict(
            long twoVersions,
            long skipped,
            long repeated,
            long unlikeSeal,
            long unlikeJava,
            long unsealed,
            long notReplayed,
            long versions,
            long documents) {}

    private final RanksBooks books;
    private final Lineage lineage;
    private final List<GroupId> groups;
    private final ExactSampler sampler;

    /**
     * @param groups the run's groups, in order
     * @param sampler a new sampler of the run
     */
    RanksJudge(RanksBooks books, Lineage lineage, List<GroupId> groups, ExactSampler sampler) {
        this.books = books;
        this.lineage = lineage;
        this.groups = groups;
        this.sampler = sampler;
    }

    Verdict judge() {
        long twoVersions = 0;
        long unlikeSeal = 0;
        long unsealed = 0;
        Set<Long> versions = new HashSet<>();
        for (int step = 0; step < books.steps(); step++) {
            OptionalLong version = version(step);
            twoVersions += version.isPresent() ? 0 : 1;
            version.ifPresent(versions::add);
            Optional<Plan> sealed = lineage.sealed(step);
            unsealed += sealed.isPresent() ? 0 : 1;
            if (sealed.isPresent() && version.orElse(-1) != sealed.get().version()) {
                unlikeSeal++;
            }
        }
        long[] documents = documents();
        long[] draws = draws();
        return new Verdict(
                twoVersions,
                documents[0],
                documents[1],
                unlikeSeal,
                draws[0],
                unsealed,
                draws[1],
                versions.size(),
                documents[2]);
    }

    /** The version that all ranks of a step used; empty when there is none. */
    private OptionalLong version(int step) {
        long[] used =
                Arrays.stream(books.versions()[step]).filter(v -> v >= 0).distinct().toArray();
        return used.length == 1 ? OptionalLong.of(used[0]) : OptionalLong.empty();
    }

    /** Documents skipped, repeated and drawn: each group's are to be 0, 1, 2 and so on. */
    private long[] documents() {
        long[] found = new long[3];
        int[] next = new int[groups.size()];
        for (int step = 0; step < books.steps(); step++) {
            for (int draw = 0; draw < books.groups()[step].length; draw++) {
                int group = books.groups()[step][draw];
                if (group < 0) {
                    found[0]++;
                    continue;
                }
                int occurrence = books.occurrences()[step][draw];
                found[0] += Math.max(0, occurrence - next[group]);
                found[1] += occurrence < next[group] ? 1 : 0;
                found[2]++;
                next[group] = Math.max(next[group], occurrence + 1);
            }
        }
        return found;
    }

    /** Draws that Java answers otherwise, and steps that could not be compared. */
    private long[] draws() {
        long[] found = new long[2];
        SealedPlan[] plans = lineage.complete(step -> version(step).orElse(-1));
        for (int step = 0; step < books.steps(); step++) {
            if (plans[step] == null) {
                found[1]++;
                continue;
            }
            List<GroupId> drawn = sampler.draws(plans[step], step);
            for (int draw = 0; draw < drawn.size(); draw++) {
                int group = books.groups()[step][draw];
                found[0] += group < 0 || !groups.get(group).equals(drawn.get(draw)) ? 1 : 0;
            }
        }
        return found;
    }
}
