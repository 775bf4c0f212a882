package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import io.sluice.ops.inspect.StatusFeed;
import io.sluice.ops.inspect.StatusText;
import io.sluice.ops.inspect.StatusView;
import io.sluice.ops.inspect.ViewJson;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Shows the same as status, again and again, until Ctrl-C. On a terminal the screen is drawn anew; elsewhere each"
                        + " look adds one line per run. Each look reads only what is new.",
        footer = {
            "",
            "Examples:",
            "  ./sluice watch",
            "  ./sluice watch --run pt-1b --every 10",
            "  ./sluice watch --every 60 >> status.log",
            "  ./sluice watch --output json --looks 3     one JSON object a line, three of them"
        })
final class WatchCommand implements Callable<Integer> {

    private static final int LONGEST_SECONDS = 3_600;
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "Only this run.")
    private String run;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "Time between looks.",
            defaultValue = "2")
    private int every;

    @Option(
            names = "--looks",
            paramLabel = "N",
            description = "End after so many looks; 0 goes on until Ctrl-C.",
            defaultValue = "0")
    private long looks;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        options.require(
                every >= 1 && every <= LONGEST_SECONDS,
                "--every must be 1 to " + LONGEST_SECONDS + " seconds, not " + every);
        options.require(looks >= 0, "--looks must be at least 0, not " + looks);
        CountDownLatch stopped = new CountDownLatch(1);
        try (StatusFeed feed =
                        StatusFeed.open(
                                options.kafka().client(),
                                options.kafka().prefix(),
                                options.limit(),
                                Optional.ofNullable(run),
                                InstantSource.system());
                Interrupt interrupt =
                        Interrupt.stops(
                                () -> {
                                    stopped.countDown();
                                    feed.stop();
                                })) {
            look(feed);
            for (long done = 1; done != looks && !stopped.await(every, TimeUnit.SECONDS); done++) {
                lookAgain(feed);
            }
        }
        return 0;
    }

    private void look(StatusFeed feed) {
        feed.nextUnlessStopped()
                .ifPresent(
                        status -> {
                            System.out.print(text(status));
                            System.out.flush();
                        });
    }

    /** A broker that was there will be there again. */
    private void lookAgain(StatusFeed feed) {
        try {
            look(feed);
        } catch (UserException e) {
            System.err.println("warning: " + e.getMessage() + "; looking again");
        }
    }

    private String text(StatusView status) {
        if (output == Output.JSON) {
            return ViewJson.line(status);
        }
        return Boolean.getBoolean("sluice.screen")
                ? CLEAR_SCREEN + StatusText.of(status)
                : StatusText.lines(status);
    }
}
