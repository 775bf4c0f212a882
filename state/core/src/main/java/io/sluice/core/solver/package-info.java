/** Convex programs over mixtures, solved with a proof. */
package io.sluice.core.solver;
