package io.sluice.core.candidate.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 128 bits of SHA-256 over a text's UTF-8 bytes. Two texts that share them are one.
 *
 * @param high bits 0 to 63, big-endian
 * @param low bits 64 to 127
 */
public record ContentHash(long high, long low) {

    /** The hash of {@code text}. */
    public static ContentHash of(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
            return new ContentHash(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
