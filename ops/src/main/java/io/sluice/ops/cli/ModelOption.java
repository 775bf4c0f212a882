package io.sluice.ops.cli;

import io.sluice.ops.candidates.BundledModel;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which embedding model. */
final class ModelOption {

    @Option(
            names = "--scorer-model",
            paramLabel = "PATH",
            description =
                    "Folder or jar with the model's network (*.onnx) and *tokenizer.json; when absent, the one that is"
                            + " built with Sluice, all-MiniLM-L6-v2 in eight bits.")
    private Path model;

    /** Where the model is. */
    Path path() {
        return model == null ? BundledModel.path() : model;
    }
}
