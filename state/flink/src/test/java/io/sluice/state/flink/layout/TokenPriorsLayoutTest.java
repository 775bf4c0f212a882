package io.sluice.state.flink.layout;

import io.sluice.core.candidate.score.TokenPriors;
import io.sluice.core.candidate.score.TokenPriorsState;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.state.flink.Layout;
import java.util.List;

class TokenPriorsLayoutTest extends LayoutContract<TokenPriorsState> {

    @Override
    Layout<TokenPriorsState> layout() {
        return TokenPriorsLayout.INSTANCE;
    }

    @Override
    TokenPriorsState realistic() {
        TokenPriors priors = new TokenPriors();
        for (int i = 0; i < 600; i++) {
            priors.learn(NormalisedText.of("it was the best of times number " + i));
        }
        return priors.state();
    }

    @Override
    List<TokenPriorsState> extremes() {
        return List.of(new TokenPriors().state());
    }
}
