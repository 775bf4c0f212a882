/** Policies on their own: what there is, one step of one, and runs in simulated worlds. */
package io.sluice.ops.mixing;
