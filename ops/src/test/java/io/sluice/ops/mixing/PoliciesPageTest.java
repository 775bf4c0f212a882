package io.sluice.ops.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/policies.md to the catalog, and runs its examples. */
class PoliciesPageTest {

    private static final Path PAGE = Path.of("../docs/policies.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

    @Test
    void thePageHasEveryPolicyWithItsNeedsAndOptions() throws IOException {
        String page = Files.readString(PAGE);
        for (String name : PolicyCatalog.names()) {
            assertThat(page).contains(row(PolicyCatalog.info(name)));
        }
    }

    @Test
    void theTextOfThePoliciesNamesEveryOption() {
        List<PolicyInfo> policies =
                PolicyCatalog.names().stream().map(PolicyCatalog::info).toList();

        String text = PoliciesText.of(policies);

        for (PolicyInfo policy : policies) {
            assertThat(text).contains(policy.name(), policy.summary(), policy.source());
            for (PolicyInfo.Option option : policy.options()) {
                assertThat(text).contains(option.name());
            }
        }
    }

    /** Every policy takes the step of the page's example. */
    @Test
    void theExampleOfThePageRuns(@TempDir Path folder) throws IOException {
        List<MatchResult> examples = EXAMPLE.matcher(Files.readString(PAGE)).results().toList();
        assertThat(examples).hasSize(1);
        Path file = Files.writeString(folder.resolve("step.json"), examples.get(0).group(1));
        for (String name : PolicyCatalog.names()) {
            StepResult result = StepResult.of(StepFile.read(file, PolicySpec.of(name)));

            assertThat(result.groups().stream().mapToDouble(StepResult.Group::decided).sum())
                    .as(name)
                    .isEqualTo(1, within(1e-9));
            assertThat(result.kl()).as(name).isLessThanOrEqualTo(.1);
        }
    }

    private static String row(PolicyInfo policy) {
        String options =
                policy.options().stream()
                        .map(o -> "`" + o.name() + "` " + PoliciesText.number(o.fallback()))
                        .collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s |"
                .formatted(policy.name(), policy.summary(), PoliciesText.needs(policy), options);
    }
}
