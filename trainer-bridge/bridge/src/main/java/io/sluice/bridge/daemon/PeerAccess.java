package io.sluice.bridge.daemon;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Lets in the peers of a Unix domain socket by their user, as the kernel tells it. */
final class PeerAccess implements Access {

    private static final ChannelOption<UnixDomainPrincipal> PEER =
            NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

    private final UserPrincipal own;
    private final Set<String> allowed;

    /**
     * @param own the daemon's user
     * @param allowed names of other users who are let in
     */
    PeerAccess(UserPrincipal own, Set<String> allowed) {
        this.own = own;
        this.allowed = allowed;
    }

    @Override
    public void require(Channel channel, HttpRequest head) {
        UnixDomainPrincipal peer = channel.config().getOption(PEER);
        if (peer == null) {
            throw new Refusal(Refusal.Code.FOREIGN_USER, "the kernel does not tell who asks");
        }
        UserPrincipal user = peer.user();
        if (!user.equals(own) && !allowed.contains(user.getName())) {
            throw new Refusal(
                    Refusal.Code.FOREIGN_USER,
                    "user " + user.getName() + " asks, and the bridge runs as " + own.getName());
        }
    }
}
