package io.sluice.core.simulation;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;

/** Signals that no bridge sends. */
final class BadSignals {

    private BadSignals() {}

    /** A signal like this one that breaks one rule. */
    static Signal of(Signal good, Dice dice) {
        String reporter = good.reporter();
        Subject subject = good.subject();
        String specDigest = good.specDigest();
        long attempt = good.attempt();
        long fromStep = good.fromStep();
        long tokens = good.tokens();
        double lossSum = good.lossSum();
        byte[] sketch = good.sketch();
        int part = good.part();
        switch (dice.below(9)) {
            case 0 -> reporter = "stranger";
            case 1 -> subject = new Subject(subject.kind(), "unknown");
            case 2 -> fromStep = good.throughStep() + 1;
            case 3 -> tokens = -1;
            case 4 -> lossSum = Double.NaN;
            case 5 -> sketch = new byte[1];
            case 6 -> part = 2;
            case 7 -> specDigest = "other";
            // Nobody will ever announce this attempt.
            default -> attempt += 1_000_000;
        }
        return new Signal(
                good.runId(),
                specDigest,
                attempt,
                good.round(),
                subject,
                reporter,
                part,
                fromStep,
                good.throughStep(),
                good.plans(),
                tokens,
                good.sequences(),
                lossSum,
                good.lossSquareSum(),
                sketch);
    }
}
