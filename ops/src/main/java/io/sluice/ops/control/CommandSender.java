package io.sluice.ops.control;

import io.sluice.ops.UserException;
import io.sluice.ops.stack.KafkaFaults;
import io.sluice.schemas.Contract;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts a command where the job reads it. */
public final class CommandSender {

    private static final int CONTACT_MILLIS = 15_000;

    private CommandSender() {}

    /**
     * Sends a command and waits until the log has it.
     *
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the topics' names
     * @throws UserException when the brokers do not answer or refuse
     */
    public static void send(Properties client, String prefix, OperatorCommand command)
            throws InterruptedException {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        settings.setProperty(ProducerConfig.CLIENT_ID_CONFIG, "sluice-control");
        settings.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(CONTACT_MILLIS));
        settings.setProperty(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(CONTACT_MILLIS / 2));
        settings.setProperty(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(CONTACT_MILLIS));
        settings.setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(2 * Contract.LARGE));
        byte[] key = command.getRunId().getBytes(StandardCharsets.UTF_8);
        byte[] value = new Contract().encode(command);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.CONTROL.name(prefix), key, value))
                    .get(2L * CONTACT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw unreachable(e);
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            if (cause instanceof TimeoutException) {
                throw unreachable(cause);
            }
            throw new UserException(
                    "the command was not given: "
                            + KafkaFaults.reason(cause, settings)
                            + "; check the credentials (--kafka, --kafka-properties), and that they may write to "
                            + Topic.CONTROL.name(prefix),
                    cause);
        }
    }

    private static UserException unreachable(Throwable cause) {
        return UserException.unreachable(
                "the brokers did not take the command: check that they run and that the address is right (--bootstrap)",
                cause);
    }
}
