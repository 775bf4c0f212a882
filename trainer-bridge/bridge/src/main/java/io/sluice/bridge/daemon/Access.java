package io.sluice.bridge.daemon;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/** Decides from its header whether a request may be made at all. */
@FunctionalInterface
interface Access {

    /** For what anybody may ask who can reach it. */
    Access OPEN = (channel, head) -> {};

    /**
     * Checks a request.
     *
     * @throws Refusal when it may not be made
     */
    void require(Channel channel, HttpRequest head);
}
