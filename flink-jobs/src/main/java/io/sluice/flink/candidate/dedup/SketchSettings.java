package io.sluice.flink.candidate.dedup;

import io.sluice.core.candidate.dedup.MinHashOptions;
import java.util.Locale;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * The settings on which stored sketches depend. They stand in every snapshot, so that a job with
 * others does not compare what cannot be compared.
 */
final class SketchSettings {

    private final ListState<String> stored;
    private final String present;

    /**
     * Compares a snapshot's settings with the job's.
     *
     * @throws SuppressRestartsException when they differ
     */
    SketchSettings(FunctionInitializationContext context, MinHashOptions options) throws Exception {
        stored =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("sketch-settings", Types.STRING));
        present = text(options);
        for (String past : stored.get()) {
            if (!past.equals(present)) {
                throw new SuppressRestartsException(
                        new IllegalStateException(
                                "the snapshot's sketches were made with "
                                        + past
                                        + ", and the job is to make them with "
                                        + present
                                        + ", which do not compare: start it with the old settings"
                                        + " (--set), or without the snapshot; the topic of"
                                        + " documents is then read from its beginning"));
            }
        }
    }

    /** Puts the settings into a snapshot. */
    void snapshot() throws Exception {
        stored.clear();
        stored.add(present);
    }

    private static String text(MinHashOptions options) {
        return String.format(
                Locale.ROOT,
                "shingle-words=%d hashes=%d bands=%d rows=%d seed=%d",
                options.shingleWords(),
                options.hashes(),
                options.bands(),
                options.rows(),
                options.seed());
    }
}
