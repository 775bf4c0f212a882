package io.sluice.ops.demo;

import io.sluice.ops.UserException;
import io.sluice.ops.stack.OwnedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The demo's folder: an {@link OwnedFolder} that holds nothing of an earlier demo. */
final class StateFolder implements AutoCloseable {

    private static final String MARK = ".sluice-demo";

    private final OwnedFolder owned;

    private StateFolder(OwnedFolder owned) {
        this.owned = owned;
    }

    /**
     * Empties the folder and keeps others out of it until this is closed.
     *
     * @throws UserException when it cannot be written, holds other files, or another demo has it
     */
    static StateFolder take(Path folder) {
        OwnedFolder owned = OwnedFolder.take(folder, MARK, "'./sluice demo'");
        try {
            clear(folder);
            return new StateFolder(owned);
        } catch (IOException e) {
            owned.close();
            throw OwnedFolder.unwritable(folder, e);
        }
    }

    @Override
    public void close() {
        owned.close();
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> content = Files.walk(folder)) {
            List<Path> deepestFirst = content.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                if (!path.equals(folder) && !path.equals(folder.resolve(MARK))) {
                    Files.delete(path);
                }
            }
        }
    }
}
