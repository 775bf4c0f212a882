package io.sluice.ops.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * How a demo run ended; also what {@code --json} writes, with these names.
 *
 * @param policy the policy that mixed
 * @param seed the seed
 * @param steps steps taken
 * @param tokens tokens trained on
 * @param seconds wall time of the training
 * @param plans what became of plans
 * @param groups one entry per group
 * @param targets one entry per target
 * @param feedbackLatencyMillis from the last record of a round to its plan in the bridge
 * @param signals what became of signals
 * @param report where the HTML report lies
 */
public record DemoSummary(
        String policy,
        long seed,
        long steps,
        long tokens,
        double seconds,
        Plans plans,
        List<Group> groups,
        List<Target> targets,
        Latency feedbackLatencyMillis,
        Signals signals,
        Path report) {

    /**
     * Plans of the controller.
     *
     * @param published made by the controller and offered to the bridge
     * @param applied with how many of these the trainer took at least one step
     * @param refused turned away by the bridge
     */
    public record Plans(long published, long applied, long refused) {}

    /** A group's prior share, its share at the end, and the tokens it was drawn for. */
    public record Group(String id, boolean poor, double prior, double last, long drawnTokens) {}

    /** A target's first loss and the mean of its last five, in nats per byte, on fixed rows. */
    public record Target(String id, double weight, double firstLoss, double lastLoss) {}

    /** Percentiles; 0 when no plan came. */
    public record Latency(double p50, double p99) {}

    /** Signals by what became of them. */
    public record Signals(long accepted, long duplicates, long late, long rejected, long dropped) {}
}
