/** Which of a group's documents are let in, and how often they are to be drawn within it. */
package io.sluice.core.candidate.admission;
