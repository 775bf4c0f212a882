package io.sluice.ops.bench;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a benchmark found; written as JSON with these names.
 *
 * @param benchmark its name
 * @param figures what was measured, the unit at the end of each name
 * @param settings what it was measured with
 * @param machine what it was measured on
 */
public record BenchResult(
        String benchmark,
        SortedMap<String, Double> figures,
        SortedMap<String, Object> settings,
        SortedMap<String, Object> machine) {

    /** A result on this machine. */
    static BenchResult here(
            String benchmark,
            SortedMap<String, Double> figures,
            SortedMap<String, Object> settings) {
        SortedMap<String, Object> machine = new TreeMap<>();
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("heapMebibytes", Runtime.getRuntime().maxMemory() >> 20);
        machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return new BenchResult(benchmark, figures, settings, machine);
    }

    /** The figures as lines for people. */
    public String text() {
        StringBuilder text = new StringBuilder(benchmark).append(System.lineSeparator());
        figures.forEach(
                (name, value) -> text.append(String.format("  %-32s %12.4f%n", name, value)));
        text.append("  with ").append(settings).append(System.lineSeparator());
        text.append("  on ").append(machine).append(System.lineSeparator());
        return text.toString();
    }
}
