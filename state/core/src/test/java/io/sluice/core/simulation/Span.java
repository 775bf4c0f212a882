package io.sluice.core.simulation;

import io.sluice.core.sequence.SealedPlan;

/** Steps that a trainer was told to draw by one plan. */
record Span(long from, long through, SealedPlan sealed) {}
