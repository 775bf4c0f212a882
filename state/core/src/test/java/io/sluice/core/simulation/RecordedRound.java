package io.sluice.core.simulation;

import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.List;

/**
 * What one reporter saw of one round. The signals carry no attempt yet.
 *
 * @param lost whether its signals were given up before they were sent
 */
record RecordedRound(
        long round,
        long fromStep,
        long throughStep,
        List<Signal> signals,
        List<RoundClosed.Evaluation> evaluations,
        boolean lost) {

    RecordedRound giveUp() {
        return new RecordedRound(round, fromStep, throughStep, signals, evaluations, true);
    }
}
