package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TrainerSession;
import io.sluice.ops.cli.SluiceCommand;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A dry run of every operator's command shows the record that would be given, and gives none. */
@ExtendWith(StackExtension.class)
final class OperatorDryRunIT {

    private static final String RUN = "dry";
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void anAttemptIsUnderWay(LocalStack stack, @TempDir Path folder) throws Exception {
        Plans plans = new Plans();
        BridgeOptions options = BridgeOptions.of(bootstrap(stack), folder);
        try (Bridge bridge = Bridge.open(options, KnownRun.spec(RUN, "dga"), plans);
                TrainerSession session = bridge.start()) {
            plans.awaitAttempt();
            assertThat(session.resumeStep()).isZero();
        }
    }

    static Stream<Arguments> commands() {
        Map<String, Double> none = Map.of();
        List<String> useless = List.of("useless");
        return Stream.of(
                Arguments.of("pin useless=0.6", "PIN", List.of(), Map.of("useless", 0.6), ""),
                Arguments.of("unpin useless", "UNPIN", useless, none, ""),
                Arguments.of("freeze", "FREEZE", List.of(), none, ""),
                Arguments.of("unfreeze", "UNFREEZE", List.of(), none, ""),
                Arguments.of("exclude useless", "EXCLUDE", useless, none, ""),
                Arguments.of("include useless", "INCLUDE", useless, none, ""),
                Arguments.of(
                        "rollback prior",
                        "ROLLBACK",
                        List.of(),
                        Map.of("helps", 0.3, "hurts", 0.3, "useless", 0.4),
                        ""),
                Arguments.of("set-policy static", "SET_POLICY", List.of(), none, "static"),
                Arguments.of("add-group useless", "ADD_GROUP", useless, none, ""),
                Arguments.of(
                        "retire-group useless hurts",
                        "RETIRE_GROUP",
                        List.of("useless", "hurts"),
                        none,
                        ""));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theRecordIsShownAndNothingIsGiven(
            String commandLine,
            String kind,
            List<String> groups,
            Map<String, Double> weights,
            String policy,
            LocalStack stack)
            throws Exception {
        JsonNode shown = dryRun(stack, commandLine);
        assertThat(shown.get("runId").asText()).isEqualTo(RUN);
        assertThat(shown.get("kind").asText()).isEqualTo(kind);
        assertThat(shown.get("who").asText()).isEqualTo("ana");
        assertThat(shown.get("why").asText()).isEqualTo("only to look");
        assertThat(shown.get("policy").asText()).isEqualTo(policy);
        List<String> shownGroups = new ArrayList<>();
        shown.get("groups").forEach(group -> shownGroups.add(group.asText()));
        assertThat(shownGroups).isEqualTo(groups);
        Map<String, Double> shownWeights = new TreeMap<>();
        shown.get("weights")
                .forEach(one -> shownWeights.put(one.path("group").asText(), weight(one)));
        assertThat(shownWeights).isEqualTo(weights);
        assertThat(given(stack)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = CommandKind.class, mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void everyKindOfCommandIsTried(CommandKind kind) {
        assertThat(commands().map(one -> one.get()[1])).contains(kind.name());
    }

    @Test
    void aLimitInStepsCountsFromTheAttemptsFirst(LocalStack stack) throws Exception {
        assertThat(dryRun(stack, "freeze --for-steps 500").get("untilStep").asLong())
                .isEqualTo(500);
        assertThat(dryRun(stack, "freeze").get("untilStep").asLong()).isEqualTo(-1);
    }

    private static double weight(JsonNode one) {
        return one.get("weight").asDouble();
    }

    private static JsonNode dryRun(LocalStack stack, String commandLine) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(commandLine.split(" ")));
        arguments.addAll(List.of("--run", RUN, "--who", "ana", "--why", "only to look"));
        arguments.addAll(List.of("--dry-run", "--bootstrap", bootstrap(stack)));
        PrintStream out = System.out;
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        System.setOut(new PrintStream(result, true, StandardCharsets.UTF_8));
        try {
            assertThat(SluiceCommand.execute(arguments.toArray(String[]::new))).isZero();
        } finally {
            System.setOut(out);
        }
        return JSON.readTree(result.toString(StandardCharsets.UTF_8));
    }

    /** The run's commands in the topic. */
    private static List<JsonNode> given(LocalStack stack) {
        List<JsonNode> given = new ArrayList<>();
        try (Inspector inspector =
                new Inspector(stack.client(), Topic.DEFAULT_PREFIX, Duration.ofSeconds(60))) {
            inspector.decodeNewest(
                    Topic.CONTROL.name(""), Optional.empty(), Optional.of(RUN), 10, given::add);
        }
        return given;
    }

    private static String bootstrap(LocalStack stack) {
        return stack.client().getProperty("bootstrap.servers");
    }
}
