package io.sluice.ops.inspect;

import io.sluice.ops.inspect.Explanation.Chain;
import io.sluice.schemas.HoldReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What guards did in a decision, a sentence each; of those that did nothing there is none. */
final class GuardWords {

    private static final int MOST_PRICES = 4;

    private GuardWords() {}

    /** Governor, ceilings and repetition. */
    static List<String> of(GuardWork work) {
        List<String> words = new ArrayList<>();
        if (work.returned()) {
            words.add(
                    "The governor has returned to the prior"
                            + work.comparison().map(GuardWords::comparison).orElse("")
                            + ".");
        }
        words.addAll(
                Words.first(
                        work.prices(),
                        MOST_PRICES,
                        GuardWords::price,
                        "targets weigh more for their ceilings"));
        if (work.heldBySupply() > 0) {
            words.add(
                    Words.format(
                            "Repetition gave %s a lower cap than declared, for their supply runs out.",
                            Words.count(work.heldBySupply(), "group")));
        }
        if (work.relaxation() > 1) {
            words.add(
                    Words.format(
                            "Supplies left no mixture: groups may be drawn %.3g times as often as declared.",
                            work.relaxation()));
        }
        return words;
    }

    /** Pace, which holds rounds: what it did to those before a plan. */
    static Optional<String> pace(Chain before) {
        long held =
                before.decisions().stream()
                        .map(link -> link.decision().hold())
                        .filter(
                                hold ->
                                        hold == HoldReason.DEAD_BAND
                                                || hold == HoldReason.COOL_DOWN)
                        .count();
        return held == 0
                ? Optional.empty()
                : Optional.of(
                        Words.format(
                                "Pace held %s since the plan before it, for a change that was small or too soon.",
                                Words.count(held, "round")));
    }

    private static String comparison(GuardWork.Comparison seen) {
        return Words.format(
                ": over a window the loss fell by %.4f nats, where the prior would have achieved %.4f +/- %.4f",
                seen.realised(), seen.prior(), seen.error());
    }

    private static String price(GuardWork.Price price) {
        return Words.format(
                "Target %s was above its ceiling of %.4f nats: a price of %.3g raises its weight from %.3f to %.3f.",
                price.target(), price.ceiling(), price.price(), price.declared(), price.weight());
    }
}
