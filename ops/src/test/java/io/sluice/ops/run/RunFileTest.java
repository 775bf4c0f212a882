package io.sluice.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunFileTest {

    @TempDir private Path folder;

    @Test
    void aShortFileTakesTheDefaults() throws IOException {
        RunFile file = read("run: r\ngroups: {a: {}, b: {}}\ntargets: {t: {}}\n");
        RunSpec spec = file.spec();
        assertThat(spec.runId()).isEqualTo("r");
        assertThat(spec.mode()).isEqualTo(Mode.CONTROL);
        assertThat(spec.seed()).isEqualTo(1);
        assertThat(spec.shards()).isEqualTo(1);
        assertThat(spec.policy().name()).isEqualTo("dga");
        assertThat(spec.policy().options()).isEmpty();
        assertThat(spec.guards()).isEqualTo(GuardSpec.DEFAULT);
        assertThat(spec.rounds()).isEqualTo(new RoundSpec(20, 5, 40));
        assertThat(spec.sketch()).isEqualTo(new SketchSpec(8191, 1));
        assertThat(spec.groups())
                .containsExactly(
                        new GroupSpec(new GroupId("a"), 0.5, 0, 1),
                        new GroupSpec(new GroupId("b"), 0.5, 0, 1));
        assertThat(file.drawsPerStep()).isEqualTo(8);
        assertThat(file.data().groups()).isEmpty();
        assertThat(file.data().targets()).isEmpty();
    }

    @Test
    void theReportSaysWhatTheRunBeginsWith() throws IOException {
        RunFile file =
                read(
                        "run: r\npolicy: {name: static}\ngroups: {a: {}, b: {}, c: {prior: 2, dormant: true}}\n");
        assertThat(RunReport.of(file).groups())
                .extracting(group -> group.id(), group -> group.share(), group -> group.dormant())
                .containsExactly(
                        tuple("a", .5, false), tuple("b", .5, false), tuple("c", 0.0, true));
    }

    @Test
    void everyKeyGetsWhereItBelongs() throws IOException {
        Files.createDirectories(folder.resolve("web"));
        Files.writeString(folder.resolve("web/b.txt"), "b");
        Files.writeString(folder.resolve("web/a.txt"), "a");
        Files.createDirectories(folder.resolve("shards"));
        Files.writeString(folder.resolve("shards/index.json"), "{}");
        RunFile file =
                read(
                        """
                        run: my-run
                        mode: observe
                        seed: -17
                        draws_per_step: 4
                        shards: 2
                        policy: {name: dga, options: {eta: 0.3}}
                        guards: {prior_pull: 0.2, max_kl: 0.3, signal_decay: 0.4,
                                 min_group_sequences: 5, min_target_sequences: 6}
                        rounds: {steps: 7, lead_steps: 8, warm_up_steps: 9}
                        sketch: {dimension: 61, seed: 3}
                        groups:
                          web: {prior: 3, floor: 0.1, cap: 0.9, data: {files: "web/*.txt"}}
                          code: {prior: 1, data: {huggingface: the/stack, config: c, split: train, field: text}}
                        targets:
                          dev: {weight: 1, data: {mosaicml: shards}}
                          remote: {weight: 1, data: {mosaicml: "s3://bucket/dev"}}
                        """);
        RunSpec spec = file.spec();
        assertThat(spec.mode()).isEqualTo(Mode.OBSERVE);
        assertThat(spec.seed()).isEqualTo(-17);
        assertThat(spec.shards()).isEqualTo(2);
        assertThat(spec.policy().options()).isEqualTo(Map.of("eta", 0.3));
        assertThat(spec.guards()).isEqualTo(new GuardSpec(0.2, 0.3, 0.4, 5, 6));
        assertThat(spec.rounds()).isEqualTo(new RoundSpec(7, 8, 9));
        assertThat(spec.sketch()).isEqualTo(new SketchSpec(61, 3));
        assertThat(spec.groups())
                .containsExactly(
                        new GroupSpec(new GroupId("code"), 0.25, 0, 1),
                        new GroupSpec(new GroupId("web"), 0.75, 0.1, 0.9));
        assertThat(file.drawsPerStep()).isEqualTo(4);
        assertThat(file.data().groups())
                .containsEntry(
                        new GroupId("web"),
                        Map.of(
                                "files",
                                List.of(
                                        folder.resolve("web/a.txt").toString(),
                                        folder.resolve("web/b.txt").toString())))
                .containsEntry(
                        new GroupId("code"),
                        Map.of(
                                "huggingface",
                                "the/stack",
                                "config",
                                "c",
                                "split",
                                "train",
                                "field",
                                "text"));
        assertThat(file.data().targets())
                .containsEntry(
                        new TargetId("dev"),
                        Map.of("mosaicml", folder.resolve("shards").toString()))
                .containsEntry(new TargetId("remote"), Map.of("mosaicml", "s3://bucket/dev"));
    }

    @Test
    void everyProblemIsToldWithItsLineKeyValueAndWhatIsAllowed() throws IOException {
        List<Problem> problems =
                problems(
                        """
                        run: my run
                        seed: 1.5
                        polcy: {name: dga}
                        mode: contrl
                        guards: {max_kl: 0}
                        groups:
                          web:
                            prior: -1
                            prior: 2
                            data: {files: "nowhere/*.txt"}
                          "a b": {}
                          code: {data: {split: x}}
                          list: [1, 2]
                        targets:
                          t: {weight: zero, data: {files: [], huggingface: x}}
                        """);
        assertThat(problems)
                .extracting(Problem::line)
                .containsExactly(1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 15, 15);
        assertThat(problems)
                .extracting(Problem::message)
                .contains(
                        "key 'seed' is '1.5': allowed is a 64-bit integer",
                        "key 'mode' is 'contrl' (did you mean 'control'?): allowed is one of observe, control",
                        "key 'guards.max_kl' is '0': allowed is a number above 0, at most 100",
                        "key 'groups.web.prior' is '-1': allowed is a number above 0, at most 1000000000",
                        "key 'groups.web.prior' stands here twice: remove one")
                .anyMatch(
                        message ->
                                message.startsWith(
                                        "key 'polcy' is unknown: did you mean 'policy'?"));
        assertThat(problems.get(5).column()).isEqualTo(12);
        assertThat(problems.get(5).toString())
                .startsWith(folder.resolve("run.yaml") + ":8:12: key 'groups.web.prior'");
    }

    @Test
    void boundsAreComparedWithTheShareThatAPriorComesTo() throws IOException {
        assertThat(
                        problems(
                                """
                                run: r
                                groups:
                                  a: {prior: 3, cap: 0.5}
                                  b: {prior: 1, floor: 0.3}
                                targets: {t: {}}
                                """))
                .extracting(Problem::message)
                .containsExactly(
                        "key 'groups.a.cap' is 0.5: allowed is at least the group's share, here 0.75",
                        "key 'groups.b.floor' is 0.3: allowed is at most the group's share, here 0.25");
    }

    @Test
    void aBoundThatIsTheShareButForRoundingIsTaken() throws IOException {
        RunFile file =
                read(
                        """
                        run: r
                        policy: {name: static}
                        groups:
                          a: {prior: 0.1}
                          b: {prior: 0.1}
                          c: {prior: 0.6, floor: 0.75, cap: 0.75}
                        """);

        assertThat(file.spec().groups().get(2).floor())
                .isEqualTo(file.spec().groups().get(2).prior());
    }

    @Test
    void whatThePolicyNeedsIsToldAtThePolicy() throws IOException {
        List<Problem> noTarget = problems("run: r\ngroups: {a: {}}\npolicy:\n  name: dga\n");
        assertThat(noTarget).singleElement().extracting(Problem::line).isEqualTo(4);
        assertThat(noTarget.get(0).message()).contains("policy.name", "declare a target");

        List<Problem> options =
                problems(
                        """
                        run: r
                        groups: {a: {}}
                        targets: {t: {}}
                        policy:
                          options:
                            etaa: 1
                            eta: -3
                        """);
        assertThat(options).extracting(Problem::line).containsExactly(6, 7);
        assertThat(options.get(0).message()).contains("policy.options.etaa");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "just text",
                "- a\n- list",
                "run: [",
                "run: r\n---\nrun: s\n",
                "run: r\ngroups: {a: &x {}, b: *x}",
                "run: &x r\ngroups: {a: {}}",
                "? [a, b]\n: c\nrun: r\ngroups: {a: {}}\npolicy: {name: static}",
                "run: r\n\tgroups: {}",
                "run: r\ngroups: {}",
                "run: r",
                "run: r\ngroups: {a: {prior: .nan}}",
                "run: r\ngroups: {a: {prior: 1e400}}",
                "run: r\nseed: 99999999999999999999\ngroups: {a: {}}",
            })
    void whatIsNoRunFileIsRefusedWithALine(String text) throws IOException {
        assertThat(problems(text)).isNotEmpty().allMatch(problem -> problem.line() >= 1);
    }

    @Test
    void deepNestingIsRefusedBeforeATreeIsMade() throws IOException {
        assertThat(problems("run: " + "[".repeat(100_000)))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("deep");
    }

    @Test
    void aHugeFileIsRefused() throws IOException {
        assertThat(problems("#".repeat(YamlDocument.MAX_BYTES + 1)))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("bytes");
    }

    @Test
    void bytesThatAreNotUtf8AreToldWithTheirLine() throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.write(file, "run: r\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems(file))
                .singleElement()
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(2))
                .extracting(Problem::message)
                .asString()
                .contains("UTF-8");
    }

    @Test
    void aMissingFileIsToldAsAProblem() {
        assertThat(problems(folder.resolve("nowhere.yaml")))
                .singleElement()
                .extracting(Problem::message)
                .isEqualTo("there is no such file");
    }

    private RunFile read(String text) throws IOException {
        return RunFile.read(Files.writeString(folder.resolve("run.yaml"), text));
    }

    private List<Problem> problems(String text) throws IOException {
        return problems(Files.writeString(folder.resolve("run.yaml"), text));
    }

    private static List<Problem> problems(Path file) {
        RunFileException thrown =
                catchThrowableOfType(RunFileException.class, () -> RunFile.read(file));
        assertThat(thrown).isNotNull();
        return thrown.problems();
    }
}
