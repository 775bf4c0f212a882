package io.sluice.core.vectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * The files of shared vectors. 64-bit words are 16 hexadecimal digits, seeds are signed numbers.
 */
enum VectorFile {
    HASHES("hashes.json", HashVectors::fill),
    SAMPLER("sampler.json", SamplerVectors::fill),
    SKETCH("sketch.json", SketchVectors::fill),
    BF16("bf16.json", BFloat16Vectors::fill);

    private final String fileName;
    private final Consumer<ObjectNode> content;

    VectorFile(String fileName, Consumer<ObjectNode> content) {
        this.fileName = fileName;
        this.content = content;
    }

    String fileName() {
        return fileName;
    }

    void fill(ObjectNode file) {
        content.accept(file);
    }
}
