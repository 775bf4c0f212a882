/** Runs embedding models for the candidate job, through DJL on ONNX Runtime. */
package io.sluice.scorer;
