package io.sluice.ops.cli;

import io.sluice.ops.bench.quality.PolicyVariant;
import io.sluice.ops.bench.quality.QualityBench;
import io.sluice.ops.bench.quality.QualityOptions;
import io.sluice.ops.bench.quality.QualityResult;
import io.sluice.ops.bench.quality.QualitySetting;
import io.sluice.ops.bench.quality.Regime;
import io.sluice.ops.page.QualityPage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice bench quality}. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Whether mixing helps: trains the same small transformer on the same text, once mixed uniformly and once by"
                        + " each policy, with the controller in process, and compares their losses on text that is never"
                        + " trained on, seed by seed, after equal tokens and after equal compute.",
        footer = {
            "",
            "Regimes: abundant, data-limited, poor-groups, specialise; docs/quality.md says what they are.",
            "A policy may carry settings: dga:eta=0.3:prior-pull=0.05:round-steps=50. Beside the policy's own options these"
                    + " are prior-pull, max-kl, signal-decay, round-steps, lead-steps, warm-up-steps, floor and cap (in"
                    + " priors), max-epochs, group-rows and target-rows.",
            "Finished runs stay in the work folder: the same command goes on where it was ended.",
            "",
            "Examples:",
            "  ./sluice bench quality",
            "  ./sluice bench quality --policies dga,dga:eta=0.2 --regimes specialise --seeds 5 --html quality.html",
            "  ./sluice bench quality --corpus /data/corpus-a --setting full --seeds 5 --json quality.json"
        })
final class QualityCommand implements Callable<Integer> {

    private static final long NEEDED_MEBIBYTES = 2_000;
    private static final int INTERRUPTED = 130;
    private static final int MOST_SEEDS = 31;

    @Spec private CommandSpec spec;

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description =
                    "Folder with a manifest.json, or with a MANIFEST.json, domains and targets.",
            defaultValue = "${sys:sluice.home:-.}/ops/corpus")
    private Path corpus;

    @Option(
            names = "--setting",
            paramLabel = "NAME",
            description = "small: 2 million bytes a run. full: 3 million.",
            defaultValue = "small")
    private String setting;

    @Option(
            names = "--policies",
            paramLabel = "NAME",
            split = ",",
            splitSynopsisLabel = ",",
            description = "What to compare with uniform.",
            defaultValue = "dga,slope-eg")
    private List<String> policies;

    @Option(
            names = "--regimes",
            paramLabel = "NAME",
            split = ",",
            splitSynopsisLabel = ",",
            description = "In which regimes.",
            defaultValue = "abundant,data-limited,poor-groups,specialise")
    private List<String> regimes;

    @Option(
            names = "--targets",
            paramLabel = "NAME",
            split = ",",
            splitSynopsisLabel = ",",
            showDefaultValue = Visibility.NEVER,
            description = "Steer to these targets only; all are measured. Without it, to all.")
    private List<String> targets = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Runs of each kind, 1 to 31.",
            defaultValue = "3")
    private int seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            description = "The first seed; the others follow.",
            defaultValue = "1")
    private long firstSeed;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Runs at a time, one thread each; 0 takes one for each core.",
            defaultValue = "0")
    private int jobs;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder that keeps finished runs (default: .sluice/quality/SETTING).")
    private Path work;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to FILE.")
    private Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a report with plots to FILE.")
    private Path html;

    @Override
    public Integer call() throws Exception {
        QualityOptions options = options();
        Optional<Path> figures = Optional.ofNullable(json);
        Optional<Path> report = Optional.ofNullable(html);
        figures.ifPresent(JsonFile::requireWritable);
        report.ifPresent(JsonFile::requireWritable);
        Memory.require("the benchmark", NEEDED_MEBIBYTES);
        QualityBench bench = new QualityBench(options, System.err);
        try (Interrupt interrupt = Interrupt.stops(bench::stop)) {
            Optional<QualityResult> result = Failures.translate(bench::run);
            if (result.isEmpty()) {
                return INTERRUPTED;
            }
            figures.ifPresent(file -> JsonFile.write(file, result.get()));
            if (report.isPresent()) {
                QualityPage.write(report.get(), JsonFile.text(result.get()));
            }
            System.out.print(result.get().text());
        }
        return 0;
    }

    private QualityOptions options() {
        require(seeds >= 1 && seeds <= MOST_SEEDS, "--seeds must be 1 to " + MOST_SEEDS);
        require(jobs >= 0 && jobs <= 256, "--jobs must be 0 to 256");
        List<QualitySetting> settings = List.of(QualitySetting.SMALL, QualitySetting.FULL);
        QualitySetting chosen =
                settings.stream()
                        .filter(known -> known.name().equals(setting))
                        .findFirst()
                        .orElseThrow(() -> usage("--setting must be small or full"));
        String home = System.getProperty("sluice.home", ".");
        try {
            return new QualityOptions(
                    corpus.normalize(),
                    chosen,
                    regimes.stream().distinct().map(this::regime).toList(),
                    targets,
                    policies.stream().distinct().map(PolicyVariant::parse).toList(),
                    firstSeed,
                    seeds,
                    (work == null ? Path.of(home, ".sluice", "quality", chosen.name()) : work)
                            .toAbsolutePath()
                            .normalize(),
                    jobs == 0 ? Runtime.getRuntime().availableProcessors() : jobs);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private Regime regime(String name) {
        return Regime.named(name)
                .findFirst()
                .orElseThrow(
                        () ->
                                usage(
                                        "--regimes '"
                                                + name
                                                + "' is unknown: choose of "
                                                + String.join(
                                                        ", ",
                                                        Arrays.stream(Regime.values())
                                                                .map(Regime::text)
                                                                .toList())));
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw usage(message);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
