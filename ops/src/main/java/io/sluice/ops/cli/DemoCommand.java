package io.sluice.ops.cli;

import io.sluice.core.policy.PolicyCatalog;
import io.sluice.ops.demo.Demo;
import io.sluice.ops.demo.DemoOptions;
import io.sluice.ops.demo.DemoSummary;
import io.sluice.ops.demo.SummaryText;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Trains a small transformer on the shipped corpus with Kafka and Flink in this process, and moves its mixture by"
                        + " feedback. Two of the groups are known to be poor; watch them go.",
        footer = {
            "",
            "Examples:",
            "  ./sluice demo",
            "  ./sluice demo --seed 2 --json figures.json",
            "  ./sluice demo --policy static --no-page",
            "  ./sluice demo --stream"
        })
final class DemoCommand implements Callable<Integer> {

    private static final long NEEDED_MEBIBYTES = 2_500;
    private static final long MAX_STEPS = 1_000_000;

    /** Offers the policies' names to {@code --help}. */
    static final class Policies implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return PolicyCatalog.names().iterator();
        }
    }

    @Spec private CommandSpec spec;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Optimiser steps to train.",
            defaultValue = "2000")
    private long steps;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            completionCandidates = Policies.class,
            description = "What moves the mixture: ${COMPLETION-CANDIDATES}.",
            defaultValue = "dga")
    private String policy;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the weights, the rows and the draws.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--page-port",
            paramLabel = "PORT",
            description = "Port of the page on 127.0.0.1; 0 takes a free one.",
            defaultValue = "0")
    private int pagePort;

    @Option(
            names = "--stream",
            description =
                    "Let the corpus arrive while the model trains, with duplicates, junk and copies of the targets' text among"
                            + " it, and a group that appears on the way. Exit code 1 when junk is drawn, such a copy is let in,"
                            + " or the new group is not drawn within two rounds.")
    private boolean stream;

    @Option(names = "--no-page", description = "Serve no page.")
    private boolean noPage;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the figures of the run to FILE.")
    private Path json;

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description = "Folder with a manifest.json and the texts it names.",
            defaultValue = "${sys:sluice.home:-.}/ops/corpus")
    private Path corpus;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Folder for everything the demo writes; emptied at the start.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/demo")
    private Path state;

    @Override
    public Integer call() throws Exception {
        require(
                steps >= 1 && steps <= MAX_STEPS,
                "--steps must be 1 to " + MAX_STEPS + ", not " + steps);
        require(
                PolicyCatalog.names().contains(policy),
                "--policy '"
                        + policy
                        + "' is unknown: choose one of "
                        + String.join(", ", PolicyCatalog.names()));
        require(
                pagePort >= 0 && pagePort <= 65_535,
                "--page-port must be 0 to 65535, not " + pagePort);
        Optional<Path> figures = Optional.ofNullable(json);
        figures.ifPresent(JsonFile::requireWritable);
        Memory.require("the demo", NEEDED_MEBIBYTES);
        DemoOptions options =
                new DemoOptions(
                        steps,
                        policy,
                        seed,
                        noPage ? OptionalInt.empty() : OptionalInt.of(pagePort),
                        stream,
                        corpus.normalize(),
                        state.toAbsolutePath().normalize());
        Demo demo = new Demo(options, System.err, Boolean.getBoolean("sluice.terminal"));
        try (Interrupt interrupt = Interrupt.stops(demo::stop)) {
            DemoSummary summary = Failures.translate(demo::run);
            figures.ifPresent(file -> JsonFile.write(file, summary));
            System.out.print(SummaryText.of(summary));
            return summary.stream() == null || summary.stream().holds() ? 0 : 1;
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
