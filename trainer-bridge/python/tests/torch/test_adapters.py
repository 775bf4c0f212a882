"""In trainers of other projects the groups follow the plan, and signals with sketches arrive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sluice
import torch
from conftest import until
from sluice.data import StepBatch
from sluice.testing import FakeBridge
from sluice.torch import MicroBatches, MixedDataset
from tiny import TinyModel, bfloat16, rows_of, sources
from torch import Tensor, nn
from torch.utils.data import DataLoader

DRAWS, STEPS, CHANGE = 2, 15, 9


def bridge() -> FakeBridge:
    return FakeBridge(
        {"code": 0.5, "web": 0.5}, targets={"held_out": 1.0}, draws_per_step=DRAWS, lease_steps=4, round_steps=3
    )


class Paced(MixedDataset):
    """Notes what it draws, no faster than the bridge leases: a test's steps take no time."""

    def __init__(self, run: sluice.Run, **options: Any) -> None:
        super().__init__(run, sources(run.spec), rows=2, until=STEPS, **options)
        self.run = run
        self.drawn: list[StepBatch] = []

    def __iter__(self) -> Any:
        for batch in super().__iter__():
            self.drawn.append(batch)
            yield batch
            until(lambda: self.run.schedule.through() > self.run.status().step)


def check(fake: FakeBridge, data: Paced) -> None:
    versions = [batch.version for batch in data.drawn]
    assert versions == [0] * CHANGE + [1] * (STEPS - CHANGE)
    assert {micro.id for batch in data.drawn[CHANGE:] for micro in batch.micro_batches} == {"web"}
    fake.wait_for(lambda b: len(b.rounds) == STEPS // 3)
    for round_ in range(STEPS // 3):
        halves = [half for r, half in fake.signals if r == round_]
        tokens = sum(half.tokens for half in halves if half.kind == "group")
        assert tokens == 3 * DRAWS * 2 * 8
        assert {half.part for half in halves if half.kind == "target"} == {0, 1}
        assert all(bfloat16(half.sketch).norm() > 0 for half in halves)
    first = {(micro.group, micro.part) for batch in data.drawn[:3] for micro in batch.micro_batches}
    assert {(half.index, half.part) for r, half in fake.signals if r == 0 and half.kind == "group"} == first


def held_out(target: str, round_: int, part: int) -> Tensor:
    assert target == "held_out"
    return torch.stack(rows_of(100 + 2 * round_ + part, 2))


def test_lightning(tmp_path: Path) -> None:
    lightning = pytest.importorskip("lightning")
    from sluice.adapters.lightning import SluiceCallback

    class Module(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = TinyModel()

        def training_step(self, batch: Any) -> Tensor:
            self.token_losses = self.model(batch.rows)
            return self.token_losses.mean()  # type: ignore[no-any-return]

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.AdamW(self.parameters(), lr=0.01)

    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        fake.publish({"code": 0.0, "web": 1.0}, effective_step=CHANGE)
        module, data = Module(), Paced(run, collate=torch.stack)
        callback = SluiceCallback(run, target_losses=lambda *which: module.model(held_out(*which)))
        trainer = lightning.Trainer(
            accelerator="cpu",
            max_steps=STEPS,
            accumulate_grad_batches=DRAWS,
            gradient_clip_val=1e-3,
            callbacks=[callback],
            default_root_dir=tmp_path,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(module, DataLoader(MicroBatches(data), batch_size=None))
        check(fake, data)
        trainer.save_checkpoint(tmp_path / "saved.ckpt")
        saved = torch.load(tmp_path / "saved.ckpt", weights_only=False)["callbacks"]
        assert run.state_dict() in saved.values()


class CausalLMOutput(dict[str, Tensor]):
    """As transformers' own: a mapping with attributes."""

    @property
    def logits(self) -> Tensor:
        return self["logits"]


class TinyCausalModel(nn.Module):
    """Answers logits as the models of transformers do."""

    def __init__(self) -> None:
        super().__init__()
        self.model = TinyModel()

    def forward(self, input_ids: Tensor, labels: Tensor | None = None) -> Any:
        return CausalLMOutput(logits=self.model.head(torch.tanh(self.model.embedding(input_ids))))


def model_inputs(rows: list[Tensor]) -> dict[str, Tensor]:
    return {"input_ids": torch.stack(rows), "labels": torch.stack(rows)}


def test_hugging_face(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    from sluice.adapters.huggingface import ModelInputs, SluiceCallback

    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        fake.publish({"code": 0.0, "web": 1.0}, effective_step=CHANGE)
        model, data = TinyCausalModel(), Paced(run, collate=model_inputs)
        callback = SluiceCallback(run, max_grad_norm=1e-3, target_losses=lambda *which: model.model(held_out(*which)))
        arguments = transformers.TrainingArguments(
            output_dir=str(tmp_path),
            use_cpu=True,
            max_steps=STEPS,
            per_device_train_batch_size=1,
            gradient_accumulation_steps=DRAWS,
            max_grad_norm=0,
            save_steps=STEPS,
            report_to=[],
            disable_tqdm=True,
        )
        transformers.Trainer(
            model,
            arguments,
            train_dataset=ModelInputs(data),
            data_collator=lambda items: items[0],
            compute_loss_func=callback.loss,
            callbacks=[callback],
        ).train()
        check(fake, data)
        assert json.loads((tmp_path / f"checkpoint-{STEPS}" / "sluice.json").read_text()) == run.state_dict()


def test_settings_that_would_spoil_the_signals_are_refused(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    from sluice.adapters.huggingface import SluiceCallback

    with bridge() as fake, sluice.connect(fake.endpoint) as run:
        arguments = transformers.TrainingArguments(output_dir=str(tmp_path), use_cpu=True, report_to=[])
        with pytest.raises(sluice.ConfigurationError, match="gradient_accumulation_steps=2"):
            SluiceCallback(run).on_train_begin(arguments, transformers.TrainerState(), transformers.TrainerControl())
