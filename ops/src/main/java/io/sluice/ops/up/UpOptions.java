package io.sluice.ops.up;

import io.sluice.ops.candidates.CandidateStart;
import io.sluice.ops.run.RunFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a person can choose about a local Sluice without a trainer.
 *
 * @param state folder of the broker's log, the job's state and the bridge's store; kept, so that
 *     the next start goes on from it
 * @param run the run to serve a bridge for; empty for none
 * @param kafkaPort port of the broker on 127.0.0.1; 0 takes a free one
 * @param socket socket of the bridge
 * @param parallelism partitions of new topics, and parallelism of the jobs, at least 1
 * @param candidates how the candidate job is started; empty to leave it out
 */
public record UpOptions(
        Path state,
        Optional<RunFile> run,
        int kafkaPort,
        Path socket,
        int parallelism,
        Optional<CandidateStart> candidates) {}
