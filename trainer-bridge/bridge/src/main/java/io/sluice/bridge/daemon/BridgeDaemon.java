package io.sluice.bridge.daemon;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeMetrics;
import io.sluice.bridge.BridgeStatus;
import io.sluice.core.domain.RunSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A bridge that serves a trainer in another process.
 *
 * <pre>{@code
 * DaemonOptions options = DaemonOptions.of(BridgeOptions.of("localhost:9092", folder), socket);
 * try (BridgeDaemon daemon = BridgeDaemon.start(options, spec, RunData.NONE, listener)) {
 *     ...
 * }
 * }</pre>
 */
public final class BridgeDaemon implements AutoCloseable {

    private static final int TRAINER_THREADS = 2;

    private final Bridge bridge;
    private final Sessions sessions;
    private final List<EventLoopGroup> loops = new ArrayList<>();
    private final List<HttpPort> ports = new ArrayList<>();
    private Optional<SocketFile> socketFile = Optional.empty();
    private OptionalInt tcpPort = OptionalInt.empty();
    private InetSocketAddress metrics;
    private boolean closed;

    private BridgeDaemon(Bridge bridge, Sessions sessions) {
        this.bridge = bridge;
        this.sessions = sessions;
    }

    /**
     * Opens the bridge and listens. Where the log does not answer within its time limits, the
     * daemon starts all the same.
     *
     * @param run the run; its digest is filled in when empty
     * @param data where the run's data is, for the trainer
     * @throws DaemonException when it cannot listen
     * @throws io.sluice.bridge.MissingTopicsException when the log answers and lacks topics
     * @throws io.sluice.bridge.StoreException when the state folder is locked, damaged or not
     *     usable
     * @throws IllegalArgumentException when the declaration carries a digest that is not its own,
     *     or {@code data} names a group or target that the run does not have
     */
    public static BridgeDaemon start(
            DaemonOptions options, RunSpec run, RunData data, BridgeListener listener) {
        // Before the store makes folders of its own above the socket's.
        options.socket().ifPresent(path -> socketFile(path, options).prepare());
        return start(options, Bridge.open(options.bridge(), run, listener), data, Limits.DEFAULT);
    }

    /** As above, over a bridge that the daemon closes, and with other limits. */
    static BridgeDaemon start(DaemonOptions options, Bridge bridge, RunData data, Limits limits) {
        BridgeMetrics.Daemon counts = bridge.metrics().daemon();
        Sessions sessions =
                new Sessions(bridge, relay -> new OpenRound(relay, options.signalBytes(), counts));
        BridgeDaemon daemon = new BridgeDaemon(bridge, sessions);
        try {
            daemon.listen(options, data, limits, counts);
            return daemon;
        } catch (RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    /** The run as it is declared, with its digest. */
    public RunSpec spec() {
        return bridge.spec();
    }

    /** The socket that trainers are served on, if any. */
    public Optional<Path> socket() {
        return socketFile.map(SocketFile::path);
    }

    /** The loopback port that trainers are served on, if any. */
    public OptionalInt tcpPort() {
        return tcpPort;
    }

    /** Where {@code /metrics}, {@code /healthz} and {@code /readyz} are. */
    public InetSocketAddress metrics() {
        return metrics;
    }

    /** What the bridge knows of itself now. */
    public BridgeStatus status() {
        return bridge.status();
    }

    /**
     * Ends the attempt, if one is open, and sends what is on its way, within little more than twice
     * the bridge's close timeout; then deletes the socket. Safe to call twice.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ports.forEach(HttpPort::close);
        loops.forEach(
                group -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly());
        sessions.close();
        bridge.close();
        socketFile.ifPresent(SocketFile::delete);
    }

    private void listen(
            DaemonOptions options, RunData data, Limits limits, BridgeMetrics.Daemon counts) {
        StatusRequests status = new StatusRequests(bridge, sessions, System::nanoTime);
        Service trainers =
                new Service(
                        trainerRoutes(options, data, status),
                        limits,
                        counts::request,
                        new Places(limits.connections(), counts::connections),
                        sessions::left);
        EventLoopGroup trainerLoops = loops("sluice-daemon", TRAINER_THREADS);
        options.socket().ifPresent(path -> listen(path, options, trainerLoops, trainers));
        options.tcpPort()
                .ifPresent(
                        port ->
                                listen(
                                        port,
                                        TokenFile.read(options.tokenFile().orElseThrow()),
                                        trainerLoops,
                                        trainers));
        HttpPort monitoring =
                port(
                        loops("sluice-metrics", 1),
                        options.metrics(),
                        Service.of(monitoringRoutes(status), limits));
        monitoring.accept(Access.OPEN);
        metrics = (InetSocketAddress) monitoring.address();
    }

    private void listen(Path path, DaemonOptions options, EventLoopGroup group, Service service) {
        SocketFile file = socketFile(path, options);
        file.prepare();
        HttpPort port =
                new HttpPort(
                        group,
                        NioServerDomainSocketChannel.class,
                        UnixDomainSocketAddress.of(file.path()),
                        DaemonException.Kind.SOCKET_UNUSABLE,
                        service);
        ports.add(port);
        socketFile = Optional.of(file);
        port.accept(new PeerAccess(file.protect(), options.allowedUsers()));
    }

    private static SocketFile socketFile(Path path, DaemonOptions options) {
        return new SocketFile(path, !options.allowedUsers().isEmpty());
    }

    private void listen(int number, String token, EventLoopGroup group, Service service) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
        HttpPort port = port(group, address, service);
        port.accept(new TokenAccess(token));
        tcpPort = OptionalInt.of(((InetSocketAddress) port.address()).getPort());
    }

    private HttpPort port(EventLoopGroup group, InetSocketAddress address, Service service) {
        HttpPort port =
                new HttpPort(
                        group,
                        NioServerSocketChannel.class,
                        address,
                        DaemonException.Kind.PORT_UNUSABLE,
                        service);
        ports.add(port);
        return port;
    }

    private EventLoopGroup loops(String name, int threads) {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
        loops.add(group);
        return group;
    }

    private Router trainerRoutes(DaemonOptions options, RunData data, StatusRequests status) {
        RunRequests run = new RunRequests(bridge.spec(), options.bridge(), data);
        AttemptRequests attempts = new AttemptRequests(bridge, sessions);
        LeaseRequests leases = new LeaseRequests(sessions);
        DocumentRequests documents = new DocumentRequests(bridge);
        RoundRequests rounds = new RoundRequests(bridge.spec(), sessions);
        return new Router()
                .get("/v1/run", run::run)
                .post("/v1/attempt", attempts::attempt)
                .post("/v1/lease", leases::lease)
                .post("/v1/signals", rounds::signals)
                .post("/v1/round", rounds::round)
                .get("/v1/step", leases::step)
                .get("/v1/checkpoint", attempts::checkpoint)
                .post("/v1/saved", attempts::saved)
                .post("/v1/finish", attempts::finish)
                .post("/v1/detach", attempts::detach)
                .post("/v1/documents", documents::documents)
                .post("/v1/release", documents::release)
                .get("/v1/status", status::status);
    }

    private static Router monitoringRoutes(StatusRequests status) {
        return new Router()
                .get("/metrics", status::metrics)
                .get("/healthz", status::health)
                .get("/readyz", status::readiness);
    }
}
