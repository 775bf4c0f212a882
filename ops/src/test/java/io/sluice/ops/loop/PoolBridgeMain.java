package io.sluice.ops.loop;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.daemon.BridgeDaemon;
import io.sluice.bridge.daemon.DaemonOptions;
import io.sluice.bridge.daemon.RunData;
import io.sluice.bridge.pool.PoolOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A bridge with a document pool in a process of its own, to be killed. */
final class PoolBridgeMain {

    private PoolBridgeMain() {}

    /** Arguments: brokers, prefix of the topics, catalog, state folder, socket. */
    public static void main(String[] args) throws IOException {
        BridgeOptions bridge =
                BridgeOptions.of(args[0], Path.of(args[3]))
                        .withTopicPrefix(args[1])
                        .withPool(PoolOptions.of(args[2]));
        DaemonOptions options =
                DaemonOptions.of(bridge, Path.of(args[4]))
                        .withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        BridgeDaemon.start(
                options, KnownRun.spec("pool", "static"), RunData.NONE, BridgeListener.NONE);
        System.out.println("serving");
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
