package io.sluice.bridge.daemon;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections that hold a place and do nothing with it: those whose request does not come in
 * whole, whose answer is not fetched, or that have no session and ask for nothing. Stands where
 * bytes come in and go out.
 */
final class RequestTimer extends ChannelDuplexHandler {

    /** Told to the handlers after this one: the request under way takes too long. */
    static final Object TOO_SLOW = new Object();

    private final Limits limits;
    private final Connection connection;
    private boolean asking;
    private int writing;
    private long sinceNanos;
    private long checkNanos;
    private ScheduledFuture<?> check;

    RequestTimer(Limits limits, Connection connection) {
        this.limits = limits;
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sinceNanos = System.nanoTime();
        checkAfter(context, left());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (check != null) {
            check.cancel(false);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!asking) {
            asking = true;
            sinceNanos = System.nanoTime();
            if (checkNanos - sinceNanos > limits.request().toNanos()) {
                check.cancel(false);
                checkAfter(context, limits.request().toNanos());
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        writing++;
        context.write(message, promise.unvoid().addListener(written -> finished()));
    }

    private void finished() {
        writing--;
        if (writing == 0) {
            asking = false;
            sinceNanos = System.nanoTime();
        }
    }

    private void check(ChannelHandlerContext context) {
        long left = left();
        if (left > 0) {
            checkAfter(context, left);
        } else if (writing > 0) {
            context.close();
        } else if (asking) {
            context.fireUserEventTriggered(TOO_SLOW);
        } else if (connection.hasSession()) {
            checkAfter(context, limits.idle().toNanos());
        } else {
            context.close();
        }
    }

    private long left() {
        Duration limit = asking ? limits.request() : limits.idle();
        return limit.toNanos() - (System.nanoTime() - sinceNanos);
    }

    private void checkAfter(ChannelHandlerContext context, long nanos) {
        checkNanos = System.nanoTime() + nanos;
        check = context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
    }
}
