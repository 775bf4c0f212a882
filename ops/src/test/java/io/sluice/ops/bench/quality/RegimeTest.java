package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.bench.quality.QualityCorpus.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegimeTest {

    private static final long BYTES = 60_000;

    private final QualityCorpus corpus = TestingCorpus.corpus();

    @Test
    void poorGroupsAreLeftOutWhereTheyAreNotThePoint() {
        assertThat(ids(Pool.USEFUL)).containsExactly("gates", "mills");
        assertThat(ids(Pool.ALL)).containsExactly("digits", "gates", "mills");
    }

    @Test
    void usefulGroupsAreCutSoThatAUniformRunRepeatsThem() {
        List<Group> pool = Pool.LIMITED.groups(corpus, BYTES);

        for (Group group : pool) {
            double epochs = BYTES / 3.0 / group.text().length;
            if (group.poor()) {
                assertThat(group).isEqualTo(corpus.groups().get(0));
            } else {
                assertThat(epochs).isEqualTo(Pool.EPOCHS_OF_A_CUT_GROUP);
            }
        }
    }

    @Test
    void steersToHeldOutTextOrToEachSpecialTarget() {
        assertThat(Regime.ABUNDANT.targets(corpus)).containsExactly("held_out");
        assertThat(Regime.POOR_GROUPS.targets(corpus)).containsExactly("held_out");
        assertThat(Regime.SPECIALISE.targets(corpus)).containsExactly("river");
        assertThat(Regime.DATA_LIMITED.targets(corpus)).containsExactly("held_out", "river");
    }

    private List<String> ids(Pool pool) {
        return pool.groups(corpus, BYTES).stream().map(Group::id).toList();
    }
}
