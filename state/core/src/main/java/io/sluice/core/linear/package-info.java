/** Small dense linear algebra. */
package io.sluice.core.linear;
