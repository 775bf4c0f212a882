package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;

/**
 * Falls with the share of signs that are neither letters, digits, marks nor space, and with bytes
 * that could not be read: 1 up to a share of {@value #USUAL}, 0 from {@value #NONSENSE} on,
 * straight between. A sign that replaces an unreadable byte counts ten times.
 */
public final class SymbolScorer implements DocumentScorer {

    private static final double USUAL = 0.25;
    private static final double NONSENSE = 0.75;
    private static final int REPLACEMENT = 0xFFFD;

    /** Latin letters and the signs among them are looked up. */
    private static final int FEW = 0x0250;

    private static final boolean[] SIGNS = signs();

    @Override
    public DocumentScore score(String text, NormalisedText words) {
        long signs = 0;
        long points = 0;
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int point = text.codePointAt(i);
            next = i + Character.charCount(point);
            points++;
            if (point == REPLACEMENT) {
                signs += 10;
            } else if (point < FEW ? SIGNS[point] : isSign(point)) {
                signs++;
            }
        }
        double share = (double) signs / Math.max(1, points);
        double value = (NONSENSE - share) / (NONSENSE - USUAL);
        return new DocumentScore("symbols", 1, Math.max(0, Math.min(1, value)));
    }

    private static boolean[] signs() {
        boolean[] signs = new boolean[FEW];
        for (int point = 0; point < FEW; point++) {
            signs[point] = isSign(point);
        }
        return signs;
    }

    private static boolean isSign(int point) {
        if (Character.isLetterOrDigit(point) || Character.isWhitespace(point)) {
            return false;
        }
        int type = Character.getType(point);
        return type != Character.NON_SPACING_MARK && type != Character.COMBINING_SPACING_MARK;
    }
}
