/** What a group of a catalog has, gets and will last for. */
package io.sluice.core.candidate.supply;
