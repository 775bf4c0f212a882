package io.sluice.ops.cli;

import io.sluice.bridge.daemon.BridgeDaemon;
import java.io.PrintStream;

/** Tells a person where a bridge is, and what to do with it. */
final class BridgeText {

    private BridgeText() {}

    static void tell(BridgeDaemon bridge, PrintStream out) {
        out.println("run     " + bridge.spec().runId() + ", declared as " + bridge.spec().digest());
        bridge.socket().ifPresent(path -> out.println("bridge  unix:" + path));
        bridge.tcpPort()
                .ifPresent(
                        port -> out.println("bridge  http://127.0.0.1:" + port + " (with token)"));
        out.println(
                "metrics http://"
                        + bridge.metrics().getHostString()
                        + ":"
                        + bridge.metrics().getPort()
                        + "/metrics");
        out.println();
        out.println("In your trainer (trainer-bridge/python):");
        out.println("  import sluice");
        bridge.socket()
                .map(path -> "  run = sluice.connect(\"unix:" + path + "\")")
                .or(
                        () ->
                                bridge.tcpPort().stream()
                                        .mapToObj(
                                                port ->
                                                        "  run = sluice.connect(\"http://127.0.0.1:"
                                                                + port
                                                                + "\", token_file=...)")
                                        .findFirst())
                .ifPresent(out::println);
    }
}
