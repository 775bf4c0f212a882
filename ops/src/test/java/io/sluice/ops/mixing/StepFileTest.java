package io.sluice.ops.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.guard.Hold;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepFileTest {

    @TempDir private Path folder;

    /** Equal shares, cosines of 0 and 0.5 without error: scores of 0 and 1, eta 0.4. */
    @Test
    void aStepIsWhatTheFormulaSays() throws IOException {
        StepResult result =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'alignments': {'t': 0}}, 'b': {'alignments': {'t': 0.5}}},"
                                        + " 'targets': {'t': {}}, 'guards': {'prior_pull': 0}}",
                                "dga"));

        double expected = Math.exp(.4) / (1 + Math.exp(.4));
        assertThat(result.groups().get(1).score()).isEqualTo(1, within(1e-12));
        assertThat(result.groups().get(1).proposed()).isEqualTo(expected, within(1e-12));
        assertThat(result.groups().get(1).decided()).isEqualTo(expected, within(1e-12));
    }

    @Test
    void aGroupThatRepeatsIsWorthLessAndCapped() throws IOException {
        StepResult result =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'drawn': 300, 'unique_tokens': 100, 'max_epochs': 4}, 'b': {'drawn': 700}},"
                                        + " 'guards': {'planned_tokens': 2000, 'max_kl': 10}}",
                                "static"));

        assertThat(result.groups().get(0).worth())
                .isEqualTo(Math.exp(-2 / 15.387756), within(1e-12));
        // 100 of 1,000 tokens to come.
        assertThat(result.groups().get(0).decided()).isEqualTo(.1, within(1e-9));
        assertThat(result.heldBySupply()).isEqualTo(1);
    }

    /** Twins a and b, and c that shares nothing: with a high price c has about half. */
    @Test
    void redundancyIsPricedByTheCosinesOfTheFile() throws IOException {
        String groups =
                "{'groups': {'a': {'alignments': {'t': 0}, 'cosines': {'b': 1, 'c': 0}},"
                        + " 'b': {'alignments': {'t': 0}, 'cosines': {}},"
                        + " 'c': {'alignments': {'t': 0}, 'cosines': {}, 'signal': 1}},"
                        + " 'targets': {'t': {}}, 'guards': {'prior_pull': 0, 'max_kl': 10}}";
        StepResult result =
                StepResult.of(
                        read(
                                groups,
                                PolicySpec.of(
                                        "tikmix-d", Map.of("redundancy", 100.0, "gamma", .1))));

        assertThat(result.groups().get(2).decided()).isEqualTo(.5, within(.001));
        assertThat(result.groups().get(0).decided()).isEqualTo(.25, within(.001));
        assertThat(result.memory()).containsKeys("gram", "solution");
    }

    @Test
    void influencesOfTheFileTakeThePlaceOfAlignments() throws IOException {
        StepResult result =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'alignments': {'t': 0.5}, 'influences': {'t': 0}},"
                                        + " 'b': {'alignments': {'t': 0}, 'influences': {'t': 0.5},"
                                        + " 'influence_errors': {'t': 0.01}}}, 'targets': {'t': {}}}",
                                PolicySpec.of("dga", Map.of("fisher", 1.0))));

        assertThat(result.groups().get(1).score()).isGreaterThan(.9);
        assertThat(result.groups().get(0).score()).isBetween(0.0, .01);
    }

    /** From .5 each to exp(.4 a): a divergence of .0197 nats. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'guards': {'prior_pull': 0, 'dead_band': 0.01}; ",
                "'guards': {'prior_pull': 0, 'dead_band': 0.05}; DEAD_BAND",
                "'guards': {'prior_pull': 0, 'cool_down_rounds': 3}; ",
                "'guards': {'prior_pull': 0, 'cool_down_rounds': 3}, 'round': 9, 'plan_round': 7; COOL_DOWN",
                "'guards': {'prior_pull': 0, 'cool_down_rounds': 3}, 'round': 9, 'plan_round': 6; ",
            })
    void plansThatComeTooOftenAreHeld(String more, String reason) throws IOException {
        StepResult result =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'alignments': {'t': 0}}, 'b': {'alignments': {'t': 0.5}}},"
                                        + " 'targets': {'t': {}}, "
                                        + more
                                        + "}",
                                "dga"));

        assertThat(result.hold().map(hold -> hold.reason().name()))
                .isEqualTo(Optional.ofNullable(reason));
        assertThat(result.groups().get(1).decided()).isGreaterThan(.59);
    }

    /** Neither a probe nor what the box asks for waits for a cool-down or a dead band. */
    @Test
    void whatIsUrgentIsNotHeld() throws IOException {
        String guards =
                "'guards': {'cool_down_rounds': 9, 'dead_band': 0.1, 'max_kl': 0.1},"
                        + " 'round': 9, 'plan_round': 8}";
        StepResult boxed =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'cap': 0.6, 'share': 0.62}, 'b': {'share': 0.38}}, "
                                        + guards,
                                "static"));
        StepResult probe =
                StepResult.of(
                        read(
                                "{'groups': {'a': {'tokens': 8, 'loss': 2}, 'b': {'tokens': 8, 'loss': 2}},"
                                        + " 'targets': {'t': {'loss': 2}}, "
                                        + guards,
                                PolicySpec.of("aioli", Map.of("one-hot", .8))));

        assertThat(boxed.hold()).isEmpty();
        assertThat(boxed.kl()).isLessThan(.1);
        assertThat(probe.hold()).isEmpty();
        assertThat(probe.label()).isEqualTo(Plan.Label.PROBE);
        assertThat(probe.text()).startsWith("aioli: a plan, PROBE");
    }

    @Test
    void aProposalThatChangesNothingIsHeld() throws IOException {
        StepResult result = StepResult.of(read("{'groups': {'a': {}, 'b': {}}}", "static"));

        assertThat(result.hold().get().reason()).isEqualTo(Hold.Reason.UNCHANGED);
        assertThat(result.text()).startsWith("static: held, UNCHANGED: the proposal is");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'a': {'cap': 0.6, 'share': 0.9}, 'b': {'share': 0.1}}; BOX",
                "{'a': {'drawn': 300, 'unique_tokens': 100, 'max_epochs': 4}, 'b': {'drawn': 700}}; CAP",
                "{'a': {'share': 0.4}, 'b': {'share': 0.6}}; POLICY"
            })
    void aPlanIsCalledAsTheControllerWouldCallIt(String groups, String label) throws IOException {
        StepResult result =
                StepResult.of(
                        read(
                                "{'groups': "
                                        + groups
                                        + ", 'guards': {'planned_tokens': 2000, 'max_kl': 0.01}}",
                                "static"));

        assertThat(result.hold()).isEmpty();
        assertThat(result.label().name()).isEqualTo(label);
        assertThat(result.text()).startsWith("static: a plan, " + label);
    }

    /** Half a nat above its ceiling: weight (0.5 + 0.5) / 1.5 instead of a half. */
    @Test
    void aTargetAboveItsCeilingWeighsMoreAndItsPriceIsHandedOn() throws IOException {
        String file =
                "{'groups': {'a': {'alignments': {'t': 0.5, 'u': 0}}, 'b': {'alignments': {'t': 0, 'u': 0.5}}},"
                        + " 'targets': {'t': {}, 'u': {'loss': 3, 'ceiling': 2.5%s}}, 'guards': {'prior_pull': 0}}";
        StepResult first = StepResult.of(read(file.formatted(""), "dga"));
        StepResult second = StepResult.of(read(file.formatted(", 'price': 0.5"), "dga"));

        assertThat(first.prices()).isEqualTo(Map.of("t", 0.0, "u", .5));
        assertThat(first.groups().get(1).score() - first.groups().get(0).score())
                .isEqualTo(1 / 3., within(1e-12));
        assertThat(second.prices()).containsEntry("u", 1.0);
        assertThat(second.groups().get(1).decided()).isGreaterThan(first.groups().get(1).decided());
        assertThat(first.text()).contains("prices of ceilings: t 0.0000, u 0.5000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[]; the file is no object",
                "{}; field 'groups' is missing or empty",
                "{'groups': {}}; field 'groups' is missing or empty",
                "{'groups': 3}; field 'groups' is no object",
                "{'group': {}}; field 'group' is unknown",
                "{'groups': {'a': {'prior': -1}}}; field 'groups.a.prior' is -1",
                "{'groups': {'a': {'prior': 'x'}}}; field 'groups.a.prior' is \"x\"",
                "{'groups': {'a': {'prior': 1e400}}}; field 'groups.a.prior'",
                "{'groups': {'a': {'weight': 1}}}; field 'groups.a.weight' is unknown",
                "{'groups': {'a': {'tokens': 5}}}; field 'groups.a.loss' and tokens belong together",
                "{'groups': {'a': {'tokens': 1.5}}}; field 'groups.a.tokens' is 1.5",
                "{'groups': {'a': {'alignments': {}}}, 'targets': {'t': {}}}; field 'groups.a.alignments.t' is missing",
                "{'groups': {'a': {'floor': 0.9}, 'b': {}}}; floor 0.9",
                "{'groups': {'a': {'cosines': {'a': 1}}}}; field 'groups.a.cosines.a' is the group itself",
                "{'groups': {'a': {'cosines': {'b': 2}}, 'b': {}}}; field 'groups.a.cosines.b' is 2",
                "{'groups': {'a': {}}, 'targets': {'t': {'ceiling': 0}}}; field 'targets.t.ceiling' is 0",
                "{'groups': {'a': {}}, 'targets': {'t': {'ceiling': 2, 'price': -1}}}; field 'targets.t.price' is -1",
                "{'groups': {'a': {}}, 'targets': {'t': {'price': 1}}}; field 'targets.t.price' needs a ceiling",
                "{'groups': {'a': {}}, 'round': 4, 'plan_round': 4}; field 'plan_round' is not before 'round'",
                "{'groups': {'a': {}}, 'plan_round': -1}; field 'plan_round' is -1",
                "{'groups': {'a': {}}, 'guards': {'dead_band': 1}}; dead band 1.0 is not in",
                "{'groups': {'a': {'share': 0}}}; field 'groups' has no share above 0",
                "{'groups': {'a': {}}, 'memory': {'x': 1}}; field 'memory.x' is no list",
                "{'groups': {'a': {}}, 'memory': {'x': ['y']}}; field 'memory.x' holds \"y\"",
                "{'groups': {'a': {}, 'a': {}}}; Duplicate field 'a'",
                "{'groups': {'a': {}}; cannot read"
            })
    void whatIsWrongIsToldWithItsField(String json, String named) {
        PolicySpec policy = PolicySpec.of("tikmix-d", Map.of("redundancy", 1.0));
        assertThatThrownBy(() -> read(json.replace('"', '\''), policy))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named);
    }

    @Test
    void aPolicyThatTheFileCannotFeedIsRefused() throws IOException {
        StepFile file = read("{'groups': {'a': {}}}", "dga");

        assertThatThrownBy(() -> StepResult.of(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("policy dga needs")
                .hasMessageContaining("declare a target");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "slope-eg; {'law/a': [1]}; memory law/a has 1 numbers, not 4: hand on the memory",
                "slope-eg; {'curve/a': [1, 2]}; a learning curve has no 2 numbers",
                "aioli; {'weights': [1, 2]}; memory weights has 2 numbers, not 1: hand on the memory"
            })
    void aMemoryThatIsNotThePolicysIsRefused(String policy, String memory, String named)
            throws IOException {
        StepFile file =
                read(
                        "{'groups': {'a': {}}, 'targets': {'t': {}}, 'memory': "
                                + memory.replace('"', '\'')
                                + "}",
                        policy);

        assertThatThrownBy(() -> StepResult.of(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "aioli; {'a': {'tokens': 5, 'loss': 2}}; {}; field 'targets.t.loss' is missing",
                "grape; {'a': {'alignments': {'t': 0.1}}}; {}; field 'targets.t.loss' is missing",
                "grape; {'a': {}}; {'loss': 2}; field 'groups.a.alignments' is missing",
                "dga; {'a': {'alignments': {'t': 0.1}, 'share': 0.4}, 'b': {'share': 0.6}}; {};"
                        + " field 'groups.b.alignments' is missing",
                "odm; {'a': {}, 'b': {'tokens': 5, 'loss': 2}, 'c': {}}; {};"
                        + " field 'groups.a.loss' is missing"
            })
    void aPolicyWithoutTheSignalsItNeedsIsRefused(
            String policy, String groups, String target, String named) throws IOException {
        StepFile file =
                read("{'groups': " + groups + ", 'targets': {'t': " + target + "}}", policy);

        assertThatThrownBy(() -> StepResult.of(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("policy " + policy + " needs it")
                .hasMessageContaining("or choose another policy")
                .matches(refusal -> ((UserException) refusal).exitCode() == 3);
    }

    private StepFile read(String json, String policy) throws IOException {
        return read(json, PolicySpec.of(policy));
    }

    private StepFile read(String json, PolicySpec policy) throws IOException {
        Path file = Files.writeString(folder.resolve("step.json"), json.replace('\'', '"'));
        return StepFile.read(file, policy);
    }
}
