package io.sluice.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ReplayView;
import io.sluice.ops.inspect.Replays;
import io.sluice.ops.inspect.ViewJson;
import io.sluice.ops.inspect.WhatIfChange;
import io.sluice.ops.inspect.WhatIfView;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Makes all recorded decisions of a run once more, from the log alone, and compares them bit by bit: signals are"
                        + " reduced and rounds decided by the same classes as in the job, and the decisions say which of their"
                        + " inputs depended on when things happened. With another policy or other bounds, shows what would have been"
                        + " decided beside what was.",
        footer = {
            "",
            "Ends with code 3 at the first decision that is not the same, or for which the log lacks a record: telemetry is"
                    + " kept for days, decisions for longer. Likewise at a line of a file that is no record.",
            "What if: the evidence is that of the mixture that was trained on, so later rounds say where a policy was heading,"
                    + " not where it would have ended.",
            "",
            "Examples:",
            "  ./sluice replay --run pt-1b",
            "  ./sluice replay --run pt-1b --out decisions.jsonl",
            "  ./sluice replay --run pt-1b --policy dga -o eta=0.1",
            "  ./sluice record --run pt-1b --out signals.jsonl",
            "  ./sluice replay --in signals.jsonl --policy slope-eg --max-kl 0.05 --out decisions.jsonl"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final int DIFFERENT = 3;

    @Mixin private InspectOptions options;
    @Mixin private BoundsOptions bounds;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "The run; may be left out where a file holds one alone.")
    private String run;

    @Option(
            names = "--in",
            paramLabel = "FILE",
            description =
                    "Read the records from a file that ./sluice record wrote, not from the topics.")
    private Path in;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description = "What if this policy had decided? ./sluice policies lists them.")
    private String policy;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description =
                    "An option of the policy; of the declared policy, options that are not given stay as declared.")
    private Map<String, Double> policyOptions = new TreeMap<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the decisions that were made, as JSON, one a line.")
    private Path out;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        options.require(run != null || in != null, "name the run with --run, or a file with --in");
        WhatIfChange change =
                new WhatIfChange(
                        Optional.ofNullable(policy),
                        policyOptions,
                        bounds.floors(),
                        bounds.caps(),
                        bounds.maxKl(),
                        bounds.priorPull());
        try (LineFile lines = LineFile.open(Optional.ofNullable(out))) {
            if (change.isNone()) {
                ReplayView view = replay(lines::write);
                print(view, view.text());
                return code(view);
            }
            WhatIfView view = whatIf(change, lines::write);
            print(view, view.text());
            return code(view.replay());
        }
    }

    private ReplayView replay(Consumer<JsonNode> sink) {
        if (in != null) {
            return Replays.replay(in, Optional.ofNullable(run), sink);
        }
        try (Inspector inspector = options.inspector()) {
            return inspector.replay(run, sink);
        }
    }

    private WhatIfView whatIf(WhatIfChange change, Consumer<JsonNode> sink) {
        if (in != null) {
            return Replays.whatIf(in, Optional.ofNullable(run), change, sink);
        }
        try (Inspector inspector = options.inspector()) {
            return inspector.whatIf(run, change, sink);
        }
    }

    private void print(Object view, String text) {
        System.out.print(output == Output.JSON ? ViewJson.pretty(view) : text);
    }

    private static int code(ReplayView view) {
        return view.difference().isPresent() ? DIFFERENT : 0;
    }
}
