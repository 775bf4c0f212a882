package io.sluice.bridge.pool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The keys of a pool's folder: a prefix with the version, the group's id, a zero byte, then numbers
 * in eight bytes, big-endian, so that they sort.
 *
 * <pre>
 * v1/head                            run, catalog
 * v1/read/      partition            where the topic's next record stands
 * v1/behind/    group 0 partition    the first record that a full group could not take
 * v1/stock/     group 0              {@link GroupStock}
 * v1/decided/   group 0              first undecided occurrence, first that is not released
 * v1/stretch/   group 0 occurrence   {@link io.sluice.core.pool.Stretch} that begins there
 * v1/document/  group 0 number       the record as it stood in the topic
 * v1/weight/    group 0 number       sum of the weights up to this document
 * v1/id/        hash                 group 0 number of the document with this identifier
 * v1/source/    group 0 hash number  documents by where they come from
 * </pre>
 *
 * <p>Hashes are the first 16 bytes of SHA-256.
 */
final class PoolKeys {

    static final byte[] HEAD = text("v1/head");
    static final byte[] READ = text("v1/read/");
    static final byte[] BEHIND = text("v1/behind/");
    static final byte[] STOCK = text("v1/stock/");
    static final byte[] DECIDED = text("v1/decided/");
    static final byte[] STRETCH = text("v1/stretch/");
    static final byte[] DOCUMENT = text("v1/document/");
    static final byte[] WEIGHT = text("v1/weight/");
    static final byte[] ID = text("v1/id/");
    static final byte[] SOURCE = text("v1/source/");

    private static final int HASH_BYTES = 16;

    private PoolKeys() {}

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A prefix, a group and a zero byte. */
    static byte[] group(byte[] prefix, String group) {
        return join(prefix, text(group), new byte[1]);
    }

    /** A prefix, a group, a zero byte and a number. */
    static byte[] number(byte[] prefix, String group, long number) {
        return join(group(prefix, group), number(number));
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static byte[] id(String id) {
        return join(ID, hash(id));
    }

    static byte[] source(String group, String source) {
        return join(group(SOURCE, group), hash(source));
    }

    /** The group that stands in a key behind its prefix. */
    static String groupOf(byte[] key, byte[] prefix) {
        int end = prefix.length;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        return new String(key, prefix.length, end - prefix.length, StandardCharsets.UTF_8);
    }

    /** The number at a key's end. */
    static long numberOf(byte[] key) {
        return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
    }

    static boolean begins(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer joined =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(joined::put);
        return joined.array();
    }

    private static byte[] hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text(text));
            return Arrays.copyOf(digest, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
