package io.sluice.ops.inspect;

import io.sluice.schemas.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the seal of one step in one run's seals: that of the newest attempt that took the step, and
 * those of the attempts whose step was taken back.
 */
final class SealSearch {

    private static final int MOST_TAKEN_BACK = 100;

    private final long step;
    private final List<SealedSteps> takenBack = new ArrayList<>();
    private Optional<SealedSteps> open = Optional.empty();
    private Optional<SealedSteps> found = Optional.empty();

    SealSearch(long step) {
        this.step = step;
    }

    void add(Entry entry) {
        if (!(entry.value() instanceof Seal seal)) {
            return;
        }
        SealedSteps now = goOn(seal);
        open = Optional.of(now);
        boolean covers = now.from() <= step && step <= now.through();
        if (!covers || found.filter(s -> s.attempt() > now.attempt()).isPresent()) {
            return;
        }
        found.filter(s -> s.attempt() < now.attempt()).ifPresent(this::takeBack);
        found = Optional.of(now);
    }

    /** The span of the newest attempt that took the step. */
    Optional<SealedSteps> found() {
        return found;
    }

    /** The spans of older attempts, the oldest first; the newest hundred. */
    List<SealedSteps> takenBack() {
        return List.copyOf(takenBack);
    }

    /** The span that was sealed last; empty when the run has no seals. */
    Optional<SealedSteps> last() {
        return open;
    }

    private SealedSteps goOn(Seal seal) {
        Optional<SealedSteps> before =
                open.filter(
                        s ->
                                s.attempt() == seal.getAttempt()
                                        && s.digest().equals(seal.getDigest()));
        boolean carries = !seal.getWeights().isEmpty();
        return new SealedSteps(
                seal.getAttempt(),
                seal.getSpecDigest(),
                seal.getVersion(),
                seal.getDigest(),
                before.map(SealedSteps::from).orElse(seal.getFromStep()),
                before.map(s -> Math.max(s.through(), seal.getThroughStep()))
                        .orElse(seal.getThroughStep()),
                carries || before.isEmpty() ? Shares.of(seal.getWeights()) : before.get().shares());
    }

    private void takeBack(SealedSteps older) {
        if (takenBack.size() == MOST_TAKEN_BACK) {
            takenBack.remove(0);
        }
        takenBack.add(older);
    }
}
