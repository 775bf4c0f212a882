/**
 * A bridge as a daemon: serves one run's trainer in another process over HTTP, on a Unix domain
 * socket or on loopback TCP. The wire is described in {@code docs/bridge-protocol.md}.
 */
package io.sluice.bridge.daemon;
