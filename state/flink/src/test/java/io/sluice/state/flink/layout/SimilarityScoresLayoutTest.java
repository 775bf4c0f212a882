package io.sluice.state.flink.layout;

import io.sluice.core.candidate.score.SimilarityScores;
import io.sluice.state.flink.Layout;
import java.util.List;

class SimilarityScoresLayoutTest extends LayoutContract<SimilarityScores> {

    @Override
    Layout<SimilarityScores> layout() {
        return SimilarityScoresLayout.INSTANCE;
    }

    @Override
    SimilarityScores realistic() {
        return SimilarityScores.NONE.with(71_003, 0.25).with(71_003, 0.75);
    }

    @Override
    List<SimilarityScores> extremes() {
        return List.of(
                SimilarityScores.NONE,
                SimilarityScores.NONE.with(Integer.MAX_VALUE, 1).with(Integer.MAX_VALUE, 0));
    }
}
