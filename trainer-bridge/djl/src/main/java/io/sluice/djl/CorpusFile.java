package io.sluice.djl;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A gzipped text of the corpus, as the manifest promises it.
 *
 * @param path the file
 * @param sha256 SHA-256 of the unpacked text, in lower-case hexadecimal digits
 */
public record CorpusFile(Path path, String sha256) implements CorpusText {

    private static final String REMEDY =
            "; restore the corpus folder, or build it again with build_corpus.py";

    /**
     * The unpacked text: documents separated by a line that holds one form feed.
     *
     * @throws CorpusException when the file is missing, is not gzip, ends early, is empty, or is
     *     not the text that the manifest promises
     */
    @Override
    public byte[] read() {
        byte[] text = unpack();
        if (text.length == 0) {
            throw new CorpusException("corpus file " + path + " holds no text" + REMEDY);
        }
        String actual = HexFormat.of().formatHex(newSha256().digest(text));
        if (!actual.equals(sha256)) {
            throw new CorpusException(
                    "corpus file "
                            + path
                            + " is not the text of the manifest: SHA-256 is "
                            + actual
                            + ", expected "
                            + sha256
                            + REMEDY);
        }
        return text;
    }

    private byte[] unpack() {
        try (InputStream file = Files.newInputStream(path);
                InputStream text = new GZIPInputStream(file)) {
            return text.readAllBytes();
        } catch (NoSuchFileException e) {
            throw new CorpusException("corpus file " + path + " is missing" + REMEDY, e);
        } catch (EOFException e) {
            throw new CorpusException(
                    "corpus file " + path + " is empty or ends early" + REMEDY, e);
        } catch (ZipException e) {
            throw new CorpusException("corpus file " + path + " is not valid gzip" + REMEDY, e);
        } catch (IOException e) {
            throw new CorpusException(
                    "corpus file " + path + " cannot be read: " + e + "; check its permissions", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
