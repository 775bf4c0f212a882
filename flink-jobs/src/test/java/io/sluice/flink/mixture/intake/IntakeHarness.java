package io.sluice.flink.mixture.intake;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.RoutedLayout;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

/** Intake in Flink's harness. */
final class IntakeHarness {

    private IntakeHarness() {}

    static StageHarness<String, RawRecord, Routed> open() throws Exception {
        return open(new HashMapStateBackend());
    }

    static StageHarness<String, RawRecord, Routed> open(StateBackend backend) throws Exception {
        return open(backend, () -> TestingRun.OPTIONS);
    }

    static StageHarness<String, RawRecord, Routed> open(MixtureOptions options) throws Exception {
        return open(() -> options);
    }

    /** A stage that asks for its options whenever it starts. */
    static StageHarness<String, RawRecord, Routed> open(Supplier<MixtureOptions> options)
            throws Exception {
        return open(new HashMapStateBackend(), options);
    }

    private static StageHarness<String, RawRecord, Routed> open(
            StateBackend backend, Supplier<MixtureOptions> options) throws Exception {
        return new StageHarness<>(
                () -> new IntakeFunction(options.get()),
                backend,
                RawRecord::key,
                Types.STRING,
                RawRecordLayout.INSTANCE,
                RoutedLayout.INSTANCE);
    }
}
