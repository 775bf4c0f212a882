package io.sluice.core.domain;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.core.guard.MixtureBox;
import io.sluice.core.testing.TestingRun;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunSpecTest {

    /** What is wrong is named, and so is what to do or what is allowed. */
    @ParameterizedTest
    @MethodSource("declarations")
    void aDeclarationThatCannotBeIsRefused(String named, String remedy, ThrowingCallable made) {
        assertThatIllegalArgumentException()
                .isThrownBy(made)
                .withMessageContainingAll(named, remedy);
    }

    static Stream<Arguments> declarations() {
        return Stream.of(
                refused("groups, not 0", "1 to ", () -> TestingRun.ofPriors().build()),
                refused("group a is declared twice", "declare it once", () -> groups("a", "a")),
                refused(
                        "target t is declared twice",
                        "declare it once",
                        () -> one().target("t", .5).target("t", .5).build()),
                refused(
                        "priors sum to 0.8",
                        "divide each by that",
                        () -> TestingRun.ofPriors(.4, .4).build()),
                refused(
                        "target weights sum to 0.5",
                        "divide each by that",
                        () -> one().target("t", .5).build()),
                refused(
                        "target t: weight 0.0",
                        "in (0, 1]",
                        () -> new TargetSpec(new TargetId("t"), 0)),
                refused(
                        "target t: ceiling NaN",
                        "in (0, 1e6] nats",
                        () -> new TargetSpec(new TargetId("t"), 1, OptionalDouble.of(Double.NaN))),
                refused("shards 0", "in [1, 1024]", () -> one().shards(0).build()),
                refused("group a: prior NaN", "in (0, 1]", () -> group(Double.NaN, 0, 1)),
                refused("group a: floor 0.6", "[0, prior = 0.5]", () -> group(.5, .6, 1)),
                refused("group a: cap 0.4", "[prior = 0.5, 1]", () -> group(.5, 0, .4)),
                refused(
                        "floors sum to 1.2",
                        "let floors sum to at most 1",
                        () -> new MixtureBox(new double[] {.6, .6}, new double[] {1, 1})),
                refused(
                        "caps to 0.8",
                        "caps to at least 1",
                        () -> new MixtureBox(new double[] {0, 0}, new double[] {.4, .4})),
                refused(
                        "floor 0.5 and cap 0.4 of group 0",
                        "let the floor be at least 0 and at most the cap",
                        () -> new MixtureBox(new double[] {.5, 0}, new double[] {.4, 1})));
    }

    private static Arguments refused(String named, String remedy, ThrowingCallable made) {
        return Arguments.of(named, remedy, made);
    }

    private static TestingRun one() {
        return TestingRun.ofPriors(1);
    }

    private static RunSpec groups(String... ids) {
        TestingRun run = TestingRun.run();
        for (String id : ids) {
            run.group(id, 1.0 / ids.length, 0, 1);
        }
        return run.build();
    }

    private static GroupSpec group(double prior, double floor, double cap) {
        return new GroupSpec(new GroupId("a"), prior, floor, cap);
    }
}
