package io.sluice.ops.inspect;

import io.sluice.ops.inspect.Explanation.Chain;
import io.sluice.ops.inspect.Explanation.Link;
import io.sluice.schemas.AckVerdict;
import java.util.ArrayList;
import java.util.List;

/** Decisions in the order of their rounds, a sentence each; rounds held alike share one. */
final class ChainWords {

    private static final int MOST_LINKS = 20;

    private ChainWords() {}

    static List<String> of(Chain chain) {
        List<String> lines = new ArrayList<>();
        List<Link> links = chain.decisions();
        int from = 0;
        while (from < links.size()) {
            int to = from + 1;
            while (to < links.size() && alike(links.get(from), links.get(to))) {
                to++;
            }
            lines.add(words(links.get(from).decision(), links.get(to - 1)));
            from = to;
        }
        int hidden = Math.max(0, lines.size() - MOST_LINKS);
        List<String> shown = new ArrayList<>(lines.subList(hidden, lines.size()));
        if (hidden > 0 || chain.leftOut() > 0) {
            shown.add(0, "Earlier ones are left out; --output json has up to 1,000.");
        }
        return shown;
    }

    /** Whether two decisions held for the same reason. */
    private static boolean alike(Link a, Link b) {
        return !a.decision().madePlan()
                && a.decision().hold() == b.decision().hold()
                && a.decision().message().equals(b.decision().message())
                && a.decision().absentReporters() == b.decision().absentReporters();
    }

    private static String words(DecisionLine first, Link last) {
        DecisionLine decision = last.decision();
        String without = MissingReporters.without(decision.absentReporters());
        if (decision.madePlan()) {
            return Words.format(
                    "Round %d (through step %d) made plan %d%s for step %d on%s.",
                    decision.round(),
                    decision.throughStep(),
                    decision.planVersion(),
                    without,
                    decision.effectiveStep(),
                    last.answer().map(ChainWords::answer).orElse("; no answer is in the log"));
        }
        return first.round() == decision.round()
                ? Words.format(
                        "Round %d (through step %d) was held%s, %s: %s.",
                        decision.round(),
                        decision.throughStep(),
                        without,
                        decision.hold(),
                        decision.message())
                : Words.format(
                        "Rounds %d to %d (through step %d) were held%s, %s: %s.",
                        first.round(),
                        decision.round(),
                        decision.throughStep(),
                        without,
                        decision.hold(),
                        decision.message());
    }

    private static String answer(AckVerdict verdict) {
        return verdict == AckVerdict.ACCEPTED || verdict == AckVerdict.REPEATED
                ? ", which the bridge accepted"
                : ", which the bridge refused, " + verdict;
    }
}
