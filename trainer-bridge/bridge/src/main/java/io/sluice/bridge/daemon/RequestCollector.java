package io.sluice.bridge.daemon;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * Collects the parts of a request, within the limits, and hands on a {@link Request}; or, when it
 * may not be made, a {@link Refusal} and then nothing more. What a client sends before it has its
 * answer waits here, and is not more than was read at once.
 */
final class RequestCollector extends ChannelDuplexHandler {

    /** Requests that may list every group of a run. */
    private static final Set<String> LARGE = Set.of("/v1/attempt", "/v1/round", "/v1/release");

    private final Connection connection;
    private final Access access;
    private final ArrayDeque<HttpObject> parts = new ArrayDeque<>();
    private HttpRequest head;
    private QueryStringDecoder target;
    private ByteArrayOutputStream body;
    private boolean collecting;
    private boolean answering;
    private boolean refused;

    RequestCollector(Connection connection, Access access) {
        this.connection = connection;
        this.access = access;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
        parts.add((HttpObject) message);
        collect(context);
    }

    /** Asked for by whoever has answered the request before. */
    @Override
    public void read(ChannelHandlerContext context) throws IOException {
        answering = false;
        collect(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        parts.forEach(ReferenceCountUtil::release);
        parts.clear();
        context.fireChannelInactive();
    }

    /** Takes parts until a request is whole; its answer may ask for more before this returns. */
    private void collect(ChannelHandlerContext context) throws IOException {
        if (collecting) {
            return;
        }
        collecting = true;
        while (!answering && !parts.isEmpty()) {
            HttpObject part = parts.remove();
            try {
                if (!refused) {
                    take(context, part);
                }
            } catch (Refusal e) {
                refuse(context, e);
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
        collecting = false;
        if (!answering) {
            context.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == RequestTimer.TOO_SLOW && !refused) {
            refuse(
                    context,
                    new Refusal(
                            Refusal.Code.TOO_SLOW, "the request did not come in whole in time"));
        }
        context.fireUserEventTriggered(event);
    }

    private void take(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (part.decoderResult().isFailure()) {
            throw undecodable(part.decoderResult().cause());
        }
        if (part instanceof HttpRequest) {
            begin(context, (HttpRequest) part);
        }
        if (part instanceof HttpContent) {
            append((HttpContent) part);
        }
        if (part instanceof LastHttpContent) {
            Request request = request();
            answering = true;
            context.fireChannelRead(request);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        if (connection.isSurplus()) {
            throw new Refusal(
                    Refusal.Code.TOO_MANY_CONNECTIONS, "too many connections are open already");
        }
        access.require(context.channel(), request);
        head = request;
        target = target(request.uri());
        body = new ByteArrayOutputStream();
        if (HttpUtil.isContentLengthSet(request)) {
            requireSize(HttpUtil.getContentLength(request));
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    /** Decodes at once: it is used where nothing may be thrown. */
    private static QueryStringDecoder target(String uri) {
        QueryStringDecoder target = new QueryStringDecoder(uri);
        try {
            target.path();
            target.parameters();
            return target;
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.MALFORMED, "the path cannot be read: " + e.getMessage());
        }
    }

    private void append(HttpContent content) throws IOException {
        int length = content.content().readableBytes();
        requireSize((long) body.size() + length);
        content.content().readBytes(body, length);
    }

    private void requireSize(long bytes) {
        int most = LARGE.contains(target.path()) ? Limits.LARGE_BODY_BYTES : Limits.BODY_BYTES;
        if (bytes > most) {
            throw new Refusal(Refusal.Code.TOO_LARGE, "the body has more than " + most + " bytes");
        }
    }

    private Request request() {
        try {
            return new Request(
                    connection,
                    head.method().name(),
                    target.path(),
                    target.parameters(),
                    head.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                    body.toByteArray(),
                    HttpUtil.isKeepAlive(head));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.MALFORMED, e.getMessage());
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        refused = true;
        context.fireChannelRead(refusal);
    }

    private static Refusal undecodable(Throwable cause) {
        return cause instanceof TooLongHttpHeaderException
                        || cause instanceof TooLongHttpLineException
                ? new Refusal(
                        Refusal.Code.HEADER_TOO_LARGE,
                        "the header has more than " + Limits.HEADER_BYTES + " bytes")
                : new Refusal(
                        Refusal.Code.MALFORMED, "this is not HTTP/1.1: " + cause.getMessage());
    }
}
