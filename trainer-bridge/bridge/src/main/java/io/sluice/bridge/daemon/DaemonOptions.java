package io.sluice.bridge.daemon;

import io.sluice.bridge.BridgeOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a daemon listens, and to whom.
 *
 * @param bridge how it reaches the log
 * @param socket the Unix domain socket to serve trainers on; its folder is created when absent
 * @param tcpPort port of the loopback interface to serve trainers on, 0 for any free one; needs a
 *     token file. At least one of socket and port is given
 * @param tokenFile file with the token that trainers must show over TCP, readable by its owner only
 * @param metrics address for {@code /metrics}, {@code /healthz} and {@code /readyz}; port 0 for any
 *     free one
 * @param allowedUsers users who may use the socket besides the one that the daemon runs as. With
 *     any, the socket can be reached by everybody, and the kernel's word on the peer decides alone
 * @param signalBytes memory for signals that are not sent yet, in bytes, at least 1 MiB. Too small:
 *     signals of a large run are dropped. Too large: memory, when the log is away
 */
public record DaemonOptions(
        BridgeOptions bridge,
        Optional<Path> socket,
        OptionalInt tcpPort,
        Optional<Path> tokenFile,
        InetSocketAddress metrics,
        Set<String> allowedUsers,
        long signalBytes) {

    /** Port of the metrics unless another is asked for. */
    public static final int DEFAULT_METRICS_PORT = 9251;

    private static final long LEAST_SIGNAL_BYTES = 1L << 20;
    private static final long DEFAULT_SIGNAL_BYTES = 256L << 20;

    public DaemonOptions {
        allowedUsers = Set.copyOf(allowedUsers);
        if (socket.isEmpty() && tcpPort.isEmpty()) {
            throw new IllegalArgumentException("no place to listen: give a socket or a port");
        }
        if (tcpPort.isPresent() && tokenFile.isEmpty()) {
            throw new IllegalArgumentException(
                    "port "
                            + tcpPort.getAsInt()
                            + " needs a token file: anybody may connect to it");
        }
        tcpPort.ifPresent(
                port -> {
                    if (port < 0 || port > 65_535) {
                        throw new IllegalArgumentException(
                                "port " + port + " is not in [0, 65535]");
                    }
                });
        if (metrics.isUnresolved()) {
            throw new IllegalArgumentException(
                    "the metrics address "
                            + metrics.getHostString()
                            + " has no known IP address: name one of this machine's own");
        }
        if (metrics.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    "the metrics address "
                            + metrics.getHostString()
                            + " stands for every network of this machine: name one of them");
        }
        if (signalBytes < LEAST_SIGNAL_BYTES) {
            throw new IllegalArgumentException(
                    "signal bytes must be at least " + LEAST_SIGNAL_BYTES + ", not " + signalBytes);
        }
    }

    /**
     * The defaults: this socket alone, metrics on loopback at port {@value #DEFAULT_METRICS_PORT},
     * no other users, 256 MiB of signals.
     */
    public static DaemonOptions of(BridgeOptions bridge, Path socket) {
        return of(bridge, Optional.of(socket), OptionalInt.empty(), Optional.empty());
    }

    /** As {@link #of(BridgeOptions, Path)}, on loopback TCP alone. */
    public static DaemonOptions ofTcp(BridgeOptions bridge, int port, Path tokenFile) {
        return of(bridge, Optional.empty(), OptionalInt.of(port), Optional.of(tokenFile));
    }

    private static DaemonOptions of(
            BridgeOptions bridge,
            Optional<Path> socket,
            OptionalInt tcpPort,
            Optional<Path> tokenFile) {
        return new DaemonOptions(
                bridge,
                socket,
                tcpPort,
                tokenFile,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_METRICS_PORT),
                Set.of(),
                DEFAULT_SIGNAL_BYTES);
    }

    /** These options with loopback TCP beside the socket. */
    public DaemonOptions withTcp(int port, Path file) {
        return new DaemonOptions(
                bridge,
                socket,
                OptionalInt.of(port),
                Optional.of(file),
                metrics,
                allowedUsers,
                signalBytes);
    }

    /** These options with another address of the metrics. */
    public DaemonOptions withMetrics(InetSocketAddress value) {
        return new DaemonOptions(
                bridge, socket, tcpPort, tokenFile, value, allowedUsers, signalBytes);
    }

    /** These options with other users who may use the socket. */
    public DaemonOptions withAllowedUsers(Set<String> value) {
        return new DaemonOptions(bridge, socket, tcpPort, tokenFile, metrics, value, signalBytes);
    }

    /** These options with another limit of the signals' memory. */
    public DaemonOptions withSignalBytes(long value) {
        return new DaemonOptions(bridge, socket, tcpPort, tokenFile, metrics, allowedUsers, value);
    }
}
