package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ops.chaos.DaemonClient.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A trainer without a model, in a process of its own, of two ranks. Obeys lines on standard input
 * ({@code pause NUMBER}, {@code go}), says what it does in its log, and ends when standard input
 * does.
 */
final class TrainerMain {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TrainerMain() {}

    /** Arguments: the bridge's socket, log, folder for checkpoints, checkpoint to resume or "". */
    public static void main(String[] args) throws Exception {
        Path socket = Path.of(args[0]);
        TrainerLog log = new TrainerLog(Path.of(args[1]));
        try {
            DaemonClient connection = new DaemonClient(socket);
            TrainerRun run = TrainerRun.of(connection.get("/v1/run"));
            TrainerPlans plans = new TrainerPlans();
            ObjectNode start = JSON.createObjectNode();
            start.put("run", run.id());
            if (args[3].isEmpty()) {
                start.put("resume_step", 0);
            } else {
                var checkpoint = JSON.readTree(Files.readString(Path.of(args[3])));
                start.put("resume_step", checkpoint.get("next_step").asLong());
                start.set("checkpoint", checkpoint);
            }
            var session = connection.post("/v1/attempt", start);
            String id = session.get("session").asText();
            long resumeStep = session.get("resume_step").asLong();
            log.write("start", id, resumeStep);
            TrainerSteps steps = new TrainerSteps(run, plans, log, resumeStep);
            TrainerCourier courier =
                    new TrainerCourier(connection, run, plans, steps, log, id, Path.of(args[2]));
            TrainerFollower follower =
                    new TrainerFollower(new DaemonClient(socket), plans, steps, log, id);
            start(courier, "courier");
            start(follower, "rank-1");
            start(steps, "rank-0");
            obey(steps);
        } catch (RefusedException e) {
            log.write("refused", e.code());
        }
        System.exit(0);
    }

    private static void obey(TrainerSteps steps) throws IOException {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            steps.pause(line.startsWith("pause ") ? Long.parseLong(line.substring(6)) : 0);
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, "sluice-trainer-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
