package io.sluice.bridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.sluice.bridge.daemon.TestingClient.Reply;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PeerAccessTest {

    /** A user that nobody is. */
    private static final UserPrincipal STRANGER =
            new UserPrincipal() {
                @Override
                public String getName() {
                    return "stranger";
                }
            };

    @TempDir Path folder;

    @Test
    void anotherUserIsRefusedUnlessAllowed() throws Exception {
        String self = Files.getOwner(folder).getName();
        Reply refused = askAs(new PeerAccess(STRANGER, Set.of()));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("foreign_user");
        assertThat(refused.closes()).isTrue();
        assertThat(askAs(new PeerAccess(STRANGER, Set.of(self))).status()).isEqualTo(200);
        assertThat(askAs(new PeerAccess(Files.getOwner(folder), Set.of())).status()).isEqualTo(200);
    }

    private Reply askAs(Access access) {
        Path socket = folder.resolve("socket");
        Router router = new Router().get("/", request -> Answer.text(200, "text/plain", "in"));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (HttpPort port =
                new HttpPort(
                        loops,
                        NioServerDomainSocketChannel.class,
                        UnixDomainSocketAddress.of(socket),
                        DaemonException.Kind.SOCKET_UNUSABLE,
                        Service.of(router, Limits.DEFAULT))) {
            port.accept(access);
            try (TestingClient client = new TestingClient(socket)) {
                return client.get("/");
            }
        } finally {
            loops.shutdownGracefully();
        }
    }
}
