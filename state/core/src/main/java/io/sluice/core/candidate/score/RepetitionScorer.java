package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.Arrays;

/**
 * The share of different runs of three words among all of them; short texts, which hold few runs,
 * are given the benefit of the doubt. After the repetition rules of Rae et al. (2021, appendix A).
 */
public final class RepetitionScorer implements DocumentScorer {

    private static final int RUN = 3;
    private static final int FEW = 20;

    @Override
    public DocumentScore score(String text, NormalisedText words) {
        long[] runs = words.ngrams(RUN);
        Arrays.sort(runs);
        int repeated = 0;
        for (int i = 1; i < runs.length; i++) {
            repeated += runs[i] == runs[i - 1] ? 1 : 0;
        }
        double share = (double) repeated / Math.max(FEW, runs.length);
        return new DocumentScore("repetition", 1, 1 - share);
    }
}
