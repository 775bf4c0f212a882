/** Which group each draw takes: a pure function of seed, run, sealed plans and step. */
package io.sluice.core.sampling;
