package io.sluice.ops.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a local cluster is to be.
 *
 * @param folder where all its processes keep their state and logs
 * @param jar the job's jar
 * @param taskManagers how many TaskManagers, at least 1; one more than the job needs is a spare
 * @param slots slots of each TaskManager
 * @param partitions partitions of topics that are new
 * @param checkpointInterval time between the job's checkpoints
 * @param proxied whether bridges and job reach the broker through a {@link TcpProxy} each
 * @param taskManagerOptions more options of the TaskManagers' JVMs
 */
public record ClusterOptions(
        Path folder,
        Path jar,
        int taskManagers,
        int slots,
        int partitions,
        Duration checkpointInterval,
        boolean proxied,
        List<String> taskManagerOptions) {

    public ClusterOptions {
        taskManagerOptions = List.copyOf(taskManagerOptions);
    }
}
