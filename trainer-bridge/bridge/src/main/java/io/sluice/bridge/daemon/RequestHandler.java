package io.sluice.bridge.daemon;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other: the next is read when the answer to
 * the one before has left.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /** How long what a refused client still sends is read, so that it meets its answer. */
    private static final int FAREWELL_SECONDS = 1;

    private final Connection connection;
    private final Service service;
    private final Router router;
    private boolean ending;
    private long secondNanos;
    private int requests;

    RequestHandler(Connection connection, Service service) {
        this.connection = connection;
        this.service = service;
        this.router = service.router();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ending) {
            return;
        }
        if (message instanceof Refusal) {
            Refusal refusal = (Refusal) message;
            write(context, router.label(""), refusal.answer(), false);
            return;
        }
        Request request = (Request) message;
        Answer answer = isTooMany() ? tooMany() : router.answer(request);
        write(context, router.label(request.path()), answer, request.keepAlive());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        service.left().accept(connection);
    }

    /** What a client does to its connection is no fault of the daemon. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("a connection ends", cause);
        }
        context.close();
    }

    private void write(
            ChannelHandlerContext context, String label, Answer answer, boolean keepAlive) {
        ending = !keepAlive;
        service.count().accept(label, answer.status());
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        Unpooled.wrappedBuffer(answer.body()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        HttpUtil.setContentLength(response, answer.body().length);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.writeAndFlush(response)
                .addListener(
                        (ChannelFuture written) -> {
                            if (!written.isSuccess()) {
                                context.close();
                            } else if (keepAlive) {
                                context.read();
                            } else {
                                sayFarewell(context);
                            }
                        });
    }

    /** Closing at once, with something unread, could cost the client its answer. */
    private static void sayFarewell(ChannelHandlerContext context) {
        ((DuplexChannel) context.channel()).shutdownOutput();
        context.channel().config().setAutoRead(true);
        context.executor().schedule(() -> context.close(), FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    private boolean isTooMany() {
        long now = System.nanoTime();
        if (requests == 0 || now - secondNanos >= TimeUnit.SECONDS.toNanos(1)) {
            secondNanos = now;
            requests = 0;
        }
        return ++requests > service.limits().requestsPerSecond();
    }

    private Answer tooMany() {
        return new Refusal(
                        Refusal.Code.TOO_MANY_REQUESTS,
                        "more than "
                                + service.limits().requestsPerSecond()
                                + " requests in a second")
                .answer();
    }
}
