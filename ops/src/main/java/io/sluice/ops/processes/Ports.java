package io.sluice.ops.processes;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The ports of a cluster: free ones at its first start, and the same ones ever after, because a job
 * remembers where its brokers are.
 */
final class Ports {

    /** What needs a port. */
    enum Use {
        BROKER,
        BROKER_FOR_BRIDGES,
        BROKER_FOR_JOBS,
        PROXY_FOR_BRIDGES,
        PROXY_FOR_JOBS,
        ZOOKEEPER,
        REST,
        METRICS
    }

    private final Properties ports;

    private Ports(Properties ports) {
        this.ports = ports;
    }

    /** The ports that the file names; where it is absent, free ones, which it will name. */
    static Ports of(Path file) {
        try {
            Properties ports = new Properties();
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    ports.load(reader);
                }
            } else {
                take(ports);
                try (Writer writer = Files.newBufferedWriter(file)) {
                    ports.store(writer, null);
                }
            }
            return new Ports(ports);
        } catch (IOException e) {
            throw new UserException("cannot use " + file + " (" + e + "): choose --folder", e);
        }
    }

    int of(Use use) {
        return Integer.parseInt(ports.getProperty(use.name()));
    }

    /** All at once, so that none is free twice. */
    private static void take(Properties ports) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (Use use : Use.values()) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports.setProperty(use.name(), Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }
}
