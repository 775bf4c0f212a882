package io.sluice.ops.candidates;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The documents of a target's files: all of them, or none. */
final class TargetTexts {

    /** Most bytes of one document of a target. */
    private static final int MOST_TEXT = 16 * 1024 * 1024;

    private TargetTexts() {}

    /**
     * Hands on every document's text.
     *
     * @throws UserException when a file or one of its documents cannot be read whole
     */
    static void read(List<Path> files, Split split, Consumer<String> texts) {
        for (Path file : files) {
            try {
                new DocumentFile(file, split, MOST_TEXT + 1)
                        .read(item -> texts.accept(text(file, item)));
            } catch (IOException e) {
                throw new UserException(
                        "cannot read " + file + " (" + DocumentFile.reason(e) + ")", e);
            }
        }
    }

    private static String text(Path file, DocumentFile.Item item) {
        if (item.fault().isPresent()) {
            throw refused(file, item, item.fault().get());
        }
        if (item.text().length == 0) {
            throw refused(file, item, "it holds no text");
        }
        if (item.text().length > MOST_TEXT) {
            throw refused(
                    file, item, "it is longer than " + MOST_TEXT + " bytes: split it (--split)");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(item.text()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused(file, item, "it is not UTF-8");
        }
    }

    private static UserException refused(Path file, DocumentFile.Item item, String why) {
        return new UserException(
                "nothing was registered: document " + item.number() + " of " + file + ": " + why);
    }
}
