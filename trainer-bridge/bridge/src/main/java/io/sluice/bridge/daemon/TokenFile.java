package io.sluice.bridge.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Reads the token that clients must show over TCP. */
final class TokenFile {

    private static final int LEAST_LENGTH = 16;
    private static final int MOST_BYTES = 4096;
    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private TokenFile() {}

    /**
     * The token in a file, without the white space around it.
     *
     * @throws DaemonException when others may read the file, or it holds no token
     */
    static String read(Path file) {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))
                    || Files.size(file) > MOST_BYTES) {
                throw new DaemonException(DaemonException.Kind.TOKEN_UNUSABLE, file, null);
            }
            String token = Files.readString(file).strip();
            if (token.length() < LEAST_LENGTH) {
                throw new DaemonException(DaemonException.Kind.TOKEN_UNUSABLE, file, null);
            }
            return token;
        } catch (IOException | UnsupportedOperationException e) {
            throw new DaemonException(DaemonException.Kind.TOKEN_UNUSABLE, file, e);
        }
    }
}
