package io.sluice.ops.bench;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.ops.UserException;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether all ranks of a trainer take every step with the plan that the log says, each document
 * once, whoever dies when: scripted ranks in Python processes are killed and resumed, the bridge is
 * killed and started again, and plans come several times a second.
 */
public final class RanksBench {

    private static final String RUN = "ranks";

    private final int steps;
    private final int ranks;
    private final int kills;
    private final long seed;
    private final PrintStream out;

    /**
     * @param steps steps of the run
     * @param ranks ranks at first, and at most
     * @param kills how often the trainer is killed
     * @param seed of the draws, the plans and the deaths
     */
    public RanksBench(int steps, int ranks, int kills, long seed, PrintStream out) {
        this.steps = steps;
        this.ranks = ranks;
        this.kills = kills;
        this.seed = seed;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        String python =
                PythonScript.interpreter()
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "the ranks are Python processes, and there is no"
                                                        + " Python 3.10 or newer: install one, or name"
                                                        + " it in SLUICE_PYTHON"));
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
            Properties client = Clients.of(broker.bootstrap());
            Topics.create(client, Topic.DEFAULT_PREFIX, 1, (short) 1);
            BridgeProcess.Settings settings =
                    new BridgeProcess.Settings(
                            BenchRun.RANKS,
                            RUN,
                            seed,
                            broker.bootstrap(),
                            scratch.folder("bridge"));
            Path books = scratch.folder("books");
            RanksProgress told = new RanksProgress(out);
            long bridgeDeaths;
            try (MortalBridge bridge = MortalBridge.start(settings, seed, out);
                    ScriptedController controller =
                            new ScriptedController(client, seed, told::step)) {
                out.println(steps + " steps on up to " + ranks + " ranks ...");
                try (JsonProcess script =
                        PythonScript.start(python, "ranks.py", arguments(settings, books))) {
                    told.follow(script);
                }
                bridgeDeaths = bridge.end();
            }
            return result(client, books, told, bridgeDeaths);
        }
    }

    private List<String> arguments(BridgeProcess.Settings settings, Path books) {
        return List.of(
                "--endpoint", settings.endpoint(),
                "--out", books.toString(),
                "--steps", Integer.toString(steps),
                "--draws", Integer.toString(BenchRun.DRAWS),
                "--most-ranks", Integer.toString(ranks),
                "--kills", Integer.toString(kills),
                "--seed", Long.toString(seed));
    }

    private BenchResult result(Properties client, Path books, RanksProgress told, long bridgeDeaths)
            throws Exception {
        RunSpec spec = BenchRun.RANKS.spec(RUN, seed);
        TreeMap<Long, Long> resumeSteps = new TreeMap<>();
        TopicContent.read(client, Topic.RUNS, AttemptStarted.class)
                .forEach(entry -> resumeSteps.put(entry.offset(), entry.value().getResumeStep()));
        List<Seal> seals =
                TopicContent.read(client, Topic.SEALS, Seal.class).stream()
                        .map(TopicContent.Entry::value)
                        .toList();
        RanksJudge.Verdict verdict =
                new RanksJudge(
                                RanksBooks.read(books, steps, ranks, BenchRun.DRAWS),
                                Lineage.of(resumeSteps, seals, steps),
                                spec.groupIds(),
                                new ExactSampler(seed, RUN, BenchRun.DRAWS))
                        .judge();
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put("steps_with_two_versions", (double) verdict.twoVersions());
        figures.put("documents_skipped", (double) verdict.skipped());
        figures.put("documents_repeated", (double) verdict.repeated());
        figures.put("steps_unlike_their_seal", (double) verdict.unlikeSeal());
        figures.put("draws_unlike_java", (double) verdict.unlikeJava());
        figures.put("steps_without_seal", (double) verdict.unsealed());
        figures.put("steps_not_replayed", (double) verdict.notReplayed());
        figures.put("documents", (double) verdict.documents());
        figures.put("plan_versions", (double) verdict.versions());
        figures.put("trainer_deaths", (double) told.kills());
        figures.put("bridge_deaths", (double) bridgeDeaths);
        figures.put("attempts", (double) resumeSteps.size());
        figures.put("held_steps", (double) told.held());
        figures.put("held_by_readers", (double) told.heldByReaders());
        SortedMap<String, Object> settings = BenchRun.RANKS.settings();
        settings.put("steps", steps);
        settings.put("ranks", ranks);
        settings.put("seed", seed);
        return BenchResult.here("ranks", figures, settings);
    }
}
