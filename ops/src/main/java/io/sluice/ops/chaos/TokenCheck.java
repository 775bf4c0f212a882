package io.sluice.ops.chaos;

import io.sluice.ops.chaos.ChaosResult.Range;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link Invariant#I4}, in three steps: a signal in the topic holds the tokens that its trainer
 * measured; a signal that the bridge told as acknowledged stands in the topic; and, while nothing
 * is under way, what the job accepted is what the topic holds without what was turned away: in the
 * attempt, in the whole run, and in the rounds that survive.
 */
final class TokenCheck implements Oracle.Check {

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        Map<SignalName, GroupSignal> standing = Recount.standing(evidence.history());
        long looked = trainers(evidence, standing, violations);
        looked += acknowledged(evidence, sent(evidence.history()), violations);
        if (evidence.quietAttempt().isPresent()) {
            long attempt = evidence.quietAttempt().getAsLong();
            Recount.of(evidence.history(), attempt)
                    .filter(recount -> recount.expected() != recount.counted())
                    .ifPresent(
                            recount ->
                                    violations.add(
                                            "attempt "
                                                    + attempt
                                                    + ": the job accepted "
                                                    + recount.expected()
                                                    + " signals, and the topic holds "
                                                    + recount.counted()));
            RunRecount.of(evidence.history(), attempt)
                    .ifPresent(
                            recount -> {
                                compare("in the run", recount.total(), violations);
                                compare("in surviving rounds", recount.lineage(), violations);
                            });
        }
        return new Finding(Invariant.I4, looked, violations);
    }

    private static void compare(String where, Range count, List<String> violations) {
        if (!count.isSound()) {
            violations.add("the job counts, " + where + ", " + count + " signals");
        }
    }

    private static long trainers(
            Evidence evidence, Map<SignalName, GroupSignal> standing, List<String> violations) {
        long looked = 0;
        for (TrainerLife trainer : evidence.trainers()) {
            if (trainer.attempt().isEmpty()) {
                continue;
            }
            for (TrainerLife.Measured measured : trainer.measured()) {
                SignalName name =
                        new SignalName(
                                trainer.attempt().get(),
                                measured.round(),
                                measured.kind(),
                                measured.subject(),
                                TrainerProcess.REPORTER,
                                measured.part());
                GroupSignal signal = standing.get(name);
                looked += signal == null ? 0 : 1;
                if (signal != null && signal.getTokens() != measured.tokens()) {
                    violations.add(
                            name
                                    + " was measured with "
                                    + measured.tokens()
                                    + " tokens and stands with "
                                    + signal.getTokens());
                }
            }
        }
        return looked;
    }

    /** Every signal that has a record, whatever became of it: what was turned away is listed. */
    private static Set<SignalName> sent(History history) {
        Set<SignalName> sent = new HashSet<>();
        history.signals().forEach(entry -> sent.add(SignalName.of(entry.value())));
        return sent;
    }

    private static long acknowledged(
            Evidence evidence, Set<SignalName> sent, List<String> violations) {
        long looked = 0;
        for (Entry<RoundClosed> entry : evidence.history().closed()) {
            RoundClosed closed = entry.value();
            for (SubjectOutcome outcome : closed.getOutcomes()) {
                if (outcome.getOutcome() != SignalOutcome.ACKNOWLEDGED) {
                    continue;
                }
                looked++;
                SignalName name = SignalName.of(evidence.spec(), closed, outcome);
                if (!sent.contains(name)) {
                    violations.add(name + " was acknowledged and stands nowhere");
                }
            }
        }
        return looked;
    }
}
