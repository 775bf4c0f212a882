package io.sluice.ops.chaos;

import io.sluice.schemas.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I5}: a round that was decided again, because the job went back to a checkpoint
 * or another controller took over, has counted the same signals; from round to round, the count
 * does not fall.
 */
final class OnceCheck implements Oracle.Check {

    /** A round of an attempt. */
    private record Round(long attempt, long round) {}

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        Map<Round, Long> counts = new HashMap<>();
        Map<Long, Decision> before = new HashMap<>();
        long looked = 0;
        for (Entry<Decision> entry : evidence.history().decisions()) {
            Decision decision = entry.value();
            String where = "round " + decision.getRound() + " of attempt " + decision.getAttempt();
            looked++;
            Long count =
                    counts.putIfAbsent(
                            new Round(decision.getAttempt(), decision.getRound()),
                            decision.getAccepted());
            if (count != null && count != decision.getAccepted()) {
                violations.add(
                        where
                                + " was decided with "
                                + count
                                + " signals, and at offset "
                                + entry.offset()
                                + " with "
                                + decision.getAccepted());
            }
            Decision last = before.put(decision.getAttempt(), decision);
            if (last != null
                    && last.getRound() < decision.getRound()
                    && last.getAccepted() > decision.getAccepted()) {
                violations.add(
                        where
                                + " has fewer signals than round "
                                + last.getRound()
                                + " at offset "
                                + entry.offset());
            }
        }
        return new Finding(Invariant.I5, looked, violations);
    }
}
