package io.sluice.ops.chaos;

import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDecision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I6}, twice. The tokens and the mean loss of every group and target in every
 * decision are what the topic gives when it is summed again, by part, bit for bit: no order of
 * arrival, restart or rescaling shows in them. And where a round was decided more than once on the
 * same plan in force and the same beginnings, by whichever controller, hold and mixture are the
 * same.
 */
final class SameAnswerCheck implements Oracle.Check {

    private static final int PARTS = 2;

    /** What a decision says of one group or target. */
    private record Sum(SubjectKind kind, String subject, long tokens, double meanLoss) {}

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
                List<Sum> sums = sums(evidence, decision);
                looked += sums.size();
                for (Sum sum : sums) {
                    sumAgain(decision, sum, acknowledged, where, violations);
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

    private static List<Sum> sums(Evidence evidence, Decision decision) {
        List<Sum> sums = new ArrayList<>();
        for (GroupDecision group : decision.getGroups()) {
            String id = SignalName.subject(evidence.spec(), SubjectKind.GROUP, group.getIndex());
            sums.add(new Sum(SubjectKind.GROUP, id, group.getTokens(), group.getMeanLoss()));
        }
        for (TargetDecision target : decision.getTargets()) {
            String id = SignalName.subject(evidence.spec(), SubjectKind.TARGET, target.getIndex());
            sums.add(new Sum(SubjectKind.TARGET, id, target.getTokens(), target.getMeanLoss()));
        }
        return sums;
    }

    private static void sumAgain(
            Decision decision,
            Sum seen,
            Map<SignalName, GroupSignal> acknowledged,
            String where,
            List<String> violations) {
        long tokens = 0;
        double lossSum = 0;
        for (int part = 0; part < PARTS; part++) {
            GroupSignal signal =
                    acknowledged.get(
                            new SignalName(
                                    decision.getAttempt(),
                                    decision.getRound(),
                                    seen.kind(),
                                    seen.subject(),
                                    TrainerProcess.REPORTER,
                                    part));
            if (signal != null) {
                tokens += signal.getTokens();
                lossSum += signal.getLossSum();
            }
        }
        double meanLoss = tokens == 0 ? 0 : lossSum / tokens;
        if (tokens != seen.tokens()
                || Double.doubleToLongBits(meanLoss) != Double.doubleToLongBits(seen.meanLoss())) {
            violations.add(
                    where
                            + " saw "
                            + seen.tokens()
                            + " tokens of "
                            + seen.subject()
                            + " with loss "
                            + seen.meanLoss()
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
                SignalName name = SignalName.of(evidence.spec(), closed, outcome);
                if (outcome.getOutcome() == SignalOutcome.ACKNOWLEDGED
                        && standing.containsKey(name)) {
                    acknowledged.put(name, standing.get(name));
                }
            }
        }
        return acknowledged;
    }
}
