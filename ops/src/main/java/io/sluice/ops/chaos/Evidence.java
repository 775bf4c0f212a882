package io.sluice.ops.chaos;

import io.sluice.core.domain.RunSpec;
import java.util.List;
import java.util.OptionalLong;

/**
 * All that the oracle judges by: none of it comes from inside a process.
 *
 * @param spec the run's declaration
 * @param history the topics
 * @param trainers every life of every trainer
 * @param quietAttempt the attempt whose rounds are all decided while its trainer waits; empty while
 *     records are under way
 */
record Evidence(
        RunSpec spec, History history, List<TrainerLife> trainers, OptionalLong quietAttempt) {}
