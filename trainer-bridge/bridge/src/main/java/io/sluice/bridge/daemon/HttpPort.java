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
import io.sluice.bridge.daemon.Places.Place;
import java.net.SocketAddress;

/**
 * Speaks HTTP/1.1 at one address. It holds the address from its making on, and lets clients in when
 * it is told to.
 */
final class HttpPort implements AutoCloseable {

    private final Service service;
    private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final Channel server;
    private volatile Access access;

    /**
     * Binds the address.
     *
     * @param loops whose threads serve the connections
     * @param kind the kind of server channel that fits the address
     * @throws DaemonException when it cannot be bound
     */
    HttpPort(
            EventLoopGroup loops,
            Class<? extends ServerChannel> kind,
            SocketAddress address,
            DaemonException.Kind failure,
            Service service) {
        this.service = service;
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

    private void connect(Channel channel) {
        Place place = service.places().take();
        if (place == Place.NONE) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> service.places().free(place));
        open.add(channel);
        Connection connection = new Connection(place == Place.TOLD_TOO_MANY);
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
