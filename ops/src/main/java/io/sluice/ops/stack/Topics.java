package io.sluice.ops.stack;

import io.sluice.ops.UserException;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the contract's topics, with their settings. Nothing else ever creates one. */
public final class Topics {

    private static final long SECONDS = 30;

    private Topics() {}

    /**
     * One topic of the contract on some brokers.
     *
     * @param topic which
     * @param name its name there
     * @param existed whether it was there before
     * @param partitions how many partitions it has, or is to get
     * @param faults what must be changed about a topic that was there, in words
     */
    public record Found(
            Topic topic, String name, boolean existed, int partitions, List<String> faults) {

        private Found asNew() {
            return new Found(topic, name, false, partitions, faults);
        }
    }

    /**
     * Creates the topics that are missing.
     *
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the names
     * @param partitions partitions of the topics that are keyed by run
     * @param replication copies of each partition
     * @return every topic of the contract
     * @throws UserException when the brokers do not answer, or refuse
     */
    public static List<Found> create(
            Properties client, String prefix, int partitions, short replication)
            throws InterruptedException {
        return with(
                client,
                admin -> {
                    Set<String> made = new HashSet<>();
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                    List<Found> all = inspect(admin, prefix, partitions);
                    while (!createMissing(admin, all, replication, made)) {
                        if (System.nanoTime() > deadline) {
                            throw new TimeoutException();
                        }
                        all = inspect(admin, prefix, partitions);
                    }
                    return all.stream()
                            .map(found -> made.contains(found.name()) ? found.asNew() : found)
                            .toList();
                });
    }

    /**
     * Creates what is missing, and notes it; answers false when some of it is there by now: brokers
     * tell of a topic a little after it is made, and somebody else may make it at the same time.
     */
    private static boolean createMissing(
            Admin admin, List<Found> all, short replication, Set<String> made)
            throws ExecutionException, TimeoutException, InterruptedException {
        List<NewTopic> missing =
                all.stream()
                        .filter(found -> !found.existed())
                        .map(
                                found ->
                                        new NewTopic(found.name(), found.partitions(), replication)
                                                .configs(found.topic().settings()))
                        .toList();
        boolean alone = true;
        for (Map.Entry<String, KafkaFuture<Void>> answer :
                admin.createTopics(missing).values().entrySet()) {
            try {
                answer.getValue().get(SECONDS, TimeUnit.SECONDS);
                made.add(answer.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                alone = false;
            }
        }
        return alone;
    }

    /** As {@link #create}, without creating any. */
    public static List<Found> inspect(Properties client, String prefix, int partitions)
            throws InterruptedException {
        return with(client, admin -> inspect(admin, prefix, partitions));
    }

    private interface Work {
        List<Found> apply(Admin admin)
                throws ExecutionException, TimeoutException, InterruptedException;
    }

    private static List<Found> with(Properties client, Work work) throws InterruptedException {
        String brokers = client.getProperty("bootstrap.servers");
        try (Admin admin = Admin.create(client)) {
            return work.apply(admin);
        } catch (ExecutionException e) {
            throw new UserException(
                    "the brokers at "
                            + brokers
                            + " refuse: "
                            + e.getCause().getMessage()
                            + "; check the settings, and what this client may do",
                    e);
        } catch (TimeoutException e) {
            throw new UserException(
                    "the brokers at "
                            + brokers
                            + " do not answer: check that they run, that the address is right, and"
                            + " how they want to be spoken to (--kafka, --kafka-properties)",
                    e);
        }
    }

    private static List<Found> inspect(Admin admin, String prefix, int partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        var present = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
        List<String> ours =
                List.of(Topic.values()).stream()
                        .map(topic -> topic.name(prefix))
                        .filter(present::contains)
                        .toList();
        Map<String, TopicDescription> described =
                admin.describeTopics(ours).allTopicNames().get(SECONDS, TimeUnit.SECONDS);
        Map<String, Config> settings =
                admin
                        .describeConfigs(
                                ours.stream()
                                        .map(
                                                name ->
                                                        new ConfigResource(
                                                                ConfigResource.Type.TOPIC, name))
                                        .toList())
                        .all()
                        .get(SECONDS, TimeUnit.SECONDS)
                        .entrySet()
                        .stream()
                        .collect(
                                Collectors.toMap(
                                        entry -> entry.getKey().name(), Map.Entry::getValue));
        List<Found> found = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            String name = topic.name(prefix);
            if (!described.containsKey(name)) {
                found.add(new Found(topic, name, false, topic.partitions(partitions), List.of()));
                continue;
            }
            int has = described.get(name).partitions().size();
            found.add(new Found(topic, name, true, has, faults(topic, has, settings.get(name))));
        }
        return found;
    }

    /** More partitions than asked for are as good; a smaller message or a shorter life is not. */
    private static List<String> faults(Topic topic, int partitions, Config actual) {
        List<String> faults = new ArrayList<>();
        if (topic.partitions(partitions) != partitions) {
            faults.add(
                    "has "
                            + partitions
                            + " partitions and must have "
                            + topic.partitions(partitions)
                            + ": delete it before anything runs, and create it again");
        }
        topic.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        wanted -> {
                            ConfigEntry entry = actual.get(wanted.getKey());
                            String value = entry == null ? "" : entry.value();
                            if (!suffices(wanted.getKey(), value, wanted.getValue())) {
                                faults.add(
                                        "has "
                                                + wanted.getKey()
                                                + "="
                                                + value
                                                + " and needs "
                                                + wanted.getValue()
                                                + ": set it with kafka-configs.sh");
                            }
                        });
        return faults;
    }

    private static boolean suffices(String setting, String actual, String wanted) {
        if (setting.equals("cleanup.policy")) {
            return actual.equals(wanted);
        }
        try {
            long has = Long.parseLong(actual);
            long needs = Long.parseLong(wanted);
            boolean unlimited = has < 0;
            return unlimited || needs >= 0 && has >= needs;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
