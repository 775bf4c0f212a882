package io.sluice.flink.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Looks for the topics before a job starts: a source on a missing topic would restart the job for
 * ever.
 */
public final class TopicPreflight {

    private static final long SECONDS = 30;

    private TopicPreflight() {}

    /** A topic is missing, or the brokers do not answer. */
    public static final class TopicsUnavailableException extends RuntimeException {

        private static final long serialVersionUID = 1;

        TopicsUnavailableException(String message) {
            super(message);
        }

        TopicsUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Returns when every topic exists.
     *
     * @throws TopicsUnavailableException when one does not, or the brokers do not answer within 30
     *     seconds
     */
    public static void require(Properties client, List<String> topics) {
        String brokers = client.getProperty("bootstrap.servers");
        try (Admin admin = Admin.create(client)) {
            Set<String> present = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
            List<String> missing = new ArrayList<>(topics);
            missing.removeAll(present);
            if (!missing.isEmpty()) {
                throw new TopicsUnavailableException(
                        "the brokers at "
                                + brokers
                                + " have no topic "
                                + String.join(", ", missing)
                                + ": create them first with './sluice topics create'");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new TopicsUnavailableException(
                    "the brokers at "
                            + brokers
                            + " do not answer: check that they run and that the address is right",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailableException("interrupted while looking for topics", e);
        }
    }
}
