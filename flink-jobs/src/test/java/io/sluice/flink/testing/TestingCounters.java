package io.sluice.flink.testing;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;

/** Remembers the counters of the group {@code sluice}, as a reporter would see them. */
final class TestingCounters {

    private final Map<String, Counter> counters = new HashMap<>();

    /** A task's metrics, whose counters are remembered here. */
    TaskMetricGroup taskGroup() {
        return TaskManagerMetricGroup.createTaskManagerMetricGroup(
                        TestingMetricRegistry.builder().setRegisterConsumer(this::register).build(),
                        "localhost",
                        ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionAttemptID.randomId(), "task");
    }

    /** The value of a counter by the last parts of its name. */
    long count(String... name) {
        return counters.get("sluice." + String.join(".", name)).getCount();
    }

    void clear() {
        counters.clear();
    }

    private void register(Metric metric, String name, AbstractMetricGroup<?> group) {
        String identifier = group.getMetricIdentifier(name);
        int own = identifier.indexOf("sluice.");
        if (own >= 0 && metric instanceof Counter) {
            counters.put(identifier.substring(own), (Counter) metric);
        }
    }
}
