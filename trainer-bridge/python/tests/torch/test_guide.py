"""What docs/trainer-guide.md shows is true: scripts train, commands exist, messages are told in its words."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sluice
import torch
from sluice.data import Mixer
from sluice.errors import SluiceError
from sluice.testing import FakeBridge
from sluice.torch import MixedDataset, Signals
from tiny import TinyModel, bfloat16, sources

ROOT = Path(__file__).parents[4]
PYTHON = ROOT / "trainer-bridge" / "python"
GUIDE = (ROOT / "docs" / "trainer-guide.md").read_text()
BRIDGE = ROOT / "trainer-bridge" / "bridge" / "src" / "main"
COMMANDS = ROOT / "ops" / "src" / "main" / "java" / "io" / "sluice" / "ops" / "cli"

ROUND, CHANGE = 4, 6


class PublishingBridge(FakeBridge):
    """Publishes a plan before the first lease, so that no test depends on who is faster."""

    def _start_attempt(self, *arguments: Any) -> dict[str, Any]:
        answer = super()._start_attempt(*arguments)
        if self._plan.version == 0:
            self.publish({"code": 0.0, "web": 1.0}, effective_step=CHANGE)
        return answer


@contextmanager
def bridge_with_texts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBridge]:
    """A bridge that SLUICE_BRIDGE names, of a run whose data are texts in ``folder``, which is the current one."""
    data = {}
    for seed, subject in enumerate(("code", "web", "held_out")):
        letters = torch.randint(97, 123, (20_000,), generator=torch.Generator().manual_seed(seed))
        (folder / subject).write_bytes(bytes(letters.tolist()))
        data[subject] = {"files": [str(folder / subject)]}
    with PublishingBridge(
        {"code": 0.5, "web": 0.5},
        targets={"held_out": 1.0},
        draws_per_step=4,
        lease_steps=40,
        round_steps=ROUND,
        sketch_dimension=101,
        data=data,
    ) as fake:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("SLUICE_BRIDGE", fake.endpoint)
        # However busy the machine is, no round is given up.
        monkeypatch.setattr("sluice.run._FLUSH_LIMIT", 60.0)
        monkeypatch.setattr("sluice.client._REQUEST_TIMEOUT", 60.0)
        yield fake


def script(name: str, steps: int) -> str:
    """A script of the guide, with fewer steps."""
    found: str
    (found,) = re.findall(rf"^```python {name}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    shorter = {"STEPS = 400": f"STEPS = {steps}", "steps=100": f"steps={ROUND}"}
    for long, short in shorter.items():
        found = found.replace(long, short)
    assert f"STEPS = {steps}\n" in found
    return found


def run_script(name: str, steps: int) -> None:
    exec(compile(script(name, steps), f"trainer-guide.md, {name}", "exec"), {"__name__": "__main__"})


def check_rounds(fake: FakeBridge, rounds: int, rows: int = 4, context: int = 64) -> None:
    """All rounds came by the published plan, with gradients of both halves of the target and of every group.

    What is drawn no more is only probed.
    """
    fake.wait_for(lambda b: len(b.rounds) == rounds)
    assert [told["round"] for told in fake.rounds] == list(range(rounds))
    tokens = {0: 0, 1: 0}
    for round_ in range(rounds):
        halves = [half for number, half in fake.signals if number == round_]
        gone = {"code"} if round_ * ROUND >= CHANGE else set()
        probes = [half for half in halves if half.kind == "group" and fake.spec.groups[half.index].id in gone]
        groups = [half for half in halves if half.kind == "group" and half not in probes]
        assert [(half.part, half.tokens) for half in probes] == [(part, 8 * context) for part in (0, 1) for _ in gone]
        assert sum(half.tokens for half in groups) == ROUND * 4 * rows * context
        assert {half.part for half in halves if half.kind == "target"} == {0, 1}
        assert all(bfloat16(half.sketch).norm() > 0 for half in halves)
        for half in groups:
            for version, count in half.plans:
                tokens[version] += count
                assert version == 0 or fake.spec.groups[half.index].id == "web"
    assert tokens == {0: CHANGE * 4 * rows * context, 1: (rounds * ROUND - CHANGE) * 4 * rows * context}


def test_a_loop_of_ones_own_trains_by_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bridge_with_texts(tmp_path, monkeypatch) as fake:
        run_script("own-loop", 3 * ROUND)
        check_rounds(fake, 3)


def test_several_ranks_train_by_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bridge_with_texts(tmp_path, monkeypatch) as fake:
        monkeypatch.setenv("PYTHONPATH", str(PYTHON / "src"))
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
        (tmp_path / "ranks.py").write_text(script("ranks", 3 * ROUND))
        torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
        assert subprocess.run([*torchrun, "ranks.py"]).returncode == 0
        check_rounds(fake, 3)


@pytest.mark.parametrize(("name", "needs"), [("hugging-face", "transformers"), ("lightning", "lightning")])
def test_the_adapters_train_by_the_plan_and_resume(
    name: str, needs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(needs)
    with bridge_with_texts(tmp_path, monkeypatch) as fake:
        run_script(name, 2 * ROUND)
        run_script(name, 4 * ROUND)
        check_rounds(fake, 4)
        assert [attempt["resume_step"] for attempt in fake.attempts] == [0, 2 * ROUND]
        assert 2 * ROUND in fake.saved


def command_lines() -> list[list[str]]:
    """The commands in the guide's shell blocks and between its backticks, without what comments say."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines() + re.findall(r"`(\./sluice [^`\n]+)`", GUIDE)
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def options(words: list[str]) -> set[str]:
    return {word.split("=")[0] for word in words if word.startswith("--")}


def test_every_sluice_command_and_option_of_the_guide_exists() -> None:
    sources_ = {path.stem: path.read_text() for path in COMMANDS.glob("*.java")}
    commands = [words[1:] for words in command_lines() if words[0] == "./sluice"]
    assert len(commands) >= 8
    root = sources_["SluiceCommand"]
    for subcommand, *words in commands:
        declared = re.compile(rf'^@Command\(\s*name = "{subcommand}"', re.MULTILINE)
        # A benchmark may have a command's name: it is not one of the root's.
        (source,) = [text for name, text in sources_.items() if declared.search(text) and f"{name}.class" in root]
        if "@Mixin private KafkaOptions" in source:
            source += sources_["KafkaOptions"]
        if subcommand in ("topics", "job"):
            assert f'name = "{words[0]}"' in source
        for option in options(words):
            assert f'"{option}"' in source, f"./sluice {subcommand} has no {option}"


def test_every_other_command_of_the_guide_exists() -> None:
    example = (PYTHON / "examples" / "train_gpt.py").read_text()
    extras = (PYTHON / "pyproject.toml").read_text()
    examples = 0
    for words in command_lines():
        for word in words:
            if word.startswith(("trainer-bridge/python", "docs/")) and "target/" not in word:
                assert (ROOT / word.split("[")[0]).exists()
            if "[" in word:
                for extra in word[word.index("[") + 1 : word.index("]")].split(","):
                    assert re.search(rf"^{extra} = ", extras, re.M)
        if "trainer-bridge/python/examples/train_gpt.py" in words:
            examples += 1
            assert all(f'"{option}"' in example for option in options(words))
    assert examples


def test_the_links_and_names_of_the_guide_exist() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link
    metrics = "".join(path.read_text() for path in BRIDGE.rglob("*.java"))
    for name in re.findall(r"`(sluice_\w+)", GUIDE):
        assert f'"{name}"' in metrics, name
    fields = {field.name for field in dataclasses.fields(sluice.Status)}
    watched = re.search(r"^\| `Run\.status\(\)` \| means \|\n\| --- \| --- \|\n((?:\|.*\n)+)", GUIDE, re.M)
    assert watched is not None
    assert set(re.findall(r"^\| `(\w+)", watched[1], re.M)) <= fields


def told_by(action: Callable[[], object], error: type[SluiceError]) -> str:
    with pytest.raises(error) as raised:
        action()
    return str(raised.value)


def test_the_guides_common_mistakes_are_told_in_these_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLUICE_BRIDGE", raising=False)
    messages = [
        told_by(lambda: sluice.connect(timeout=0.01), sluice.BridgeUnavailable),
        told_by(lambda: sluice.connect("localhost:7077"), sluice.ConfigurationError),
        told_by(lambda: sluice.connect(state={"model": {}}), sluice.CheckpointError),
    ]
    groups = {"code": 0.5, "web": 0.5}
    with FakeBridge(groups, run="my-run", draws_per_step=8) as fake:
        with sluice.connect(fake.endpoint) as run:
            for step in range(10):
                run.plan(step)
                run.end_step(step, 0.1)
            state, every, model = run.state_dict(), sources(run.spec), TinyModel()
            few = {"code": every["code"]}
            messages += [
                told_by(lambda: MixedDataset(run, few, rows=4), sluice.ConfigurationError),
                told_by(lambda: Mixer(run.spec, every, rows=4, ranks=3), sluice.ConfigurationError),
                told_by(lambda: Signals(run, model, layers=["lm_head.*"]), sluice.ConfigurationError).split(";")[0],
                told_by(lambda: Signals(run, model, precondition=True), sluice.ConfigurationError),
                *messages_of_the_adapters(run, tmp_path),
            ]
        other: dict[str, Any] = {"state": state, "run": "other"}
        messages.append(told_by(lambda: sluice.connect(fake.endpoint, **other), sluice.CheckpointError))
    with FakeBridge(groups, run="my-run", draws_per_step=16) as fake:
        messages.append(told_by(lambda: sluice.connect(fake.endpoint, state=state), sluice.CheckpointError))
    for message in messages:
        assert message in GUIDE, message


def messages_of_the_adapters(run: sluice.Run, folder: Path) -> Iterator[str]:
    """What trainers with the wrong accumulation of gradients are told."""
    transformers = pytest.importorskip("transformers")
    lightning = pytest.importorskip("lightning")
    from sluice.adapters import huggingface
    from sluice.adapters import lightning as lightning_

    arguments = transformers.TrainingArguments(output_dir=str(folder), use_cpu=True, report_to=[])
    state, control = transformers.TrainerState(), transformers.TrainerControl()
    callback = huggingface.SluiceCallback(run)
    yield told_by(lambda: callback.on_train_begin(arguments, state, control), sluice.ConfigurationError)
    trainer = lightning.Trainer(accelerator="cpu", devices=1, logger=False, default_root_dir=folder)
    other = lightning_.SluiceCallback(run)
    yield told_by(lambda: other.on_train_start(trainer, lightning.LightningModule()), sluice.ConfigurationError)


def test_the_guide_quotes_the_bridge() -> None:
    java = "".join(path.read_text() for path in BRIDGE.rglob("*.java"))
    for told in (
        "another trainer has the run: ",
        "end the other trainer, or wait until it has gone",
        "send the token of the bridge's token file as a bearer token",
        "this bridge serves run ",
        "connect to the bridge of your run",
        " do not have the same groups: declare the groups that the",
        "is no safe folder for a socket: give it one of your own that nobody else may",
    ):
        assert f'"{told}' in java and told in GUIDE, told
