package io.sluice.ops.chaos;

import io.sluice.ops.processes.TcpProxy;
import io.sluice.ops.processes.TcpProxy.Direction;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** Connections that are cut, one-sided or slow: F4, F5, F23. */
final class NetworkFaults {

    private static final long CUT_MILLIS = 12_000;
    private static final Duration LATENCY = Duration.ofSeconds(2);
    private static final long SLOW_MILLIS = 15_000;

    private NetworkFaults() {}

    static List<Fault> all() {
        return List.of(new Partition(), new OneWay(), new Slow());
    }

    private static void cut(TcpProxy proxy, EnumSet<Direction> directions)
            throws InterruptedException {
        proxy.blackhole(directions);
        Thread.sleep(CUT_MILLIS);
        proxy.pass();
    }

    private static final class Partition implements Fault {

        @Override
        public String id() {
            return "F4";
        }

        @Override
        public String what() {
            return "bridge and job lose the broker: nothing passes, resets, half-open connections";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            TcpProxy bridges = scene.cluster().bridgeProxy();
            TcpProxy jobs = scene.cluster().jobProxy();
            cut(bridges, EnumSet.allOf(Direction.class));
            bridges.reset();
            cut(jobs, EnumSet.allOf(Direction.class));
            jobs.reset();
            bridges.halfOpen();
            return Outcome.promisingNothing("12 s each, then resets");
        }
    }

    private static final class OneWay implements Fault {

        @Override
        public String id() {
            return "F5";
        }

        @Override
        public String what() {
            return "telemetry goes out and no plan comes in; then the reverse";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            cut(scene.cluster().bridgeProxy(), EnumSet.of(Direction.TO_CLIENT));
            cut(scene.cluster().bridgeProxy(), EnumSet.of(Direction.TO_SERVER));
            return Outcome.promisingNothing("12 s each way");
        }
    }

    private static final class Slow implements Fault {

        @Override
        public String id() {
            return "F23";
        }

        @Override
        public String what() {
            return "every byte between bridge and broker takes 2 s: stale evidence, late plans";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            scene.cluster().bridgeProxy().delay(LATENCY);
            Thread.sleep(SLOW_MILLIS);
            scene.cluster().bridgeProxy().pass();
            return Outcome.promisingNothing("for 15 s");
        }
    }
}
