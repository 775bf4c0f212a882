package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.SketchSpec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A trainer without a model, and its bridge, in a process of their own. Reads names of phases, and
 * tells how long the calls of a phase took as a line of JSON. Under any name but two, the steps of
 * a phase report losses alone.
 */
final class JavaTrainerMain {

    /** The phase that times nothing of Sluice. */
    static final String NOISE = "noise";

    /** The phase whose steps report a sketch for every draw. */
    static final String SKETCHES = "sketches";

    private static final long SEED = 1;

    private JavaTrainerMain() {}

    /** Arguments: brokers, state folder, steps of a phase, milliseconds between steps. */
    public static void main(String[] args) throws Exception {
        int steps = Integer.parseInt(args[2]);
        try (Bridge bridge =
                        Bridge.open(
                                BenchRun.STEP_COST.options(args[0], Path.of(args[1])),
                                BenchRun.STEP_COST.spec("step-cost-java", SEED),
                                BridgeListener.NONE);
                TrainerSession session = bridge.start()) {
            JavaTrainer trainer = new JavaTrainer(session, Long.parseLong(args[3]));
            trainer.warmUp();

            tell(Map.of("steps", steps));
            BufferedReader input =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                CallTimes times = phase(line, trainer, steps);

                tell(
                        Map.of(
                                "p50_us",
                                times.percentileMicros(0.5),
                                "p99_us",
                                times.percentileMicros(0.99),
                                "mean_us",
                                times.meanMicros()));
            }
        }
        System.exit(0);
    }

    private static CallTimes phase(String name, JavaTrainer trainer, int steps)
            throws InterruptedException {
        return switch (name) {
            case NOISE -> trainer.noise(steps);
            case SKETCHES -> trainer.sketches(steps, SketchSpec.DEFAULT_DIMENSION);
            default -> trainer.losses(steps);
        };
    }

    private static void tell(Map<String, ?> line) throws Exception {
        System.out.println(new ObjectMapper().writeValueAsString(line));
    }
}
