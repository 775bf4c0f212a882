package io.sluice.ops.chaos;

import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I6}, twice. The tokens and the mean loss of every group in every decision are
 * what the topic gives when it is summed again, by part, bit for bit: no order of arrival, restart
 * or rescaling shows in them. And where a round was decided more than once on the same plan in
 * force and the same beginnings, by whichever controller, hold and mixture are the same.
 */
final class SameAnswerCheck implements Oracle.Check {

    private static final int PARTS = 2;

    /** All that the answer may depend on beside the topic. */
    private record Question(long attempt, long firstRound, long round, String base, String basis) {

        static Question of(Decision decision) {
            return new Question(
                    decision.getAttempt(),
                    decision.getFirstRound(),
                    decision.getRound(),
                    decision.getBaseDigest(),
                    decision.getBasis() + "@" + decision.getBasisRound());
        }
    }

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        Map<Question, Decision> first = new HashMap<>();
        Map<SignalName, GroupSignal> acknowledged = acknowledged(evidence);
        long looked = 0;
        for (Entry<Decision> entry : evidence.history().decisions()) {
            Decision decision = entry.value();
            String where =
                    "round "
                            + decision.getRound()
                            + " of attempt "
                            + decision.getAttempt()
                            + " at offset "
                            + entry.offset();
            if (decision.getHold() != HoldReason.INCOMPLETE) {
                looked += decision.getGroups().size();
                for (GroupDecision group : decision.getGroups()) {
                    sumAgain(evidence, decision, group, acknowledged, where, violations);
                }
            }
            Decision before = first.putIfAbsent(Question.of(decision), decision);
            if (before != null
                    && (before.getHold() != decision.getHold()
                            || !before.getGroups().equals(decision.getGroups()))) {
                violations.add(where + " was decided differently before");
            }
        }
        return new Finding(Invariant.I6, looked, violations);
    }

    private static void sumAgain(
            Evidence evidence,
            Decision decision,
            GroupDecision group,
            Map<SignalName, GroupSignal> acknowledged,
            String where,
            List<String> violations) {
        String id = evidence.spec().groups().get(group.getIndex()).id().value();
        long tokens = 0;
        double lossSum = 0;
        for (int part = 0; part < PARTS; part++) {
            GroupSignal signal =
                    acknowledged.get(
                            new SignalName(
                                    decision.getAttempt(),
                                    decision.getRound(),
                                    SubjectKind.GROUP,
                                    id,
                                    TrainerProcess.REPORTER,
                                    part));
            if (signal != null) {
                tokens += signal.getTokens();
                lossSum += signal.getLossSum();
            }
        }
        double meanLoss = tokens == 0 ? 0 : lossSum / tokens;
        if (tokens != group.getTokens()
                || Double.doubleToLongBits(meanLoss)
                        != Double.doubleToLongBits(group.getMeanLoss())) {
            violations.add(
                    where
                            + " saw "
                            + group.getTokens()
                            + " tokens of "
                            + id
                            + " with loss "
                            + group.getMeanLoss()
                            + ", and the topic has "
                            + tokens
                            + " with "
                            + meanLoss);
        }
    }

    /** The first record, not turned away, of each signal that its bridge told as acknowledged. */
    private static Map<SignalName, GroupSignal> acknowledged(Evidence evidence) {
        Map<SignalName, GroupSignal> standing = Recount.standing(evidence.history());
        Map<SignalName, GroupSignal> acknowledged = new HashMap<>();
        for (Entry<RoundClosed> entry : evidence.history().closed()) {
            RoundClosed closed = entry.value();
            for (SubjectOutcome outcome : closed.getOutcomes()) {
                SignalName name = name(evidence, closed, outcome);
                if (outcome.getOutcome() == SignalOutcome.ACKNOWLEDGED
                        && standing.containsKey(name)) {
                    acknowledged.put(name, standing.get(name));
                }
            }
        }
        return acknowledged;
    }

    private static SignalName name(Evidence evidence, RoundClosed closed, SubjectOutcome outcome) {
        return new SignalName(
                closed.getAttempt(),
                closed.getRound(),
                outcome.getKind(),
                evidence.spec().groups().get(outcome.getIndex()).id().value(),
                closed.getReporter(),
                outcome.getPart());
    }
}
