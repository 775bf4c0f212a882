package io.sluice.ops.stack;

import io.sluice.ops.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka broker in this JVM: KRaft, broker and controller in one, listening on the loopback
 * address only. Made of the production jar; a folder that was used before is used again with what
 * it holds.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final String bootstrap;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrap) {
        this.server = server;
        this.bootstrap = bootstrap;
    }

    /**
     * A port more that a broker listens on, for clients that reach it through something else.
     *
     * @param name names the listener; upper-case letters
     * @param port port to listen on
     * @param advertisedPort port that clients which came this way are told to come back to
     */
    public record Listener(String name, int port, int advertisedPort) {}

    /**
     * Starts a broker.
     *
     * @param folder where it keeps its log; created when missing
     * @param port port to listen on; 0 takes a free one
     * @throws UserException when the port is taken, or the folder cannot be written
     */
    public static EmbeddedBroker start(Path folder, int port) {
        return start(folder, port, List.of());
    }

    /** As {@link #start(Path, int)}, with more ports. */
    public static EmbeddedBroker start(Path folder, int port, List<Listener> more) {
        return start(folder, port, more, Map.of());
    }

    /**
     * A broker to measure with, on a free port: it stays in service however long a busy machine
     * gives it no processor. After a crash it would be as long in coming back.
     */
    public static EmbeddedBroker startPatient(Path folder) {
        return start(folder, 0, List.of(), Map.of("broker.session.timeout.ms", "600000"));
    }

    private static EmbeddedBroker start(
            Path folder, int port, List<Listener> more, Map<String, String> settings) {
        int brokerPort = port(port);
        try {
            Files.createDirectories(folder);
            int controllerPort = port(0);
            Properties properties = properties(folder.resolve("log"), brokerPort, controllerPort);
            more.forEach(listener -> add(listener, properties));
            properties.putAll(settings);
            format(
                    folder.resolve("server.properties"),
                    clusterId(folder.resolve("log")),
                    properties);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, "127.0.0.1:" + brokerPort);
        } catch (IOException e) {
            throw new UserException(
                    "the broker cannot write to "
                            + folder
                            + " ("
                            + e.getMessage()
                            + "): choose another folder with --state",
                    e);
        }
    }

    /** Where clients find it. */
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** The id that the log was formatted with; a new one for a new log. */
    private static String clusterId(Path log) throws IOException {
        Path meta = log.resolve("meta.properties");
        Properties written = new Properties();
        if (Files.exists(meta)) {
            try (Reader reader = Files.newBufferedReader(meta)) {
                written.load(reader);
            }
        }
        return written.getProperty("cluster.id", Uuid.randomUuid().toString());
    }

    private static void format(Path file, String clusterId, Properties properties)
            throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {
            "format", "--cluster-id", clusterId, "--config", file.toString(), "--ignore-formatted"
        };
        int code =
                StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException(said.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static Properties properties(Path log, int brokerPort, int controllerPort) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:"
                        + brokerPort
                        + ",CONTROLLER://127.0.0.1:"
                        + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("log.dirs", log.toString());
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("message.max.bytes", Integer.toString(2 * 1024 * 1024));
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "2");
        properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        for (String topic :
                new String[] {
                    "offsets.topic", "transaction.state.log", "share.coordinator.state.topic"
                }) {
            properties.setProperty(topic + ".replication.factor", "1");
            properties.setProperty(topic + ".num.partitions", "1");
        }
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        return properties;
    }

    private static void add(Listener listener, Properties properties) {
        String address = "," + listener.name() + "://127.0.0.1:";
        properties.merge("listeners", address + listener.port(), EmbeddedBroker::join);
        properties.merge(
                "advertised.listeners", address + listener.advertisedPort(), EmbeddedBroker::join);
        properties.merge(
                "listener.security.protocol.map",
                "," + listener.name() + ":PLAINTEXT",
                EmbeddedBroker::join);
    }

    private static Object join(Object before, Object more) {
        return before.toString() + more;
    }

    /** Finds out before the broker does, whose own message would be a stack trace. */
    private static int port(int wanted) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserException(
                    "port "
                            + wanted
                            + " is in use: choose another with --kafka-port, or stop what uses it",
                    e);
        }
    }
}
