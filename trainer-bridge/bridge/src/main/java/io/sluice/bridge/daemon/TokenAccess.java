package io.sluice.bridge.daemon;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Lets in who shows the token, and no browser: pages of other origins must not reach the bridge by
 * a name that leads to this machine.
 */
final class TokenAccess implements Access {

    private static final String SCHEME = "Bearer ";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final byte[] token;

    /**
     * @param token what clients must show
     */
    TokenAccess(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void require(Channel channel, HttpRequest head) {
        if (head.headers().contains(HttpHeaderNames.ORIGIN)) {
            throw new Refusal(Refusal.Code.CROSS_ORIGIN, "a browser asks");
        }
        String host = head.headers().get(HttpHeaderNames.HOST, "");
        if (!LOOPBACK.contains(withoutPort(host))) {
            throw new Refusal(
                    Refusal.Code.CROSS_ORIGIN, "host '" + host + "' is no name of loopback");
        }
        String shown = head.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!shown.startsWith(SCHEME) || !isToken(shown.substring(SCHEME.length()))) {
            throw new Refusal(Refusal.Code.UNAUTHORIZED, "the token is missing or another");
        }
    }

    /** Takes as long wherever the two differ. */
    private boolean isToken(String shown) {
        return MessageDigest.isEqual(token, shown.getBytes(StandardCharsets.UTF_8));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
