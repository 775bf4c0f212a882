package io.sluice.flink.candidate.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanViewTest {

    private static final Contract CONTRACT = new Contract();

    private final PlanView view = new PlanView(CONTRACT);

    @BeforeEach
    void follow() {
        view.applyCatalog(
                raw(
                        CatalogRun.newBuilder()
                                .setCatalog("books")
                                .setRunId("run")
                                .setDraws(true)
                                .build()));
    }

    @Test
    void theNewestPlanOfTheNewestAttemptIsFollowed() {
        view.applyPlan(raw(plan(3, 1, 2, 0.25)));
        assertFollowed(0.25);
        view.applyPlan(raw(plan(3, 1, 3, 0.5)));
        assertFollowed(0.5);
        view.applyPlan(raw(plan(3, 1, 3, 0.75)));
        view.applyPlan(raw(plan(3, 1, 2, 0.75)));
        assertFollowed(0.5);
        view.applyPlan(raw(plan(3, 2, 1, 0.125)));
        view.applyPlan(raw(plan(3, 1, 9, 0.75)));
        assertFollowed(0.125);
    }

    @Test
    void aControllerThatANewerOneHasFencedIsNotFollowed() {
        view.applyPlan(raw(plan(4, 1, 2, 0.25)));
        view.applyPlan(raw(plan(3, 1, 3, 0.75)));
        view.applyPlan(raw(plan(3, 2, 1, 0.75)));

        assertFollowed(0.25);
    }

    @Test
    void anAnswerToTheNewestPlanSaysWhichMixtureIsInForce() {
        view.applyPlan(raw(plan(3, 1, 2, 0.25)));
        view.applyPlan(raw(plan(3, 1, 3, 0.5)));

        view.applyAck(raw(ack(1, 2, plan(3, 1, 2, 0.25))));
        assertFollowed(0.5);

        view.applyAck(raw(ack(1, 3, plan(-1, 1, 7, 0.125))));
        assertFollowed(0.125);
        view.applyPlan(raw(plan(3, 1, 4, 0.75)));
        assertFollowed(0.125);
        view.applyPlan(raw(plan(3, 1, 8, 0.375)));
        assertFollowed(0.375);
    }

    @Test
    void anAnswerOfAnOlderAttemptChangesNothing() {
        view.applyPlan(raw(plan(3, 2, 1, 0.25)));

        view.applyAck(raw(ack(1, 9, plan(3, 1, 9, 0.75))));

        assertFollowed(0.25);
    }

    @Test
    void whatIsNoPlanIsPassedOver() {
        view.applyPlan(new RawRecord("topic", 0, 0, "run", new byte[] {1, 2, 3}));
        view.applyAck(raw(plan(3, 1, 1, 0.25)));

        assertThat(view.share("books", "a")).isEmpty();
    }

    private void assertFollowed(double share) {
        assertThat(view.share("books", "a")).hasValue(share);
    }

    private static PlanAck ack(long attempt, long offered, MixturePlan inForce) {
        return PlanAck.newBuilder()
                .setRunId("run")
                .setAttempt(attempt)
                .setOfferedVersion(offered)
                .setOfferedEpoch(3)
                .setVerdict(AckVerdict.WRONG_BASE)
                .setInForce(inForce)
                .build();
    }

    private static MixturePlan plan(long epoch, long attempt, long version, double share) {
        return MixturePlan.newBuilder()
                .setRunId("run")
                .setEpoch(epoch)
                .setAttempt(attempt)
                .setVersion(version)
                .setWeights(List.of(new GroupWeight("a", share), new GroupWeight("b", 1 - share)))
                .build();
    }

    private static RawRecord raw(SpecificRecord record) {
        return new RawRecord("topic", 0, 0, "run", CONTRACT.encode(record));
    }
}
