package io.sluice.bridge.daemon;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file of a Unix domain socket, from making room for it to taking it away. Where other users
 * are allowed, it can be reached by all, and who is let in is decided when they ask.
 */
final class SocketFile {

    private final Path path;
    private final boolean shared;
    private Object fileKey;

    /**
     * @param shared whether other users may connect
     */
    SocketFile(Path path, boolean shared) {
        this.path = path.toAbsolutePath();
        this.shared = shared;
    }

    Path path() {
        return path;
    }

    /**
     * Makes the folder if there is none, checks that it is safe, and removes the socket of a daemon
     * that has died.
     *
     * @throws DaemonException when another daemon serves on it, or the place cannot be used
     */
    void prepare() {
        Path folder = path.getParent();
        try {
            Set<PosixFilePermission> wanted =
                    PosixFilePermissions.fromString(shared ? "rwx--x--x" : "rwx------");
            if (Files.notExists(folder)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(wanted));
            }
            if (!isSafe(Files.getPosixFilePermissions(folder), wanted)) {
                throw new DaemonException(DaemonException.Kind.FOLDER_UNUSABLE, folder, null);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new DaemonException(DaemonException.Kind.FOLDER_UNUSABLE, folder, e);
        }
        try {
            removeStale();
        } catch (IOException e) {
            throw new DaemonException(DaemonException.Kind.SOCKET_UNUSABLE, path, e);
        }
    }

    /**
     * Sets who may connect to the socket, which is bound now, and tells its owner.
     *
     * @throws DaemonException when that cannot be set
     */
    UserPrincipal protect() {
        try {
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(shared ? "rw-rw-rw-" : "rw-------"));
            fileKey = fileKey();
            return Files.getOwner(path);
        } catch (IOException e) {
            throw new DaemonException(DaemonException.Kind.SOCKET_UNUSABLE, path, e);
        }
    }

    /** Takes the socket away, unless another daemon has put its own there. */
    void delete() {
        try {
            if (fileKey != null && fileKey.equals(fileKey())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It is gone, or will be found stale by the next daemon.
        }
    }

    /** Whoever may write to a folder may put another socket in the place of this one. */
    private boolean isSafe(Set<PosixFilePermission> found, Set<PosixFilePermission> wanted) {
        EnumSet<PosixFilePermission> excess = EnumSet.noneOf(PosixFilePermission.class);
        excess.addAll(found);
        if (shared) {
            excess.retainAll(EnumSet.of(GROUP_WRITE, OTHERS_WRITE));
        } else {
            excess.removeAll(wanted);
        }
        return excess.isEmpty();
    }

    private void removeStale() throws IOException {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes().isOther()) {
            throw new DaemonException(DaemonException.Kind.SOCKET_UNUSABLE, path, null);
        }
        if (answers()) {
            throw new DaemonException(DaemonException.Kind.SOCKET_IN_USE, path, null);
        }
        Files.deleteIfExists(path);
    }

    private boolean answers() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false;
        }
    }

    private Object fileKey() throws IOException {
        return attributes().fileKey();
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
