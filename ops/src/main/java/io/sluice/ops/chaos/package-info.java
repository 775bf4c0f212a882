/**
 * Faults against a cluster of real processes, and an oracle outside of them that judges by what
 * stands in the topics and in the trainers' own logs.
 */
package io.sluice.ops.chaos;
