/** Whether mixing helps: small models trained with each policy, and compared with uniform ones. */
package io.sluice.ops.bench.quality;
