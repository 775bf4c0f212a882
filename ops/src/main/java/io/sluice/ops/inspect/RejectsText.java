package io.sluice.ops.inspect;

import static io.sluice.ops.inspect.Words.count;
import static io.sluice.ops.inspect.Words.line;

import io.sluice.ops.inspect.RejectsView.Reject;
import java.util.List;

/** A {@link RejectsView} as a person reads it. */
public final class RejectsText {

    private static final int LONGEST_KEY = 40;

    private RejectsText() {}

    /** One line per record that was turned away; the last line ended. */
    public static String of(RejectsView view) {
        StringBuilder text = new StringBuilder();
        if (view.rejects().isEmpty()) {
            line(text, "no rejects match");
        } else {
            list(text, view);
        }
        view.repeated()
                .forEach(
                        (run, count) ->
                                line(
                                        text,
                                        "besides, of run %s %s came again, which changed nothing",
                                        cut(run),
                                        count(count, "signal")));
        return text.toString();
    }

    private static void list(StringBuilder text, RejectsView view) {
        line(
                text,
                "showing %,d of the %,d that match and were read, the newest last",
                view.rejects().size(),
                view.matching());
        Table table =
                new Table(
                        "lllrrll",
                        List.of(
                                "time",
                                "run",
                                "topic",
                                "partition",
                                "offset",
                                "reason",
                                "message"));
        for (Reject reject : view.rejects()) {
            table.row(
                    List.of(
                            reject.time().toString(),
                            cut(reject.run()),
                            reject.topic(),
                            Integer.toString(reject.partition()),
                            Long.toString(reject.offset()),
                            reject.reason().name(),
                            reject.message()));
        }
        text.append(table);
        line(
                text,
                "the original of the last one: %s",
                view.rejects().get(view.rejects().size() - 1).see());
    }

    /** Keys of rejects may be anything. */
    private static String cut(String key) {
        return key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "...";
    }
}
