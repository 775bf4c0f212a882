package io.sluice.ops.chaos;

import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.PlanAck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I3}: within an attempt, the epochs of accepted plans never fall and their
 * versions rise; the steps of a trainer never go back to an older version.
 */
final class ForwardCheck implements Oracle.Check {

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        Map<Long, PlanAck> newest = new HashMap<>();
        long looked = 0;
        for (var entry : evidence.history().acks()) {
            PlanAck ack = entry.value();
            if (ack.getVerdict() != AckVerdict.ACCEPTED) {
                continue;
            }
            looked++;
            PlanAck before = newest.put(ack.getAttempt(), ack);
            if (before != null
                    && (ack.getOfferedVersion() <= before.getOfferedVersion()
                            || ack.getOfferedEpoch() < before.getOfferedEpoch())) {
                violations.add(
                        "the plan accepted at offset "
                                + entry.offset()
                                + " has epoch "
                                + ack.getOfferedEpoch()
                                + " and version "
                                + ack.getOfferedVersion()
                                + " after "
                                + before.getOfferedEpoch()
                                + " and "
                                + before.getOfferedVersion());
            }
        }
        for (TrainerLife trainer : evidence.trainers()) {
            long version = -1;
            for (TrainerLife.Step step : trainer.steps()) {
                if (step.version() < version) {
                    violations.add(
                            "step "
                                    + step.step()
                                    + " of attempt "
                                    + trainer.attempt()
                                    + " went back to version "
                                    + step.version());
                }
                version = step.version();
            }
        }
        return new Finding(Invariant.I3, looked, violations);
    }
}
