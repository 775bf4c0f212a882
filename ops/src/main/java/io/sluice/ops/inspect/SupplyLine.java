package io.sluice.ops.inspect;

import io.sluice.core.candidate.supply.SupplyForecast;
import io.sluice.core.guard.RepetitionGuard;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.RunSpec;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a decision knew of the supply of a group from the catalog that the run follows.
 *
 * @param group the group
 * @param uniqueTokens its tokens, each counted once
 * @param drawnTokens tokens drawn of it in the steps that survive
 * @param epochs how often it was drawn; empty while it has no tokens
 * @param worth what its next token is worth, in (0, 1]; 1 while it is fresh, empty as the epochs
 * @param maxEpochs how often it may be drawn; empty when that is not declared
 * @param roundsLeft rounds until then at the pace of the round, 0 when it is used up; empty when
 *     some are left and none was drawn there, and when tokens or most epochs are not known
 */
public record SupplyLine(
        String group,
        long uniqueTokens,
        long drawnTokens,
        OptionalDouble epochs,
        OptionalDouble worth,
        OptionalDouble maxEpochs,
        OptionalDouble roundsLeft) {

    /** The groups whose supply the catalog told, by index; what cannot be is left out. */
    static List<SupplyLine> of(Decision decision, RunSpec spec) {
        return decision.getNews().stream()
                .filter(news -> news.getUniqueTokens() >= 0 && news.getDrawnTokens() >= 0)
                .filter(news -> news.getIndex() >= 0 && news.getIndex() < spec.getGroups().size())
                .map(news -> of(news, spec.getGroups().get(news.getIndex()), decision))
                .toList();
    }

    private static SupplyLine of(GroupNews news, GroupDeclaration group, Decision decision) {
        long unique = news.getUniqueTokens();
        SupplyForecast forecast = new SupplyForecast(unique, news.getDrawnTokens(), 0);
        OptionalDouble epochs = forecast.epochs();
        double most = group.getMaxEpochs();
        long pace =
                news.getIndex() < decision.getGroups().size()
                        ? decision.getGroups().get(news.getIndex()).getTokens()
                        : 0;
        return new SupplyLine(
                group.getId(),
                unique,
                news.getDrawnTokens(),
                epochs,
                epochs.isPresent()
                        ? OptionalDouble.of(RepetitionGuard.marginalValue(epochs.getAsDouble()))
                        : OptionalDouble.empty(),
                most > 0 ? OptionalDouble.of(most) : OptionalDouble.empty(),
                most > 0 && epochs.isPresent()
                        ? forecast.timeUntil(most, pace)
                        : OptionalDouble.empty());
    }
}
