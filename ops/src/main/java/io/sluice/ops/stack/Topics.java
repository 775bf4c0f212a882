package io.sluice.ops.stack;

import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Creates the contract's topics, with their settings. Nothing else ever creates one. */
public final class Topics {

    private static final long SECONDS = 60;

    private Topics() {}

    /**
     * Creates the topics that are missing.
     *
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the names
     * @param partitions partitions of the topics that are keyed by run
     * @param replication copies of each partition
     */
    public static void create(Properties client, String prefix, int partitions, short replication)
            throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            Set<String> present = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                if (!present.contains(topic.name(prefix))) {
                    missing.add(
                            new NewTopic(
                                            topic.name(prefix),
                                            topic.partitions(partitions),
                                            replication)
                                    .configs(topic.settings()));
                }
            }
            admin.createTopics(missing).all().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics could not be created", e);
        }
    }
}
