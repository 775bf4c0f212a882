/** Keeps documents out that hold text of a target, so that a target goes on measuring. */
package io.sluice.core.candidate.decontamination;
