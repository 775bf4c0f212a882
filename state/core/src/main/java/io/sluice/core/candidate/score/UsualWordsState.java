package io.sluice.core.candidate.score;

/**
 * All that there is to store of {@link UsualWords}.
 *
 * @param counts words per bucket
 * @param words words counted
 * @param documents documents seen while learning
 * @param meanSum sum over measured documents of their mean log frequency
 * @param meanSquares sum of its squares
 * @param deviationSum sum of their standard deviations
 * @param deviationSquares sum of its squares
 */
public record UsualWordsState(
        int[] counts,
        long words,
        int documents,
        double meanSum,
        double meanSquares,
        double deviationSum,
        double deviationSquares) {}
