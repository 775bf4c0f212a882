package io.sluice.ops.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/**
 * How a job is to run on a cluster.
 *
 * @param job the job, with its own settings
 * @param flink address of the cluster's REST interface, as {@code http://host:8081}
 * @param jar the job's jar, with everything that the cluster does not have
 * @param parallelism parallelism of every stage, at least 1
 * @param checkpoints URI of the folder for checkpoints, seen by every machine of the cluster; empty
 *     for the cluster's own setting
 * @param checkpointInterval time between checkpoints
 * @param savepoint URI of the savepoint or checkpoint to go on from; empty to begin anew
 * @param jobId the id to run under; empty for a new one
 * @param libraries jars that go with the job's
 */
public record SubmitOptions(
        ClusterJob job,
        URI flink,
        Path jar,
        int parallelism,
        Optional<String> checkpoints,
        Duration checkpointInterval,
        Optional<String> savepoint,
        Optional<JobID> jobId,
        List<Path> libraries) {}
