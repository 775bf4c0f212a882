package io.sluice.state.flink.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes the stored sample of every layout's newest version where there is none. A sample is never
 * written again: an existing file is left alone, and if its layout writes other bytes by now, a
 * test says so.
 */
final class LayoutSampleWriter {

    /** One test per layout, which knows its sample. */
    static final List<LayoutContract<?>> LAYOUTS =
            List.of(
                    new AdmittedLayoutTest(),
                    new AttemptLayoutTest(),
                    new CatalogNewsLayoutTest(),
                    new ControllerStateLayoutTest(),
                    new GuardMemoryLayoutTest(),
                    new GroupStockLayoutTest(),
                    new OperatorCommandLayoutTest(),
                    new OverridesLayoutTest(),
                    new PlanAckLayoutTest(),
                    new PlanLayoutTest(),
                    new RoundClosedLayoutTest(),
                    new RoundLedgerLayoutTest(),
                    new RunSpecLayoutTest(),
                    new ShardRoundLayoutTest(),
                    new SignalLayoutTest(),
                    new SimilarityScoresLayoutTest(),
                    new SnapshotLayoutTest(),
                    new SourceStockLayoutTest(),
                    new SurvivorLayoutTest(),
                    new TokenPriorsLayoutTest());

    private LayoutSampleWriter() {}

    /** Takes the module's folder, as {@code state/flink}. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1 || !Files.isDirectory(Path.of(args[0], "src/test"))) {
            throw new IllegalArgumentException("give the folder of the module, which has src/test");
        }
        for (LayoutContract<?> contract : LAYOUTS) {
            write(Path.of(args[0], "src/test/resources"), contract);
        }
    }

    private static <T> void write(Path resources, LayoutContract<T> contract) throws IOException {
        Path file = resources.resolve(contract.sampleName(contract.layout().version()));
        if (Files.notExists(file)) {
            Files.createDirectories(file.getParent());
            Files.write(file, contract.bytes(contract.realistic()), StandardOpenOption.CREATE_NEW);
            System.out.println("wrote " + file);
        }
    }
}
