/** A world in which training is a formula, to run policies in: for regressions, not for claims. */
package io.sluice.core.simulate;
