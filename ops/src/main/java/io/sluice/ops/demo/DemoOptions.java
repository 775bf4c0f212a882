package io.sluice.ops.demo;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What a person can choose about the demo.
 *
 * @param steps optimiser steps to train
 * @param policy the policy that mixes
 * @param seed seed of weights, rows and draws
 * @param pagePort port of the page; 0 takes a free one, absent means no page
 * @param stream whether the corpus arrives while the model trains
 * @param corpus folder with the corpus and its manifest
 * @param state folder for the broker's log, the job's state, the bridge's store and the report;
 *     emptied at the start
 */
public record DemoOptions(
        long steps,
        String policy,
        long seed,
        OptionalInt pagePort,
        boolean stream,
        Path corpus,
        Path state) {}
