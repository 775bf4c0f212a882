package io.sluice.ops.bench;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.daemon.BridgeDaemon;
import io.sluice.bridge.daemon.DaemonOptions;
import io.sluice.bridge.daemon.RunData;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * A bridge for one of the benchmarks' runs, in a process of its own. Ends in order when it is asked
 * to, or when the process that started it has ended, and with it standard input.
 */
final class BridgeMain {

    private BridgeMain() {}

    /** Arguments: the run of the benchmarks, its id, its seed, brokers, state folder, socket. */
    public static void main(String[] args) throws IOException {
        BenchRun run = BenchRun.valueOf(args[0]);
        DaemonOptions options =
                DaemonOptions.of(run.options(args[3], Path.of(args[4])), Path.of(args[5]))
                        .withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        BridgeDaemon daemon =
                BridgeDaemon.start(
                        options,
                        run.spec(args[1], Long.parseLong(args[2])),
                        RunData.NONE,
                        BridgeListener.NONE);
        Runtime.getRuntime().addShutdownHook(new Thread(daemon::close));
        System.out.println(daemon.metrics().getPort());
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
