/** What people do with catalogs: load documents, announce groups, protect targets, remove. */
package io.sluice.ops.candidates;
