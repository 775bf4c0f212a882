/**
 * What stands beside a trainer: it reports signals, takes plans, seals steps and says what each
 * step draws, and never stands in the trainer's way.
 */
package io.sluice.bridge;
