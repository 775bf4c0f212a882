package io.sluice.ops.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.stack.EmbeddedJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mixture job alone in a process of its own, with a heap of a known size. Answers {@code
 * measure} with what it takes, and ends when the process that started it has ended.
 */
final class JobProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration MEASURE = Duration.ofMinutes(1);
    private static final String READY = "ready";
    private static final String MEASURE_COMMAND = "measure";
    private static final int COLLECTIONS = 2;

    /**
     * What the process takes.
     *
     * @param heapBytes heap in use after a garbage collection
     * @param stateBytes files of RocksDB, without checkpoints
     * @param files open file descriptors
     */
    record Usage(long heapBytes, long stateBytes, long files) {

        private String text() {
            return heapBytes + " " + stateBytes + " " + files;
        }

        private static Usage of(String text) {
            String[] parts = text.split(" ");
            return new Usage(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        }
    }

    private final ChildProcess process;

    private JobProcess(ChildProcess process) {
        this.process = process;
    }

    /** Starts the job on the topics under {@code prefix}, and waits until it is submitted. */
    static JobProcess start(Path folder, String bootstrap, String prefix, int heapMebibytes)
            throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMebibytes + "m",
                        "-Dsluice.log=" + folder.resolve("job.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JobProcess.class.getName(),
                        folder.resolve("job").toString(),
                        bootstrap,
                        prefix);
        JobProcess job = new JobProcess(ChildProcess.start("the job", builder));
        job.hear(START);
        return job;
    }

    /** Collects garbage there, and answers what it takes. */
    Usage measure() throws InterruptedException {
        process.say(MEASURE_COMMAND);
        return Usage.of(hear(MEASURE));
    }

    private String hear(Duration limit) throws InterruptedException {
        return process.hear(limit)
                .orElseThrow(() -> new IllegalStateException("the job's process ended"));
    }

    @Override
    public void close() {
        process.close();
    }

    /** Arguments: folder, brokers, prefix of the topics. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        EmbeddedJob job =
                EmbeddedJob.start(folder, MixtureOptions.of(args[1]).withTopicPrefix(args[2]), 1);
        System.out.println(READY);
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (MEASURE_COMMAND.equals(input.readLine())) {
            System.out.println(usage(job.workingFolder()).text());
        }
        Runtime.getRuntime().halt(0);
    }

    private static Usage usage(Path working) throws IOException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Usage(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                size(working),
                system.getOpenFileDescriptorCount());
    }

    private static long size(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.toList();
        } catch (java.io.UncheckedIOException e) {
            // A file was deleted while the folder was listed: once more.
            return size(folder);
        }
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            } catch (NoSuchFileException e) {
                // RocksDB deleted it meanwhile.
            }
        }
        return bytes;
    }
}
