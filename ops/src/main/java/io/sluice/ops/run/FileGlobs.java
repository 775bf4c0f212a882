package io.sluice.ops.run;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the files that a path or a glob names. */
final class FileGlobs {

    /** A pattern that matches more has been written by mistake, or the files want to be joined. */
    static final int MOST_FILES = 100_000;

    private static final int MOST_VISITED = 1_000_000;
    private static final Pattern MAGIC = Pattern.compile("[*?\\[{]");

    private final Path folder;

    /**
     * @param folder absolute folder against which relative patterns are resolved
     */
    FileGlobs(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds the absolute paths of the readable files that {@code pattern} names. A file of that very
     * name comes before what the pattern would match.
     *
     * @return what is wrong with the pattern or with what it names
     */
    Optional<String> find(String pattern, List<Path> into) {
        try {
            Path exact = folder.resolve(pattern).normalize();
            return Files.exists(exact) || !MAGIC.matcher(pattern).find()
                    ? single(exact, into)
                    : many(pattern, into);
        } catch (InvalidPathException | PatternSyntaxException e) {
            return Optional.of(
                    "that is no pattern ("
                            + e.getMessage()
                            + "): allowed is "
                            + Key.FILES.allowed());
        } catch (IOException e) {
            return Optional.of(
                    "looking for it failed (" + e + "): allowed is " + Key.FILES.allowed());
        }
    }

    private static Optional<String> single(Path file, List<Path> into) {
        if (Files.isDirectory(file)) {
            return Optional.of("that is a folder: write " + file + "/* for the files in it");
        }
        if (!Files.isReadable(file)) {
            return Optional.of(
                    (Files.exists(file) ? file + " cannot be read" : "there is no file " + file)
                            + ": allowed is "
                            + Key.FILES.allowed());
        }
        into.add(file);
        return Optional.empty();
    }

    private Optional<String> many(String pattern, List<Path> into) throws IOException {
        Matcher magic = MAGIC.matcher(pattern);
        int slash = magic.find() ? pattern.lastIndexOf('/', magic.start()) : -1;
        Path start = folder.resolve(pattern.substring(0, slash + 1)).normalize();
        String rest = pattern.substring(slash + 1);
        String glob = "glob:" + quoted(start) + "/" + rest;
        Search search = new Search(FileSystems.getDefault().getPathMatcher(glob));
        if (Files.isDirectory(start)) {
            int depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/").length;
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, search);
        }
        into.addAll(search.found);
        return search.problem(start);
    }

    private static String quoted(Path folder) {
        String path = folder.toString().replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1");
        return path.equals("/") ? "" : path;
    }

    /** Walks a folder and remembers what matches. */
    private static final class Search extends SimpleFileVisitor<Path> {

        private final PathMatcher matcher;
        private final List<Path> found = new ArrayList<>();
        private final List<Path> unreadable = new ArrayList<>();
        private int visited;

        Search(PathMatcher matcher) {
            this.matcher = matcher;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && matcher.matches(file)) {
                (Files.isReadable(file) ? found : unreadable).add(file);
            }
            visited++;
            return found.size() > MOST_FILES || visited > MOST_VISITED
                    ? FileVisitResult.TERMINATE
                    : FileVisitResult.CONTINUE;
        }

        /**
         * A folder that may not be read, or a link in a circle: what is behind it does not match.
         */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (matcher.matches(file)) {
                unreadable.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        Optional<String> problem(Path start) {
            if (found.size() > MOST_FILES || visited > MOST_VISITED) {
                return Optional.of(
                        "that matches or passes too many files: allowed are "
                                + MOST_FILES
                                + " for one pattern, among "
                                + MOST_VISITED);
            }
            if (!unreadable.isEmpty()) {
                return Optional.of(
                        unreadable.size()
                                + " of the files cannot be read, first "
                                + unreadable.get(0)
                                + ": allow reading, or write another pattern");
            }
            return found.isEmpty()
                    ? Optional.of(
                            "no file under "
                                    + start
                                    + " matches: allowed is "
                                    + Key.FILES.allowed())
                    : Optional.empty();
        }
    }
}
