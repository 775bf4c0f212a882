package io.sluice.ops.processes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a server on this machine, and spoils their connections on demand. A
 * stream is never altered: what is held back arrives later or not at all, as on a network.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 << 10;

    /** Where bytes flow to. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Direction> blocked = EnumSet.noneOf(Direction.class);
    private long latencyNanos;

    private TcpProxy(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    /**
     * Listens on a port of the loopback address.
     *
     * @param port port to listen on; 0 takes a free one
     * @param serverPort port of the server, on the loopback address; it need not listen yet
     */
    public static TcpProxy start(int port, int serverPort) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TcpProxy proxy = new TcpProxy(listener, serverPort);
        daemon(proxy::accept, "sluice-proxy-" + listener.getLocalPort());
        return proxy;
    }

    /** The port that clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Heals: what was held back flows, and nothing is delayed. */
    public synchronized void pass() {
        blocked.clear();
        latencyNanos = 0;
        notifyAll();
    }

    /** Holds every byte back that flows one of these ways; connections stay open, and may open. */
    public synchronized void blackhole(Set<Direction> directions) {
        blocked.addAll(directions);
    }

    /** Delays every byte, both ways. */
    public synchronized void delay(Duration latency) {
        latencyNanos = latency.toNanos();
    }

    /** Ends every connection with a reset, to both sides. */
    public void reset() {
        for (Connection connection : connections) {
            connection.reset();
        }
    }

    /** Ends every connection towards the server; the clients are not told, and wait. */
    public void halfOpen() {
        for (Connection connection : connections) {
            connection.forgetServer();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        pass();
        reset();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                daemon(() -> connect(client), "sluice-proxy-connection");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Connection connection = new Connection(client, server);
            connections.add(connection);
            daemon(() -> connection.pump(Direction.TO_CLIENT), "sluice-proxy-to-client");
            connection.pump(Direction.TO_SERVER);
        } catch (IOException e) {
            // Nobody listens there: the client sees what it would see without us.
            closeReset(client);
        }
    }

    /** Returns when bytes that came at a moment may go on. */
    private synchronized void await(Direction direction, long cameNanos)
            throws InterruptedException {
        while (true) {
            long early = cameNanos + latencyNanos - System.nanoTime();
            if (blocked.contains(direction)) {
                wait();
            } else if (early > 0) {
                wait(early / 1_000_000 + 1);
            } else {
                return;
            }
        }
    }

    private static void closeReset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One client's connection and ours to the server for it. */
    private final class Connection {

        private final Socket client;
        private final Socket server;
        private volatile boolean serverForgotten;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Direction direction) {
            boolean toServer = direction == Direction.TO_SERVER;
            try {
                InputStream in = (toServer ? client : server).getInputStream();
                OutputStream out = (toServer ? server : client).getOutputStream();
                byte[] chunk = new byte[CHUNK_BYTES];
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    await(direction, System.nanoTime());
                    forward(out, chunk, read);
                }
            } catch (IOException e) {
                // One side has ended the connection.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // A client whose server was forgotten is told nothing; when it ends, so do we.
            if (toServer || !serverForgotten) {
                reset();
            }
        }

        private void forward(OutputStream out, byte[] chunk, int length) throws IOException {
            try {
                if (!serverForgotten) {
                    out.write(chunk, 0, length);
                }
            } catch (IOException e) {
                if (!serverForgotten) {
                    throw e;
                }
            }
        }

        void forgetServer() {
            serverForgotten = true;
            closeReset(server);
        }

        void reset() {
            closeReset(client);
            closeReset(server);
            connections.remove(this);
        }
    }
}
