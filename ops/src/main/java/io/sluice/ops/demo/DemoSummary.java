package io.sluice.ops.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
 * @param stream what arrived while it trained; null when nothing did
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
        Stream stream,
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

    /**
     * What arrived while the model trained.
     *
     * @param offered documents that were offered, by kind
     * @param admitted documents that were let in, by kind
     * @param rejected documents that were turned away, by reason
     * @param junkShare share of planted junk in the bytes that were drawn
     * @param plantedAdmitted planted copies of the targets' test text that were let in
     * @param lateGroup the group that appeared on the way
     * @param announcedStep step at which it was announced; null when the run ended before
     * @param firstDrawnStep step that first drew it; null when none did
     * @param roundsToDraw rounds from the one to the other; null when it was not drawn
     * @param repeats documents that were drawn again, for want of another
     * @param drawsWithoutDocument draws that found no document, and were left out
     */
    public record Stream(
            Map<String, Long> offered,
            Map<String, Long> admitted,
            Map<String, Long> rejected,
            double junkShare,
            long plantedAdmitted,
            String lateGroup,
            Long announcedStep,
            Long firstDrawnStep,
            Long roundsToDraw,
            long repeats,
            long drawsWithoutDocument) {

        /** Most of what is drawn that may be junk. */
        private static final double MOST_JUNK = 0.01;

        private static final int MOST_ROUNDS = 2;

        /** Whether junk stayed under a hundredth of what was drawn. */
        public boolean junkKeptOut() {
            return junkShare < MOST_JUNK;
        }

        /** Whether no copy of a target's text was let in. */
        public boolean copiesKeptOut() {
            return plantedAdmitted == 0;
        }

        /** Whether the late group was drawn within two rounds; true before it was announced. */
        public boolean lateGroupDrawn() {
            return announcedStep == null || roundsToDraw != null && roundsToDraw <= MOST_ROUNDS;
        }

        /** Whether all three hold. */
        public boolean holds() {
            return junkKeptOut() && copiesKeptOut() && lateGroupDrawn();
        }
    }

    /** Signals by what became of them. */
    public record Signals(long accepted, long duplicates, long late, long rejected, long dropped) {}
}
