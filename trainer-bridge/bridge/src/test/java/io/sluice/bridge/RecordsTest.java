package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {

    @Test
    void aDeclarationGetsItsDigestAndRefusesAnother() {
        RunSpec spec = TestingRuns.spec();
        assertThat(spec.digest()).isEqualTo(Digests.of(Records.runSpec(spec)));
        assertThat(Records.declared(spec)).isEqualTo(spec);
        RunSpec other =
                new RunSpec(
                        spec.runId(),
                        spec.groups(),
                        spec.targets(),
                        spec.policy(),
                        spec.guards(),
                        spec.rounds(),
                        spec.sketch(),
                        spec.shards(),
                        spec.seed() + 1,
                        spec.mode(),
                        spec.digest());
        assertThatThrownBy(() -> Records.declared(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave the digest empty");
    }

    @Test
    void aPlanComesBackFromItsRecordAsItWas() {
        Plan prior = Records.prior(TestingRuns.spec());
        Plan next = TestingRuns.next(prior, 3, 2, 9, 0.4, 0.4, 0.2);
        assertThat(Records.plan(Records.plan(prior))).isEqualTo(prior);
        assertThat(Records.plan(Records.plan(next))).isEqualTo(next);
        assertThat(Digests.of(Records.plan(next))).isEqualTo(next.digest());
    }

    @Test
    void versionZeroIsThePriorOfNoAttemptAndNoController() {
        MixturePlan record = Records.plan(Records.prior(TestingRuns.spec()));
        assertThat(record.getVersion()).isZero();
        assertThat(record.getLabel()).isEqualTo(PlanLabel.PRIOR);
        assertThat(record.getEpoch()).isEqualTo(-1);
        assertThat(record.getRound()).isEqualTo(-1);
        assertThat(record.getAttempt()).isEqualTo(-1);
        assertThat(record.getWeights())
                .isEqualTo(
                        List.of(
                                new GroupWeight("a", 0.5),
                                new GroupWeight("b", 0.3),
                                new GroupWeight("c", 0.2)));
    }
}
