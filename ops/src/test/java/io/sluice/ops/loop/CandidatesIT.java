package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.ops.candidates.CandidateLoader;
import io.sluice.ops.candidates.CatalogLog;
import io.sluice.ops.candidates.Split;
import io.sluice.ops.candidates.TargetProtection;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.LocalStack;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.GroupSupply;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The candidate job on a real broker and a mini cluster, fed from files, and killed on the way. */
@ExtendWith(StackExtension.class)
final class CandidatesIT {

    private static final int DOCUMENTS = 3_000;

    @Test
    void killedJobsAdmitWhatAnUndisturbedOneAdmitsAndTheBooksBalance(
            LocalStack stack, @TempDir Path folder) throws Exception {
        Path file = write(folder.resolve("crawl.txt.gz"), texts());
        List<String> undisturbed = admitted(stack, "calm.", folder, file, 0);
        List<String> killed = admitted(stack, "killed.", folder, file, 3);
        assertThat(killed).isEqualTo(undisturbed);
    }

    @Test
    void aProtectedTargetsTextIsKeptOut(LocalStack stack, @TempDir Path folder) throws Exception {
        Topics.create(stack.client(), "exam.", 1, (short) 1);
        Path exam = write(folder.resolve("exam.txt"), List.of(text(900_001), text(900_002)));
        Path crawl =
                write(
                        folder.resolve("crawl.txt"),
                        List.of(text(1), text(900_001) + " " + text(2), text(3), text(900_002)));
        try (CatalogLog log = new CatalogLog(stack.client(), "exam.");
                EmbeddedJob job =
                        EmbeddedJob.start(folder.resolve("flink"), options(stack, "exam."), 1)) {
            assertThat(TargetProtection.register(log, "web", "exam", List.of(exam), Split.BLANK))
                    .isEqualTo(new TargetProtection.Registered(2 * 38, 0));
            load(log, crawl);
            List<Rejected> rejected = rejected(stack, "exam.", found -> found.size() >= 2);
            assertThat(rejected)
                    .extracting(Rejected::getReason)
                    .containsExactly(RejectReason.CONTAMINATED, RejectReason.CONTAMINATED);
            assertThat(documents(stack, "exam.", found -> found.size() >= 2))
                    .extracting(document -> document.getId().split("-")[0])
                    .containsExactly("crawl/1", "crawl/3");
            assertThat(job.failure()).isEmpty();
        }
    }

    /** The identifiers that were admitted, in order, with the job killed a few times on the way. */
    private static List<String> admitted(
            LocalStack stack, String prefix, Path folder, Path file, int kills) throws Exception {
        Properties client = stack.client();
        Topics.create(client, prefix, 1, (short) 1);
        try (CatalogLog log = new CatalogLog(client, prefix)) {
            load(log, file);
        }
        Path state = folder.resolve(prefix + "flink");
        for (int kill = 1; kill <= kills; kill++) {
            int some = kill * DOCUMENTS / (kills + 2);
            // Closing takes no savepoint: the next life goes on from a checkpoint, or from nothing.
            EmbeddedJob doomed = EmbeddedJob.start(state, options(stack, prefix), 1);
            documents(stack, prefix, found -> found.size() >= some / 2);
            doomed.close();
        }
        try (EmbeddedJob job = EmbeddedJob.start(state, options(stack, prefix), 1)) {
            Set<Long> judged = new HashSet<>();
            rejected(
                    stack,
                    prefix,
                    found -> {
                        found.forEach(rejected -> judged.add(rejected.getOffset()));
                        return judged.contains((long) DOCUMENTS - 1);
                    });
            List<GroupSupply> supplies =
                    TopicReader.read(
                            client,
                            prefix,
                            Topic.SUPPLY,
                            GroupSupply.class,
                            found ->
                                    !found.isEmpty()
                                            && found.get(found.size() - 1).getAdmitted()
                                                    >= DOCUMENTS - judged.size());
            List<AdmittedDocument> documents =
                    documents(stack, prefix, found -> found.size() >= DOCUMENTS - judged.size());
            List<String> ids = documents.stream().map(AdmittedDocument::getId).toList();
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(documents)
                    .noneMatch(document -> judged.contains(document.getCandidateOffset()));
            assertThat(documents.size() + judged.size()).isEqualTo(DOCUMENTS);
            assertThat(documents)
                    .allMatch(document -> document.getTokens() == document.getText().remaining());
            assertThat(supplies.get(supplies.size() - 1).getAdmitted()).isEqualTo(ids.size());
            assertThat(job.failure()).isEmpty();
            return ids;
        }
    }

    private static void load(CatalogLog log, Path file) {
        CandidateLoader.Options what =
                new CandidateLoader.Options(
                        "web", "en", Optional.empty(), "en", Split.BLANK, 1, "test");
        CandidateLoader.Result result =
                new CandidateLoader(
                                log, what, new PrintStream(OutputStream.nullOutputStream()), false)
                        .load(List.of(file));
        assertThat(result.unsent()).isZero();
    }

    private static List<AdmittedDocument> documents(
            LocalStack stack, String prefix, Predicate<List<AdmittedDocument>> enough) {
        return TopicReader.read(
                stack.client(), prefix, Topic.DOCUMENTS, AdmittedDocument.class, enough);
    }

    private static List<Rejected> rejected(
            LocalStack stack, String prefix, Predicate<List<Rejected>> enough) {
        return TopicReader.read(stack.client(), prefix, Topic.REJECTS, Rejected.class, enough);
    }

    private static CandidateOptions options(LocalStack stack, String prefix) {
        return CandidateOptions.of(stack.client())
                .withTopicPrefix(prefix)
                .with(Map.of("supply-seconds", 0.2));
    }

    /** Every third one is near an earlier one; the last is certain to be rejected. */
    private static List<String> texts() {
        SplittableRandom random = new SplittableRandom(23);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS - 1; i++) {
            String text =
                    i % 3 == 2
                            ? texts.get(random.nextInt(i))
                                    .replace("w" + random.nextInt(200) + " ", "")
                            : text(i);
            texts.add(text);
        }
        texts.add(texts.get(0));
        return texts;
    }

    private static String text(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, 50)
                .mapToObj(i -> "w" + random.nextInt(2_000))
                .collect(Collectors.joining(" "));
    }

    private static Path write(Path file, List<String> documents) throws Exception {
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out =
                        file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
            out.write(String.join("\n\n", documents).getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
