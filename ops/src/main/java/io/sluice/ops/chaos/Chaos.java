package io.sluice.ops.chaos;

import io.sluice.ops.UserException;
import io.sluice.ops.chaos.ChaosResult.Range;
import io.sluice.ops.chaos.ChaosRow.Verdict;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ReplayView;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Strikes a cluster with faults, one after the other, lets each heal, and has the oracle judge what
 * came since the last one.
 */
public final class Chaos {

    private static final Duration HEALING = Duration.ofSeconds(90);
    private static final int TOLD = 5;
    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final Duration REPLAY = Duration.ofSeconds(60);

    private final Scene scene;
    private final PrintStream out;
    private final Set<String> known = new HashSet<>();
    private final Map<Invariant, Long> looked = new EnumMap<>(Invariant.class);
    private final SortedMap<Long, Recount> counts = new TreeMap<>();
    private RunRecount inRun = new RunRecount(new Range(0, 0, 0), new Range(0, 0, 0));

    private Chaos(Scene scene, PrintStream out) {
        this.scene = scene;
        this.out = out;
    }

    /** The names of all faults, in the order of the matrix. */
    public static List<String> names() {
        return faults().map(Fault::id).toList();
    }

    /** Every fault once, and two more kills of a TaskManager. */
    public static List<String> usual() {
        List<String> usual = new ArrayList<>(names());
        usual.addAll(List.of("F1", "F1"));
        return usual;
    }

    /** Deletes what a run has left in its folder. */
    public static void forget(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    /**
     * Runs faults.
     *
     * @param folder where everything is kept; empty or absent
     * @param jar the job's jar
     * @param names the faults, each as often as it is to strike; they are shuffled by the seed
     * @param least how long to go on at least, with the same faults again
     * @param out where progress is told
     */
    public static ChaosResult run(
            Path folder, Path jar, long seed, List<String> names, Duration least, PrintStream out)
            throws Exception {
        out.println("starting a cluster in " + folder);
        long start = System.nanoTime();
        try (Scene scene = Scene.start(folder, jar, seed)) {
            Chaos chaos = new Chaos(scene, out);
            Random order = new Random(seed);
            List<ChaosRow> rows = new ArrayList<>();
            do {
                List<String> shuffled = new ArrayList<>(names);
                Collections.shuffle(shuffled, order);
                for (String name : shuffled) {
                    rows.add(chaos.strike(fault(name)));
                }
            } while (System.nanoTime() - start < least.toNanos());
            return chaos.result(seed, rows);
        }
    }

    private ChaosRow strike(Fault fault) throws Exception {
        out.println(fault.id() + ": " + fault.what());
        List<String> notes = new ArrayList<>();
        Map<Invariant, Verdict> verdicts = new EnumMap<>(Invariant.class);
        Verdict expected = Verdict.BROKEN;
        String told = "";
        double seconds = -1;
        try {
            Fault.Outcome outcome = fault.strike(scene);
            expected = outcome.expected();
            told = outcome.told();
            long plan =
                    scene.awaitPlan(
                            outcome.endMillis(),
                            ack -> ack.getOfferedEpoch() > outcome.epoch(),
                            HEALING);
            seconds = (plan - outcome.endMillis()) / 1e3;
            verdicts.put(Invariant.I9, Verdict.HELD);
        } catch (UserException e) {
            verdicts.put(Invariant.I9, Verdict.BROKEN);
            notes.add("I9: " + e.getMessage());
        }
        verdicts.putAll(judge(notes));
        ChaosRow row =
                new ChaosRow(
                        fault.id(), fault.what(), expected.word(), told, seconds, verdicts, notes);
        out.printf(
                "  %s, next plan after %.1f s: %s%n",
                told, seconds, row.isSound() ? "held" : notes);
        return row;
    }

    /** Judges while the trainer waits; what is broken is told once, at the fault it came with. */
    private Map<Invariant, Verdict> judge(List<String> notes) throws Exception {
        OptionalLong quiet = OptionalLong.empty();
        try {
            quiet = OptionalLong.of(scene.quiet());
        } catch (UserException e) {
            notes.add("not judged at rest: " + e.getMessage());
        }
        List<Finding> findings = settled(quiet);
        if (quiet.isPresent()) {
            long attempt = quiet.getAsLong();
            History history = scene.history();
            Recount.of(history, attempt).ifPresent(count -> counts.put(attempt, count));
            inRun = RunRecount.of(history, attempt).orElse(inRun);
        }
        scene.go();
        Map<Invariant, Verdict> verdicts = new EnumMap<>(Invariant.class);
        for (Finding finding : findings) {
            List<String> news = finding.violations().stream().filter(known::add).toList();
            long before = looked.getOrDefault(finding.invariant(), 0L);
            looked.put(finding.invariant(), Math.max(before, finding.looked()));
            if (!news.isEmpty()) {
                verdicts.put(finding.invariant(), Verdict.BROKEN);
                notes.add(finding.invariant() + " is: " + finding.invariant().sentence());
                news.stream()
                        .limit(TOLD)
                        .forEach(violation -> notes.add(finding.invariant() + ": " + violation));
                if (news.size() > TOLD) {
                    notes.add(finding.invariant() + ": and " + (news.size() - TOLD) + " more");
                }
            } else if (finding.looked() > before) {
                verdicts.put(finding.invariant(), Verdict.HELD);
            } else {
                verdicts.put(finding.invariant(), Verdict.NOT_APPLICABLE);
                notes.add(finding.invariant() + " is n/a: the fault left nothing to judge it by");
            }
        }
        return verdicts;
    }

    /** The last records of a quiet attempt may still be on their way to the topics. */
    private List<Finding> settled(OptionalLong quiet) throws Exception {
        long start = System.nanoTime();
        while (true) {
            List<Finding> findings = Oracle.judge(scene.evidence(quiet));
            boolean news =
                    findings.stream()
                            .flatMap(finding -> finding.violations().stream())
                            .anyMatch(violation -> !known.contains(violation));
            if (!news || System.nanoTime() - start > SETTLING.toNanos()) {
                return findings;
            }
            Thread.sleep(500);
        }
    }

    private ChaosResult result(long seed, List<ChaosRow> rows) throws Exception {
        out.println("making every recorded decision once more");
        ChaosResult.Replayed replayed = replayed();
        List<TrainerLife.Step> steps =
                scene.evidence(OptionalLong.empty()).trainers().stream()
                        .flatMap(life -> life.steps().stream())
                        .toList();
        return new ChaosResult(
                seed,
                rows,
                new ChaosResult.Count(
                        counts.values().stream().mapToLong(Recount::expected).sum(),
                        counts.values().stream().mapToLong(Recount::counted).sum(),
                        counts.values().stream().mapToLong(Recount::late).sum(),
                        inRun.total(),
                        inRun.lineage()),
                replayed,
                scene.kills(),
                OverheadCheck.quantile(steps) / 1e3,
                steps.size());
    }

    /** What {@code ./sluice replay} finds in the run that was just tormented. */
    private ChaosResult.Replayed replayed() {
        try (Inspector inspector =
                new Inspector(scene.cluster().client(), Topic.DEFAULT_PREFIX, REPLAY)) {
            ReplayView view = inspector.replay(scene.spec().runId(), decision -> {});
            return new ChaosResult.Replayed(
                    view.recorded(),
                    view.recorded() - view.same(),
                    view.difference().isPresent() ? view.text() : "");
        } catch (UserException e) {
            return new ChaosResult.Replayed(0, 0, e.getMessage());
        }
    }

    private static Fault fault(String name) {
        return faults().filter(fault -> fault.id().equals(name)).findFirst().orElseThrow();
    }

    private static Stream<Fault> faults() {
        return Stream.of(
                        ProcessFaults.all(),
                        NetworkFaults.all(),
                        RecordFaults.all(),
                        JobFaults.all(),
                        TrainerFaults.all())
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(Chaos::number));
    }

    private static int number(Fault fault) {
        return Integer.parseInt(fault.id().substring(1));
    }
}
