"""The example trains, reports sketches and evaluations, and resumes."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from sluice.errors import ConfigurationError
from sluice.testing import FakeBridge
from tiny import bfloat16

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
import train_gpt  # noqa: E402


def write(path: Path, seed: int, size: int = 40_000) -> str:
    letters = torch.randint(97, 123, (size,), generator=torch.Generator().manual_seed(seed))
    path.write_bytes(bytes(letters.tolist()))
    return str(path)


@contextmanager
def bridge(folder: Path, held_out: int) -> Iterator[FakeBridge]:
    """Of a run whose target has a file of so many bytes."""
    with FakeBridge(
        {"code": 0.5, "web": 0.5}, targets={"held_out": 1.0}, draws_per_step=4, round_steps=4, sketch_dimension=101
    ) as fake:
        files = write(folder / "held_out", 9, held_out)
        fake.spec = dataclasses.replace(
            fake.spec,
            groups=tuple(
                dataclasses.replace(group, data={"files": write(folder / group.id, number)})
                for number, group in enumerate(fake.spec.groups)
            ),
            targets=(dataclasses.replace(fake.spec.targets[0], data={"files": files}),),
        )
        yield fake


def run(fake: FakeBridge, folder: Path, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_gpt, "CONTEXT", 16)
    monkeypatch.setitem(train_gpt.SIZES, "tiny", (16, 1, 2))
    arguments = f"--bridge {fake.endpoint} --steps {steps} --evaluate-every 4 --log-every 4"
    checkpoint = ["--checkpoint", str(folder / "checkpoint.pt")]
    monkeypatch.setattr(sys, "argv", ["train_gpt.py", *arguments.split(), *checkpoint])
    train_gpt.main()


def test_the_example_trains_and_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with bridge(tmp_path, held_out=40_000) as fake:
        run(fake, tmp_path, 8, monkeypatch)
        run(fake, tmp_path, 16, monkeypatch)
        assert [attempt["resume_step"] for attempt in fake.attempts] == [0, 8]
        assert [told["round"] for told in fake.rounds] == [0, 1, 2, 3]
        assert [len(told["evaluations"]) for told in fake.rounds] == [1, 1, 1, 1]
        kinds = {(half.kind, half.part) for _, half in fake.signals}
        assert kinds == {("group", 0), ("group", 1), ("target", 0), ("target", 1)}
        drawn = [half.sequences for _, half in fake.signals if half.kind == "group"]
        assert sum(drawn) == 16 * 4 * 4  # steps, draws, rows: what is only measured does not count
        assert all(bfloat16(half.sketch).norm() > 0 for _, half in fake.signals)
    assert "step 7: loss" in capsys.readouterr().out


def test_a_target_with_too_little_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bridge(tmp_path, held_out=64 * 16 + 1) as fake:
        with pytest.raises(ConfigurationError, match="held_out"):
            run(fake, tmp_path, 1, monkeypatch)
