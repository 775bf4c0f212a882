package io.sluice.bridge.daemon;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks HTTP/1.1 at one address. It holds the address from its making on, and lets clients in when
 * it is told to.
 */
final class HttpPort implements AutoCloseable {

    private final Service service;
    private final AtomicInteger connections;
    private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final Channel server;
    private volatile Access access;

    /**
     * Binds the address.
     *
     * @param loops whose threads serve the connections
     * @param kind the kind of server channel that fits the address
     * @param connections how many connections are open, counted over all ports of a service
     * @throws DaemonException when it cannot be bound
     */
    HttpPort(
            EventLoopGroup loops,
            Class<? extends ServerChannel> kind,
            SocketAddress address,
            DaemonException.Kind failure,
            Service service,
            AtomicInteger connections) {
        this.service = service;
        this.connections = connections;
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(kind)
                        .option(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connect(channel);
                                    }
                                })
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new DaemonException(failure, address, bound.cause());
        }
        this.server = bound.channel();
    }

    /** Lets clients in. */
    void accept(Access who) {
        access = who;
        server.config().setAutoRead(true);
    }

    /** The address, with its port where any was asked for. */
    SocketAddress address() {
        return server.localAddress();
    }

    /** Lets nobody in any more, and ends every connection. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        open.close().awaitUninterruptibly();
    }

    /** Some connections too many are told so; more than that are not heard. */
    private void connect(Channel channel) {
        int now = connections.incrementAndGet();
        service.connections().accept(now);
        channel.closeFuture()
                .addListener(closed -> service.connections().accept(connections.decrementAndGet()));
        int most = service.limits().connections();
        if (now > 2 * most) {
            channel.close();
            return;
        }
        open.add(channel);
        Connection connection = new Connection(now > most);
        channel.pipeline()
                .addLast(
                        new RequestTimer(service.limits(), connection),
                        new HttpServerCodec(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(Limits.HEADER_BYTES)
                                        .setMaxHeaderSize(Limits.HEADER_BYTES)),
                        new RequestCollector(connection, access),
                        new RequestHandler(connection, service));
    }
}
