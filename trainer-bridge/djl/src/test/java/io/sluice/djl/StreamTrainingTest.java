package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTrainingTest {

    private static final int DRAWS = 4;
    private static final int ROUND = 5;

    @TempDir Path folder;

    private CorpusManifest corpus;
    private ToyPool pool;

    /** Keeps the mean losses of the steps. */
    private static final class Losses implements TrainingListener {

        final List<Double> all = new ArrayList<>();

        @Override
        public void onStep(StepReport report) {
            all.add(report.meanLoss());
        }
    }

    @BeforeEach
    void open() {
        corpus = ToyCorpus.write(folder);
        pool = new ToyPool(folder.resolve("pool"));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aTrainerThatResumesDrawsWhatItsCheckpointHadNot() {
        fill(ToyCorpus.WORDS);
        fill(ToyCorpus.DIGITS);
        Path file = folder.resolve("checkpoint");
        Losses heard = new Losses();
        try (DjlTrainer trainer = stream(heard, session(0), Optional.empty())) {
            trainer.train(7);
            trainer.save(file);
            trainer.train(15);
        }
        Losses resumed = new Losses();
        DjlCheckpoint checkpoint = DjlCheckpoint.read(file);
        try (DjlTrainer trainer = stream(resumed, session(7), Optional.of(checkpoint))) {
            trainer.train(15);
        }
        assertThat(resumed.all).isEqualTo(heard.all.subList(7, 15));
    }

    @Test
    void whatWasDrawnBeforeTheOldestKeptCheckpointIsReleasedAndNothingElse() {
        fill(ToyCorpus.WORDS);
        fill(ToyCorpus.DIGITS);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Losses heard = new Losses();
        try (DjlTrainer trainer = stream(heard, session(0), Optional.empty())) {
            trainer.train(4);
            trainer.save(first);
            trainer.train(8);
            trainer.save(second);
            trainer.release(DjlCheckpoint.read(second));
            trainer.train(12);
        }
        Losses resumed = new Losses();
        DjlCheckpoint kept = DjlCheckpoint.read(second);
        try (DjlTrainer trainer = stream(resumed, session(8), Optional.of(kept))) {
            trainer.train(12);
        }
        assertThat(resumed.all).isEqualTo(heard.all.subList(8, 12));

        DjlCheckpoint givenUp = DjlCheckpoint.read(first);
        try (DjlTrainer trainer = stream(new Losses(), session(4), Optional.of(givenUp))) {
            assertThatThrownBy(() -> trainer.train(5))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was released");
        }
    }

    @Test
    void drawsOfAnEmptyGroupAreLeftOutUntilItHasDocuments() {
        fill(ToyCorpus.WORDS);
        ScriptedSession session = session(0);
        try (DjlTrainer trainer = stream(new Losses(), session, Optional.empty())) {
            trainer.train(1);
            assertThat(groups(session)).containsExactly(ToyCorpus.WORDS, ToyCorpus.WORDS);
            fill(ToyCorpus.DIGITS);
            trainer.train(2);
        }
        assertThat(groups(session)).hasSize(2 + DRAWS).contains(ToyCorpus.DIGITS);
    }

    @Test
    void aStepWithoutAnyDocumentIsRefused() {
        try (DjlTrainer trainer = stream(new Losses(), session(0), Optional.empty())) {
            assertThatThrownBy(() -> trainer.train(1))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("step 0");
        }
    }

    private static List<GroupId> groups(ScriptedSession session) {
        return session.observations.stream()
                .filter(observed -> !observed.probe())
                .map(observed -> observed.subject())
                .filter(Subject::isGroup)
                .map(subject -> new GroupId(subject.id()))
                .toList();
    }

    private void fill(GroupId group) {
        String all = new String(ToyCorpus.sentences(5), StandardCharsets.UTF_8);
        for (String text : all.split("\n\f\n")) {
            pool.add(group, text);
        }
    }

    private DjlTrainer stream(
            TrainingListener listener, ScriptedSession session, Optional<DjlCheckpoint> from) {
        TrainerOptions options =
                TrainerOptions.demo(1, TestModel.SKETCH)
                        .withModel(new ModelConfig(32, 16, 2, 2, 3))
                        .withCompute(TestModel.CPU);
        return DjlTrainer.stream(corpus, options, listener, session, pool.pool, from);
    }

    private static ScriptedSession session(long resumeStep) {
        return new ScriptedSession(
                resumeStep, List.of(ToyCorpus.WORDS, ToyCorpus.DIGITS), DRAWS, ROUND);
    }
}
