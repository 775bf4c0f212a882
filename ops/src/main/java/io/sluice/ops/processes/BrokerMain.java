package io.sluice.ops.processes;

import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedBroker.Listener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker in a process of its own; ends in order when the process is asked to. */
final class BrokerMain {

    private BrokerMain() {}

    /** Arguments: folder, port, then {@code NAME:PORT:ADVERTISED_PORT} for each port more. */
    public static void main(String[] args) {
        List<Listener> more = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            String[] parts = args[i].split(":");
            more.add(
                    new Listener(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
        }
        EmbeddedBroker broker =
                EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]), more);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "sluice-broker-stop"));
    }
}
