package io.sluice.ops.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.processes.TcpProxy.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class TcpProxyTest {

    private ServerSocket listener;
    private TcpProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = TcpProxy.start(0, listener.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        server = listener.accept();
        // The proxy knows a connection when bytes have passed over it.
        client.getOutputStream().write(0);
        assertThat(server.getInputStream().read()).isZero();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        proxy.close();
        listener.close();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        client.getOutputStream().write(17);
        assertThat(server.getInputStream().read()).isEqualTo(17);
        server.getOutputStream().write(4);
        assertThat(client.getInputStream().read()).isEqualTo(4);
    }

    @Test
    void whatIsHeldBackOneWayArrivesAfterHealingAndTheOtherWayIsOpen() throws IOException {
        proxy.blackhole(EnumSet.of(Direction.TO_SERVER));
        client.getOutputStream().write(new byte[] {1, 2, 3});
        server.getOutputStream().write(4);
        assertThat(client.getInputStream().read()).isEqualTo(4);
        assertSilent(server);

        proxy.pass();
        assertThat(server.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
    }

    @Test
    void connectionsOpenWhileNothingPasses() throws IOException {
        proxy.blackhole(EnumSet.allOf(Direction.class));
        try (Socket another = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                Socket accepted = listener.accept()) {
            another.getOutputStream().write(9);
            assertSilent(accepted);
            proxy.pass();
            assertThat(accepted.getInputStream().read()).isEqualTo(9);
        }
    }

    @Test
    void slowBytesArriveLateAndWhole() throws IOException {
        proxy.delay(Duration.ofMillis(300));
        long start = System.nanoTime();
        client.getOutputStream().write(new byte[] {5, 6});
        assertThat(server.getInputStream().readNBytes(2)).containsExactly(5, 6);
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(300).toNanos());
    }

    @Test
    void aResetReachesBothSides() {
        proxy.reset();
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read())
                .isInstanceOf(SocketException.class);
    }

    @Test
    void aHalfOpenConnectionEndsForTheServerAndNotForTheClient() throws IOException {
        proxy.halfOpen();
        assertThatThrownBy(() -> server.getInputStream().read())
                .isInstanceOf(SocketException.class);
        client.getOutputStream().write(1);
        assertSilent(client);
    }

    @Test
    void aClientIsTurnedAwayWhileNobodyListens() throws IOException {
        server.close();
        listener.close();
        try (Socket another = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            assertThatThrownBy(() -> another.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    /** Nothing comes for a while, and the connection does not end either. */
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }
}
