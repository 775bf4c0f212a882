package io.sluice.core.sampling;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Says which group each draw of a step takes: a pure function of (seed, run, sealed plan, step). A
 * draw is one micro-batch, or one sequence where no group gradients are asked for.
 *
 * <p>At the end of every step, each group's count since the plan's first step is within one draw of
 * its expectation ({@link ChairmanAssignment}). Within a step the draws are then put in a random
 * order, so that groups do not always stand at the same place. Randomness is named by group id,
 * never by position:
 *
 * <pre>
 * ties  = mix64(seed, hash(run), 0)      order = mix64(seed, hash(run), 1)
 * tie of a group      = mix64(ties, hash(group), plan version)
 * place of a draw     = mix64(order, hash(group), step * draws per step + occurrence)
 * </pre>
 *
 * <p>where the occurrence counts the group's draws in the step from 0, and draws are taken by
 * increasing place, unsigned. A group of weight 0 is never drawn and influences no other.
 *
 * <p>Steps asked for in order cost time in proportion to draws times groups. Any other step is
 * replayed from the plan's first step, with the same answer. For one owner at a time.
 */
public final class ExactSampler {

    private final long tieSeed;
    private final long orderSeed;
    private final int drawsPerStep;

    /** What the next step in order goes on from. */
    private SealedPlan current;

    private long nextStep;
    private List<GroupId> groups;
    private long[] groupHashes;
    private ChairmanAssignment assignment;

    /**
     * @param seed the run's seed
     * @param runId the run
     * @param drawsPerStep draws D of every step, at least 1
     */
    public ExactSampler(long seed, String runId, int drawsPerStep) {
        if (drawsPerStep < 1) {
            throw new IllegalArgumentException("a step takes at least 1 draw, not " + drawsPerStep);
        }
        this.tieSeed = Hashes.mix64(seed, Hashes.hash(runId), 0);
        this.orderSeed = Hashes.mix64(seed, Hashes.hash(runId), 1);
        this.drawsPerStep = drawsPerStep;
    }

    /**
     * The groups that the draws of {@code step} take, in order.
     *
     * @throws IllegalArgumentException when the plan begins after {@code step}
     */
    public List<GroupId> draws(SealedPlan plan, long step) {
        if (step < plan.firstStep()) {
            throw new IllegalArgumentException(
                    "step " + step + " comes before the plan's first step " + plan.firstStep());
        }
        if (!plan.equals(current) || step < nextStep) {
            begin(plan);
        }
        while (nextStep < step) {
            for (int draw = 0; draw < drawsPerStep; draw++) {
                assignment.next();
            }
            nextStep++;
        }
        return take();
    }

    /**
     * How many steps {@link #draws} would have to replay first: none for the step after the one
     * that was asked for last.
     */
    public long stepsToReplay(SealedPlan plan, long step) {
        return plan.equals(current) && step >= nextStep ? step - nextStep : step - plan.firstStep();
    }

    private void begin(SealedPlan plan) {
        Mixture mixture = plan.plan().mixture();
        long version = plan.plan().version();
        int[] drawn =
                IntStream.range(0, mixture.size()).filter(j -> mixture.weight(j) > 0).toArray();
        groups = IntStream.of(drawn).mapToObj(mixture.groups()::get).toList();
        groupHashes = groups.stream().mapToLong(group -> Hashes.hash(group.value())).toArray();
        assignment =
                new ChairmanAssignment(
                        IntStream.of(drawn).mapToDouble(mixture::weight).toArray(),
                        LongStream.of(groupHashes)
                                .map(hash -> Hashes.mix64(tieSeed, hash, version))
                                .toArray());
        current = plan;
        nextStep = plan.firstStep();
    }

    private List<GroupId> take() {
        record Draw(GroupId group, long place) {}
        int[] occurrences = new int[groups.size()];
        List<Draw> draws = new ArrayList<>(drawsPerStep);
        for (int draw = 0; draw < drawsPerStep; draw++) {
            int j = assignment.next();
            long i = nextStep * drawsPerStep + occurrences[j]++;
            draws.add(new Draw(groups.get(j), Hashes.mix64(orderSeed, groupHashes[j], i)));
        }
        nextStep++;
        draws.sort((a, b) -> Long.compareUnsigned(a.place(), b.place()));
        return draws.stream().map(Draw::group).toList();
    }
}
