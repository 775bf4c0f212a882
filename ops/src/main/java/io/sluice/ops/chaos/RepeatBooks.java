package io.sluice.ops.chaos;

import io.sluice.schemas.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The job's books of signals that are sent again: each must be counted as repeated, or stand in the
 * list of what was turned away.
 */
final class RepeatBooks {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Scene scene;
    private final long attempt;
    private final Decision before;

    private RepeatBooks(Scene scene, long attempt, Decision before) {
        this.scene = scene;
        this.attempt = attempt;
        this.before = before;
    }

    /** Looks into the books while nothing is under way; the trainer waits afterwards. */
    static RepeatBooks open(Scene scene) throws Exception {
        long attempt = scene.quiet();
        return new RepeatBooks(
                scene, attempt, Recount.newest(scene.history(), attempt).orElseThrow());
    }

    /**
     * What the books say.
     *
     * @param sent records that were sent again
     * @param repeated how many more the job has counted as repeated
     * @param turnedAway how many of the sent records are listed
     */
    record Balance(int sent, long repeated, long turnedAway) {

        /** Whether every record is in one of the books. */
        boolean holds() {
            return sent > 0 && repeated + turnedAway == sent;
        }

        @Override
        public String toString() {
            return sent
                    + " signals again: "
                    + repeated
                    + " counted as repeated, "
                    + turnedAway
                    + " turned away";
        }
    }

    /**
     * Waits until a later round is decided, and the books balance or have had time to; the trainer
     * must go on.
     */
    Balance balance(List<RecordSender.Sent> sent) throws Exception {
        Scene.await(
                "a decision on a later round", LIMIT, () -> now().getRound() > before.getRound());
        AtomicReference<Balance> last = new AtomicReference<>();
        Scene.comesTrue(
                LIMIT,
                () -> {
                    last.set(look(sent));
                    return last.get().holds();
                });
        return last.get();
    }

    private Balance look(List<RecordSender.Sent> sent) {
        Map<Recount.Place, ?> rejected = Recount.rejected(scene.history());
        long listed = sent.stream().filter(one -> rejected.containsKey(one.place())).count();
        return new Balance(sent.size(), now().getDuplicates() - before.getDuplicates(), listed);
    }

    private Decision now() {
        return Recount.newest(scene.history(), attempt).orElseThrow();
    }
}
