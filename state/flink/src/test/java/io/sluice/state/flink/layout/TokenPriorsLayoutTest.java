package io.sluice.state.flink.layout;

import io.sluice.core.candidate.score.TokenPriors;
import io.sluice.core.candidate.score.TokenPriorsState;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Optional;

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
    TokenPriorsState stored(int version) {
        return version < 2
                ? new TokenPriorsState(Optional.empty(), realistic().full())
                : realistic();
    }

    @Override
    List<TokenPriorsState> extremes() {
        TokenPriorsState fresh = new TokenPriors().state();
        return List.of(fresh, new TokenPriorsState(Optional.empty(), fresh.full()));
    }
}
