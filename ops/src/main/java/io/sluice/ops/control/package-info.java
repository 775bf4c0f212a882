/** Gives operators' commands to runs. */
package io.sluice.ops.control;
