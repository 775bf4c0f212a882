/** What a document's text says apart from how it is written: its words, and hashes of them. */
package io.sluice.core.candidate.text;
