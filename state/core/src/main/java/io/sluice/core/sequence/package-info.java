/** Which plan holds for which step: compare-and-set of plans, seals of steps. */
package io.sluice.core.sequence;
