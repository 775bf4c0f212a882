package io.sluice.bridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.TestingBridge;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import io.sluice.core.domain.GroupId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DaemonStartTest {

    @TempDir Path folder;

    private int bridges;

    @Test
    void theSocketIsItsOwnersAloneAndGoesWithTheDaemon() throws Exception {
        DaemonOptions options = TestingDaemon.options(folder);
        Path socket = options.socket().orElseThrow();
        try (BridgeDaemon daemon = start(options)) {
            assertThat(daemon.socket()).contains(socket.toAbsolutePath());
            assertThat(mode(socket)).isEqualTo("rw-------");
            assertThat(mode(socket.getParent())).isEqualTo("rwx------");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void withOtherUsersAllowedTheSocketCanBeReachedAndTheKernelDecides() throws Exception {
        DaemonOptions options = TestingDaemon.options(folder).withAllowedUsers(Set.of("somebody"));
        try (BridgeDaemon daemon = start(options);
                TestingClient client = new TestingClient(daemon.socket().orElseThrow())) {
            assertThat(mode(daemon.socket().orElseThrow())).isEqualTo("rw-rw-rw-");
            assertThat(mode(daemon.socket().orElseThrow().getParent())).isEqualTo("rwx--x--x");
            assertThat(client.get("/v1/run").status()).isEqualTo(200);
        }
    }

    @Test
    void theSocketOfADeadDaemonIsReplaced() throws Exception {
        DaemonOptions options = TestingDaemon.options(folder);
        Path socket = options.socket().orElseThrow();
        privateFolder(socket.getParent());
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (BridgeDaemon daemon = start(options);
                TestingClient client = new TestingClient(daemon.socket().orElseThrow())) {
            assertThat(client.get("/v1/run").status()).isEqualTo(200);
        }
    }

    @Test
    void theSocketOfALivingDaemonIsNotTaken() {
        DaemonOptions options = TestingDaemon.options(folder);
        try (BridgeDaemon daemon = start(options)) {
            assertRefused(options, DaemonException.Kind.SOCKET_IN_USE, "another bridge serves");
            try (TestingClient client = new TestingClient(daemon.socket().orElseThrow())) {
                assertThat(client.get("/v1/run").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatIsNoSocketIsNotDeleted() throws Exception {
        DaemonOptions options = TestingDaemon.options(folder);
        Path file = options.socket().orElseThrow();
        privateFolder(file.getParent());
        Files.writeString(file, "precious");
        assertRefused(options, DaemonException.Kind.SOCKET_UNUSABLE, "at which there is no file");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aSocketWhosePathIsTooLongIsRefused() {
        DaemonOptions options =
                DaemonOptions.of(
                        TestingDaemon.options(folder).bridge(),
                        folder.resolve("x".repeat(60)).resolve("y".repeat(60)));
        assertRefused(options, DaemonException.Kind.SOCKET_UNUSABLE, "at most 100 bytes");
    }

    @Test
    void aFolderThatOthersMayEnterIsRefused() throws Exception {
        DaemonOptions options = TestingDaemon.options(folder);
        Path parent = options.socket().orElseThrow().getParent();
        privateFolder(parent);
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertRefused(options, DaemonException.Kind.FOLDER_UNUSABLE, "mode 0700");
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertRefused(
                options.withAllowedUsers(Set.of("somebody")),
                DaemonException.Kind.FOLDER_UNUSABLE,
                "mode 0700");
    }

    @Test
    void aTokenFileThatOthersMayReadOrThatHoldsNoTokenIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "0123456789abcdef");
        DaemonOptions options = TestingDaemon.options(folder).withTcp(0, file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(options, DaemonException.Kind.TOKEN_UNUSABLE, "mode 0600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "short\n");
        assertRefused(options, DaemonException.Kind.TOKEN_UNUSABLE, "at least 16 characters");
        Files.delete(file);
        assertRefused(options, DaemonException.Kind.TOKEN_UNUSABLE, "token");
        assertThat(options.socket().orElseThrow()).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsRefusedAndNothingIsLeftBehind() throws Exception {
        try (ServerSocketChannel taken = ServerSocketChannel.open()) {
            taken.bind(TestingDaemon.options(folder).metrics());
            DaemonOptions options =
                    TestingDaemon.options(folder)
                            .withMetrics((InetSocketAddress) taken.getLocalAddress());
            assertRefused(options, DaemonException.Kind.PORT_UNUSABLE, "choose another port");
            assertThat(options.socket().orElseThrow()).doesNotExist();
        }
    }

    @Test
    void addressesThatStandForEveryNetworkAndPortsWithoutATokenAreRefused() {
        DaemonOptions options = TestingDaemon.options(folder);
        assertThatThrownBy(() -> options.withMetrics(new InetSocketAddress("0.0.0.0", 9000)))
                .hasMessageContaining("every network");
        assertThatThrownBy(() -> options.withMetrics(new InetSocketAddress("::", 9000)))
                .hasMessageContaining("every network");
        assertThatThrownBy(() -> options.withSignalBytes(1)).hasMessageContaining("at least");
        assertThatThrownBy(() -> DaemonOptions.ofTcp(options.bridge(), 70_000, folder))
                .hasMessageContaining("70000");
        assertThatThrownBy(
                        () ->
                                new DaemonOptions(
                                        options.bridge(),
                                        Optional.empty(),
                                        OptionalInt.of(1),
                                        Optional.empty(),
                                        options.metrics(),
                                        Set.of(),
                                        options.signalBytes()))
                .hasMessageContaining("needs a token file");
    }

    @Test
    void dataOfAGroupThatTheRunDoesNotHaveIsRefused() {
        RunData data = new RunData(Map.of(new GroupId("z"), Map.of()), Map.of());
        assertThatThrownBy(() -> start(TestingDaemon.options(folder), data))
                .hasMessageContaining("data of group z");
    }

    @Test
    void dataIsToldAsItWasGiven() {
        RunData data = new RunData(Map.of(TestingRuns.A, Map.of("files", "/a")), Map.of());
        try (BridgeDaemon daemon = start(TestingDaemon.options(folder), data);
                TestingClient client = new TestingClient(daemon.socket().orElseThrow())) {
            assertThat(client.get("/v1/run").body())
                    .contains("\"data\":{\"files\":\"/a\"}", "\"data\":{}");
        }
    }

    private void assertRefused(DaemonOptions options, DaemonException.Kind kind, String remedy) {
        assertThatThrownBy(() -> start(options).close())
                .isInstanceOfSatisfying(
                        DaemonException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(remedy);
    }

    private BridgeDaemon start(DaemonOptions options) {
        return start(options, RunData.NONE);
    }

    /** Each over a store of its own: here only the listening is in question. */
    private BridgeDaemon start(DaemonOptions options, RunData data) {
        Path store = folder.resolve("state-" + bridges++);
        TestingBridge parts = new TestingBridge(store, new TestingLog());
        return BridgeDaemon.start(options, parts.bridge(), data, Limits.DEFAULT);
    }

    private static void privateFolder(Path path) throws IOException {
        Files.createDirectory(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
