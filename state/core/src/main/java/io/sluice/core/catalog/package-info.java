/** What a catalog tells the runs that follow it of their groups. */
package io.sluice.core.catalog;
