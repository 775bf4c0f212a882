package io.sluice.ops.processes;

import io.sluice.flink.mixture.MixtureJob;
import io.sluice.ops.UserException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Configuration and class path of Flink's and ZooKeeper's processes. */
final class FlinkFiles {

    /** What a Flink distribution does not have, and the job's jar brings. */
    private static final List<String> NOT_OF_FLINK =
            List.of(
                    "sluice-",
                    "flink-connector-kafka",
                    "kafka",
                    "avro",
                    "jackson-",
                    "lz4-java",
                    "snappy-java",
                    "zstd-jni",
                    // Of DJL: what is found there would not fit what the candidate job brings.
                    "api-",
                    "pytorch-",
                    "tokenizers",
                    "onnxruntime",
                    "langchain4j");

    private FlinkFiles() {}

    /**
     * Writes {@code conf/config.yaml} and {@code zoo.cfg}.
     *
     * @param slots slots of each TaskManager
     */
    static void write(Path folder, Ports ports, int slots) {
        try {
            Files.createDirectories(folder.resolve("conf"));
            Files.writeString(
                    folder.resolve("zoo.cfg"),
                    """
                    tickTime=500
                    dataDir=%s
                    clientPortAddress=127.0.0.1
                    clientPort=%d
                    admin.enableServer=false
                    4lw.commands.whitelist=
                    """
                            .formatted(folder.resolve("zookeeper"), ports.of(Ports.Use.ZOOKEEPER)));
            Files.writeString(
                    folder.resolve("conf").resolve("config.yaml"),
                    """
                    rest.address: 127.0.0.1
                    rest.bind-address: 127.0.0.1
                    rest.port: %d
                    jobmanager.rpc.address: 127.0.0.1
                    jobmanager.bind-host: 127.0.0.1
                    taskmanager.host: 127.0.0.1
                    taskmanager.bind-host: 127.0.0.1
                    high-availability.type: zookeeper
                    high-availability.zookeeper.quorum: 127.0.0.1:%d
                    high-availability.zookeeper.client.session-timeout: 6s
                    high-availability.storageDir: %s
                    high-availability.cluster-id: /sluice
                    heartbeat.interval: 2s
                    heartbeat.timeout: 10s
                    taskmanager.numberOfTaskSlots: %d
                    taskmanager.cpu.cores: 1
                    taskmanager.memory.task.heap.size: 160m
                    taskmanager.memory.task.off-heap.size: 32m
                    taskmanager.memory.framework.heap.size: 64m
                    taskmanager.memory.framework.off-heap.size: 64m
                    taskmanager.memory.managed.size: 64m
                    taskmanager.memory.network.min: 64m
                    taskmanager.memory.network.max: 64m
                    taskmanager.memory.segment-size: %s
                    taskmanager.memory.jvm-metaspace.size: 128m
                    taskmanager.memory.jvm-overhead.min: 64m
                    taskmanager.memory.jvm-overhead.max: 64m
                    execution.checkpointing.dir: %s
                    """
                            .formatted(
                                    ports.of(Ports.Use.REST),
                                    ports.of(Ports.Use.ZOOKEEPER),
                                    folder.resolve("high-availability").toUri(),
                                    slots,
                                    MixtureJob.NETWORK_BUFFER,
                                    folder.resolve("checkpoints").toUri()));
        } catch (IOException e) {
            throw new UserException(
                    "cannot write to " + folder + " (" + e + "): choose another with --folder", e);
        }
    }

    /** Flink and RocksDB without Kafka, Avro and the job, and {@link Child}. */
    static String classPath() {
        Stream<String> flink =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .filter(
                                entry ->
                                        NOT_OF_FLINK.stream()
                                                .noneMatch(new File(entry).getName()::startsWith));
        return Stream.concat(Stream.of(ours()), flink)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String ours() {
        try {
            return Path.of(Child.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
