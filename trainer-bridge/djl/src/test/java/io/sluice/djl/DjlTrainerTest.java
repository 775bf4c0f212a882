package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.sluice.bridge.Observation;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlTrainerTest {

    private static final ModelConfig MODEL = new ModelConfig(32, 16, 2, 2, 3);
    private static final List<GroupId> GROUPS = List.of(ToyCorpus.WORDS, ToyCorpus.DIGITS);
    private static final int DRAWS = 4;
    private static final int ROUND = 5;

    @TempDir Path folder;

    private CorpusManifest corpus;

    /** Keeps what it hears. */
    private static final class Recorder implements TrainingListener {

        final List<StepReport> steps = new ArrayList<>();
        final List<Evaluation> evaluations = new ArrayList<>();
        final List<String> wraps = new ArrayList<>();

        @Override
        public void onStep(StepReport report) {
            steps.add(report);
        }

        @Override
        public void onEvaluation(Evaluation evaluation) {
            evaluations.add(evaluation);
        }

        @Override
        public void onWrap(GroupId group, long epoch) {
            wraps.add(group + " " + epoch);
        }
    }

    @BeforeEach
    void writeCorpus() {
        corpus = ToyCorpus.write(folder);
    }

    @Test
    void lossFallsOnAToyText() {
        Recorder heard = new Recorder();
        try (DjlTrainer trainer = start(options(1), heard, session(0))) {
            trainer.train(150);
        }
        double first = heard.evaluations.get(0).meanLoss();
        double last = heard.evaluations.get(heard.evaluations.size() - 1).meanLoss();
        assertThat(first).isLessThan(Math.log(256) + 0.5);
        assertThat(last).isLessThan(1.2);
        double digits = heard.steps.get(149).groupLosses().get(ToyCorpus.DIGITS);
        assertThat(digits).isBetween(Math.log(10) - 0.1, Math.log(10) + 0.3);
    }

    @Test
    void equalSeedsGiveEqualBitsAndOthersDoNot() {
        List<Double> losses = meanLosses(options(1), 20);
        assertThat(meanLosses(options(1), 20)).isEqualTo(losses);
        assertThat(meanLosses(options(2), 20)).isNotEqualTo(losses);
    }

    @Test
    void collectionsAtAnyMomentChangeNoBit() throws InterruptedException {
        List<Double> losses = meanLosses(options(1), 20);
        AtomicBoolean done = new AtomicBoolean();
        Thread collector =
                new Thread(
                        () -> {
                            while (!done.get()) {
                                System.gc();
                            }
                        });
        collector.start();
        try {
            assertThat(meanLosses(options(1), 20)).isEqualTo(losses);
        } finally {
            done.set(true);
            collector.join();
        }
    }

    @Test
    void trainersInSeveralThreadsDoNotFeelEachOther() {
        List<Double> alone = meanLosses(options(1), 20);
        CompletableFuture<List<Double>> first =
                CompletableFuture.supplyAsync(() -> meanLosses(options(1), 20));
        CompletableFuture<List<Double>> second =
                CompletableFuture.supplyAsync(() -> meanLosses(options(1), 20));
        assertThat(first.join()).isEqualTo(alone);
        assertThat(second.join()).isEqualTo(alone);
    }

    @Test
    void averagedWeightsAreMeasuredAndNotTrainedOn() {
        Recorder plain = new Recorder();
        Recorder averaged = new Recorder();
        try (DjlTrainer trainer = start(options(1), plain, session(0))) {
            trainer.train(60);
        }
        try (DjlTrainer trainer = start(options(1).withAveraging(0.9), averaged, session(0))) {
            trainer.train(60);
        }
        assertThat(averaged.steps).isEqualTo(plain.steps);
        for (int i = 0; i < plain.evaluations.size(); i++) {
            // Weights of some steps ago: their loss is still a little higher.
            assertThat(averaged.evaluations.get(i).meanLoss())
                    .isBetween(
                            plain.evaluations.get(i).meanLoss(),
                            plain.evaluations.get(i).meanLoss() + 1.5);
        }
    }

    @Test
    void aTargetOfNoWeightIsMeasuredAndNothingElse() {
        CorpusManifest.Target target = corpus.targets().get(0);
        corpus =
                new CorpusManifest(
                        corpus.name(),
                        corpus.groups(),
                        List.of(
                                new CorpusManifest.Target(
                                        target.id(), 0, target.dev(), target.test())));
        Recorder heard = new Recorder();
        ScriptedSession session = session(0);
        try (DjlTrainer trainer = start(options(1), heard, session)) {
            trainer.train(2 * ROUND);
        }
        assertThat(heard.evaluations).hasSize(1);
        assertThat(session.evaluations).isEmpty();
        assertThat(session.observations).allMatch(o -> o.subject().isGroup());
    }

    @Test
    void tellsTheSessionWhatItSaw() {
        Recorder heard = new Recorder();
        ScriptedSession session = session(0);
        try (DjlTrainer trainer = start(options(1), heard, session)) {
            trainer.train(2 * ROUND);
            assertThat(trainer.nextStep()).isEqualTo(2 * ROUND);
        }
        List<Observation> groups =
                session.observations.stream().filter(o -> o.subject().isGroup()).toList();
        List<Observation> targets =
                session.observations.stream().filter(o -> !o.subject().isGroup()).toList();
        List<Observation> drawn = groups.stream().filter(o -> !o.probe()).toList();
        List<Observation> probes = groups.stream().filter(Observation::probe).toList();
        assertThat(drawn).hasSize(2 * ROUND * DRAWS);
        assertThat(drawn).allMatch(o -> o.tokens() == 4 * 32 && o.sequences() == 4);
        assertThat(drawn).allMatch(o -> o.sketch().length == 0);
        assertThat(probes).hasSize(2 * 2 * corpus.groups().size());
        assertThat(probes).allMatch(o -> o.sequences() == 2 && o.sketch().length == 251);
        assertThat(targets).hasSize(2 * 2);
        assertThat(targets).allMatch(o -> o.sequences() == 8 && o.sketch().length == 251);
        assertThat(session.evaluations)
                .containsExactly(
                        new ScriptedSession.Measured(
                                ToyCorpus.TARGET, heard.evaluations.get(0).meanLoss(), 20 * 32));
        assertThat(session.learningRates.get(0)).isEqualTo(3e-3 / 20);
        assertThat(heard.steps.get(9).tokens()).isEqualTo(10L * DRAWS * 4 * 32);
        double stepLoss = drawn.subList(0, DRAWS).stream().mapToDouble(Observation::lossSum).sum();
        assertThat(heard.steps.get(0).meanLoss())
                .isCloseTo(stepLoss / (DRAWS * 4 * 32), within(1e-12));
    }

    @Test
    void whatIsMeasuredIsTheSketchOfTheSummedLossAtTheWeightsBeforeTheStep() {
        ScriptedSession session = new ScriptedSession(0, GROUPS, DRAWS, 1);
        try (DjlTrainer trainer =
                start(options(1).withoutPreconditioner(), new Recorder(), session)) {
            trainer.train(1);
        }
        try (TestModel model = new TestModel(MODEL, 251, 1)) {
            ByteRows words = probes(0);
            ByteRows digits = probes(1);
            List<Observation> probes =
                    session.observations.stream().filter(Observation::probe).toList();
            assertThat(probes).hasSize(2 * 2);
            for (Observation observed : probes) {
                boolean isWords = observed.subject().equals(Subject.of(ToyCorpus.WORDS));
                model.backward((isWords ? words : digits).take(2));
                NativeSketchTest.assertClose(
                        observed.sketch(),
                        NativeSketchTest.reference(model, TestModel.SKETCH),
                        1e-5);
                model.parameters.zeroGradient();
            }
        }
    }

    @Test
    void sketchesAndTargetsDoNotChangeTraining() {
        List<Double> losses = meanLosses(options(1), 20);
        List<Double> plain = meanLosses(options(1).withoutSketch(), 20);
        for (int i = 0; i < 20; i++) {
            assertThat(plain.get(i)).isCloseTo(losses.get(i), within(1e-4));
        }
    }

    @Test
    void withoutASketchLossesAreReportedAlone() {
        ScriptedSession session = session(0);
        try (DjlTrainer trainer = start(options(1).withoutSketch(), new Recorder(), session)) {
            trainer.train(ROUND);
        }
        assertThat(session.observations)
                .hasSize(ROUND * DRAWS)
                .allMatch(o -> o.subject().isGroup() && o.sketch().length == 0);
    }

    @Test
    void resumesFromACheckpointBitForBit() throws IOException {
        resumesBitForBit(options(1), 3 * ROUND);
    }

    @Test
    void resumesWithinARoundBitForBit() throws IOException {
        resumesBitForBit(options(1), 2 * ROUND + 3);
    }

    private void resumesBitForBit(TrainerOptions options, int saved) throws IOException {
        Path file = folder.resolve("trainer.ckpt");
        Recorder whole = new Recorder();
        ScriptedSession wholeSession = session(0);
        try (DjlTrainer trainer = start(options, whole, wholeSession)) {
            trainer.train(saved);
            trainer.save(file);
            trainer.train(30);
        }
        DjlCheckpoint checkpoint = DjlCheckpoint.read(file);
        assertThat(checkpoint.session()).isEqualTo(wholeSession.checkpoint(saved));
        assertThat(wholeSession.checkpointsSaved).containsExactly((long) saved);
        Recorder rest = new Recorder();
        ScriptedSession restSession = session(checkpoint.session().nextStep());
        try (DjlTrainer trainer =
                DjlTrainer.resume(corpus, options, rest, restSession, checkpoint)) {
            trainer.train(30);
        }
        assertThat(rest.steps).isEqualTo(whole.steps.subList(saved, 30));
        assertThat(rest.evaluations).isEqualTo(whole.evaluations.subList(1, 3));
        int taken = wholeSession.observations.size() - restSession.observations.size();
        assertThat(restSession.observations)
                .usingRecursiveComparison()
                .isEqualTo(
                        wholeSession.observations.subList(taken, wholeSession.observations.size()));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void aCheckpointThatDoesNotFitIsRefused() {
        Path file = folder.resolve("trainer.ckpt");
        try (DjlTrainer trainer = start(options(1), new Recorder(), session(0))) {
            trainer.train(2);
            trainer.save(file);
        }
        DjlCheckpoint checkpoint = DjlCheckpoint.read(file);
        assertThatThrownBy(() -> resume(options(2), session(2), checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("seed");
        assertThatThrownBy(
                        () ->
                                resume(
                                        options(1).withModel(new ModelConfig(32, 8, 1, 1, 0)),
                                        session(2),
                                        checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model");
        assertThatThrownBy(() -> resume(options(1), session(3), checkpoint))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("resumes at step 3, the weights at step 2");
    }

    @Test
    void aDamagedCheckpointIsRefused() throws IOException {
        Path file = folder.resolve("trainer.ckpt");
        assertThatThrownBy(() -> DjlCheckpoint.read(file)).hasMessageContaining("is missing");
        try (DjlTrainer trainer = start(options(1), new Recorder(), session(0))) {
            trainer.save(file);
        }
        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        for (byte[] bad :
                List.of(
                        new byte[0],
                        new byte[100],
                        Arrays.copyOf(good, good.length - 1),
                        flipped)) {
            Files.write(file, bad);
            assertThatThrownBy(() -> DjlCheckpoint.read(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("trainer.ckpt cannot be used");
        }
    }

    @Test
    void wrapsAreToldInOrder() {
        Recorder heard = new Recorder();
        int passRows = probes(1).size();
        try (DjlTrainer trainer = start(options(1), heard, session(0))) {
            // Each group gives eight rows a step.
            trainer.train(2 * passRows / 8 + 1);
        }
        assertThat(heard.wraps.stream().filter(wrap -> wrap.startsWith("digits")))
                .containsExactly("digits 1", "digits 2");
    }

    @Test
    void aLossThatIsNotFiniteStopsTraining() {
        TrainerOptions options =
                options(1).withLearningRate(LearningRate.constant(1e30, 0)).withoutSketch();
        try (DjlTrainer trainer = start(options, new Recorder(), session(0))) {
            assertThatThrownBy(() -> trainer.train(10))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("the loss of")
                    .hasMessageContaining("lower the learning rate");
        }
    }

    @Test
    void aGroupThatTheCorpusLacksIsNamed() {
        ScriptedSession session = new ScriptedSession(0, List.of(new GroupId("none")), 1, ROUND);
        try (DjlTrainer trainer = start(options(1), new Recorder(), session)) {
            assertThatThrownBy(() -> trainer.train(1))
                    .isInstanceOf(TrainingException.class)
                    .hasMessage("the plan of step 0 draws none, not in the corpus");
        }
    }

    @Test
    void stepsLeaveNoArraysBehind() {
        NDManager system;
        int others;
        try (NDManager base = TorchEngine.open(TestModel.CPU)) {
            system = base.getParentManager();
            others = system.getManagedArrays().size();
        }
        try (DjlTrainer trainer = start(options(1), new Recorder(), session(0))) {
            trainer.train(ROUND + 1);
            int own = system.getManagedArrays().size();
            assertThat(own).isGreaterThan(others);
            trainer.train(10 * ROUND);
            assertThat(system.getManagedArrays()).hasSize(own);
        }
        assertThat(system.getManagedArrays()).hasSize(others);
    }

    private static TrainerOptions options(long seed) {
        return TrainerOptions.demo(seed, TestModel.SKETCH)
                .withModel(MODEL)
                .withRows(new TrainerOptions.Rows(4, 2, 8, 20, 10))
                .withLearningRate(LearningRate.constant(3e-3, 20))
                .withCompute(TestModel.CPU);
    }

    private static ScriptedSession session(long resumeStep) {
        return new ScriptedSession(resumeStep, GROUPS, DRAWS, ROUND);
    }

    private DjlTrainer start(
            TrainerOptions options, TrainingListener listener, ScriptedSession session) {
        return DjlTrainer.start(corpus, options, listener, session);
    }

    private void resume(TrainerOptions options, ScriptedSession session, DjlCheckpoint checkpoint) {
        DjlTrainer.resume(corpus, options, new Recorder(), session, checkpoint).close();
    }

    private List<Double> meanLosses(TrainerOptions options, int steps) {
        Recorder heard = new Recorder();
        try (DjlTrainer trainer = start(options, heard, session(0))) {
            trainer.train(steps);
        }
        return heard.steps.stream().map(TrainingListener.StepReport::meanLoss).toList();
    }

    /** A group's rows as the trainer with seed 1 takes them. */
    private ByteRows probes(int group) {
        CorpusManifest.Group from = corpus.groups().get(group);
        return new ByteRows("probes of " + from.id(), from.text().read(), MODEL.rowLength(), 1);
    }
}
