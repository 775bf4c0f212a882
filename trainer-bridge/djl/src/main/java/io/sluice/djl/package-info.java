/**
 * A trainer of small byte-level language models, and the reference for the whole loop: it draws
 * what the sealed plans say, takes group gradients out of its own backward passes, and reports
 * them.
 */
package io.sluice.djl;
