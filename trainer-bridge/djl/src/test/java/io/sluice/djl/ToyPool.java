package io.sluice.djl;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.bridge.pool.PoolRecord;
import io.sluice.core.domain.GroupId;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A pool that a test fills by hand. */
final class ToyPool implements AutoCloseable {

    private static final Contract CONTRACT = new Contract();

    final DocumentPool pool;
    private long offset;

    ToyPool(Path folder) {
        pool = DocumentPool.open(folder, PoolOptions.of("toy"), "run", 1);
    }

    void add(GroupId group, String text) {
        AdmittedDocument document =
                AdmittedDocument.newBuilder()
                        .setId(group + "-" + offset)
                        .setCatalog("toy")
                        .setGroup(group.value())
                        .setText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                        .build();
        pool.take(List.of(new PoolRecord(0, offset++, CONTRACT.encode(document))));
    }

    @Override
    public void close() {
        pool.close();
    }
}
