package io.sluice.core.candidate.score;

import io.sluice.core.candidate.decontamination.NgramSet;
import io.sluice.core.candidate.text.NormalisedText;
import java.util.List;

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
        int repeated = runs.length - NgramSet.of(List.of(runs)).size();
        double share = (double) repeated / Math.max(FEW, runs.length);
        return new DocumentScore("repetition", 1, 1 - share);
    }
}
