/** What operators may tell a running controller, and what holds because they did. */
package io.sluice.core.control;
