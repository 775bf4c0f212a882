package io.sluice.scorer;

import io.sluice.core.candidate.score.EmbeddingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The two files of a model: the network, {@code *.onnx}, and what makes numbers of words, {@code
 * *tokenizer.json}. They stand in a folder, or at the root of a jar, and there is one of each.
 *
 * @param network the network
 * @param tokenizer the tokeniser's description
 */
record ModelFiles(byte[] network, byte[] tokenizer) {

    private static final String NETWORK = ".onnx";
    private static final String TOKENIZER = "tokenizer.json";

    /** A file larger than this is no model for a stream of documents. */
    private static final long MOST_BYTES = 1L << 30;

    private static final int NAME_BYTES = 6;

    /**
     * Reads the files.
     *
     * @throws EmbeddingException when one is missing, or cannot be read
     */
    static ModelFiles read(Path path) throws EmbeddingException {
        try {
            if (Files.isDirectory(path)) {
                return ofFolder(path);
            }
            if (Files.isRegularFile(path)) {
                return ofJar(path);
            }
        } catch (IOException e) {
            throw new EmbeddingException("cannot read the model at " + path + ": " + e, e);
        }
        throw new EmbeddingException(
                "there is no model at " + path + ": name a folder or a jar with its files");
    }

    /** Names the files by what is in them. */
    String name() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(network);
            digest.update(tokenizer);
            return "onnx-" + HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static ModelFiles ofFolder(Path folder) throws IOException, EmbeddingException {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString()).toList();
        }
        return new ModelFiles(
                file(folder.resolve(only(names, NETWORK, folder))),
                file(folder.resolve(only(names, TOKENIZER, folder))));
    }

    private static ModelFiles ofJar(Path jar) throws IOException, EmbeddingException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<String> names =
                    zip.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.indexOf('/') < 0)
                            .toList();
            return new ModelFiles(
                    entry(zip, only(names, NETWORK, jar)), entry(zip, only(names, TOKENIZER, jar)));
        }
    }

    private static String only(List<String> names, String end, Path where)
            throws EmbeddingException {
        List<String> found = names.stream().filter(name -> name.endsWith(end)).toList();
        if (found.size() != 1) {
            throw new EmbeddingException(
                    where + " has " + found.size() + " files *" + end + ": a model has one");
        }
        return found.get(0);
    }

    private static byte[] file(Path file) throws IOException, EmbeddingException {
        requireSize(file.toString(), Files.size(file));
        return Files.readAllBytes(file);
    }

    private static byte[] entry(ZipFile zip, String name) throws IOException, EmbeddingException {
        ZipEntry entry = zip.getEntry(name);
        requireSize(name, entry.getSize());
        try (InputStream bytes = zip.getInputStream(entry)) {
            return bytes.readNBytes((int) MOST_BYTES);
        }
    }

    private static void requireSize(String name, long bytes) throws EmbeddingException {
        if (bytes > MOST_BYTES) {
            throw new EmbeddingException(
                    name + " has " + bytes + " bytes: at most " + MOST_BYTES + " are read");
        }
    }
}
