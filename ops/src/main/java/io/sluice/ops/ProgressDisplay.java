package io.sluice.ops;

import java.io.PrintStream;

/**
 * Shows how far a long piece of work has come: a bar on a terminal, elsewhere a plain line every
 * ten seconds.
 */
public final class ProgressDisplay {

    private static final int WIDTH = 28;
    private static final long BAR_NANOS = 200_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final long total;
    private final String unit;
    private long shownNanos;
    private long shownDone = -1;
    private boolean open;

    /**
     * @param out where to write
     * @param terminal whether that is a terminal
     * @param total how much there is to do
     */
    public ProgressDisplay(PrintStream out, boolean terminal, long total) {
        this(out, terminal, total, "step");
    }

    /** As above, counting in {@code unit}. */
    public ProgressDisplay(PrintStream out, boolean terminal, long total, String unit) {
        this.unit = unit;
        this.out = out;
        this.terminal = terminal;
        this.total = total;
        this.shownNanos = System.nanoTime() - (terminal ? BAR_NANOS : 0);
    }

    /** Shows where the work stands, unless it was shown a moment ago. */
    public void show(long done, String note) {
        long now = System.nanoTime();
        if (now - shownNanos >= (terminal ? BAR_NANOS : LINE_NANOS)) {
            shownNanos = now;
            write(done, note);
        }
    }

    /** Shows the end, and leaves the line. */
    public void finish(long done, String note) {
        if (terminal || done != shownDone) {
            write(done, note);
        }
        if (open) {
            out.println();
            open = false;
        }
    }

    private void write(long done, String note) {
        shownDone = done;
        String text = String.format("%s %,d of %,d  %s", unit, done, total, note);
        if (terminal) {
            int filled = (int) (WIDTH * done / Math.max(total, 1));
            out.print(
                    "\r["
                            + "#".repeat(filled)
                            + "-".repeat(WIDTH - filled)
                            + "] "
                            + text
                            + "\u001b[K");
            out.flush();
            open = true;
        } else {
            out.println(text);
        }
    }
}
