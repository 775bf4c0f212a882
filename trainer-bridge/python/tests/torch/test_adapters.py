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

DRAWS, STEPS, RESUME, CHANGE = 2, 15, 6, 9
GROUPS = (("group", 0), ("group", 1))


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


def check_change(data: Paced) -> None:
    versions = [batch.version for batch in data.drawn]
    assert versions == [0] * CHANGE + [1] * (STEPS - CHANGE)
    assert {micro.id for batch in data.drawn[CHANGE:] for micro in batch.micro_batches} == {"web"}


def check(fake: FakeBridge, data: Paced) -> None:
    """Every draw of every step is in the signals, once; what was not drawn was probed, and all was measured."""
    assert [batch.step for batch in data.drawn] == list(range(STEPS))
    fake.wait_for(lambda b: len(b.rounds) == STEPS // 3)
    for round_ in range(STEPS // 3):
        batches = data.drawn[3 * round_ : 3 * round_ + 3]
        drawn = {(micro.group, micro.part) for batch in batches for micro in batch.micro_batches}
        halves = {half.key: half for r, half in fake.signals if r == round_}
        assert set(halves) == {(kind, i, part) for kind, i in (*GROUPS, ("target", 0)) for part in (0, 1)}
        tokens = {half.key[1:]: half.tokens for half in halves.values() if half.kind == "group"}
        assert sum(tokens[key] for key in drawn) == 3 * DRAWS * 2 * 8
        assert all(tokens[key] == 2 * 8 for key in tokens.keys() - drawn)
        assert all(bfloat16(half.sketch).norm() > 0 for half in halves.values())


def measured_rows(name: str, round_: int, part: int) -> Tensor:
    assert name in ("held_out", "code", "web")
    return torch.stack(rows_of(100 + 2 * round_ + part, 2))


def lightning_module() -> Any:
    """Its learning rate is halved after every step."""
    lightning = pytest.importorskip("lightning")

    class Module(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = TinyModel()

        def training_step(self, batch: Any) -> Tensor:
            self.token_losses = self.model(batch.rows)
            return self.token_losses.mean()  # type: ignore[no-any-return]

        def configure_optimizers(self) -> Any:
            optimizer = torch.optim.AdamW(self.parameters(), lr=1.0)
            halved = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": halved, "interval": "step"}}

    return Module()


def fit(
    data: Paced,
    folder: Path,
    *callbacks: Any,
    module: Any = None,
    steps: int = STEPS,
    saved: Path | None = None,
    **options: Any,
) -> Any:
    """Trains in a Lightning trainer, which it answers."""
    import lightning
    from sluice.adapters.lightning import SluiceCallback

    module = module or lightning_module()

    def losses(*which: Any) -> Tensor:
        return module.model(measured_rows(*which))  # type: ignore[no-any-return]

    sluice_callback = SluiceCallback(data.run, target_losses=losses, group_losses=losses)
    trainer = lightning.Trainer(
        **{
            "accelerator": "cpu",
            "max_steps": steps,
            "accumulate_grad_batches": DRAWS,
            "gradient_clip_val": 1e-3,
            "callbacks": [sluice_callback, *callbacks],
            "default_root_dir": folder,
            "logger": False,
            "enable_checkpointing": bool(callbacks),
            "enable_progress_bar": False,
            "enable_model_summary": False,
            **options,
        }
    )
    trainer.fit(module, DataLoader(MicroBatches(data), batch_size=None), ckpt_path=saved)
    return trainer


def test_lightning(tmp_path: Path) -> None:
    module = lightning_module()
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        fake.publish({"code": 0.0, "web": 1.0}, effective_step=CHANGE)
        data = Paced(run, collate=torch.stack)
        trainer = fit(data, tmp_path, module=module)
        check_change(data)
        check(fake, data)
        assert [told["learning_rate"] for told in fake.rounds] == [0.5**step for step in range(2, STEPS, 3)]
        trainer.save_checkpoint(tmp_path / "saved.ckpt")
        saved = torch.load(tmp_path / "saved.ckpt", weights_only=False)["callbacks"]
        assert run.state_dict() in saved.values()


@pytest.mark.parametrize("connected_with_state", [True, False])
def test_lightning_resumes_where_its_checkpoint_was_saved(tmp_path: Path, connected_with_state: bool) -> None:
    pytest.importorskip("lightning")
    from lightning.pytorch.callbacks import ModelCheckpoint

    with bridge() as fake:
        with sluice.connect(fake.endpoint, prefetch_steps=1) as run:
            before = Paced(run, collate=torch.stack)
            saves = ModelCheckpoint(tmp_path, every_n_train_steps=RESUME)
            fit(before, tmp_path, saves, steps=RESUME)
            state = run.state_dict()
        known = state if connected_with_state else None
        with sluice.connect(fake.endpoint, prefetch_steps=1, state=known) as run:
            after = Paced(run, collate=torch.stack)
            fit(after, tmp_path, saved=Path(saves.best_model_path))
            assert run.status().faults == {}
            after.drawn = before.drawn[:RESUME] + after.drawn
            check(fake, after)


def test_lightning_refuses_what_would_spoil_the_signals(tmp_path: Path) -> None:
    pytest.importorskip("lightning")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"accumulate_grad_batches": 1}, "accumulate_grad_batches=2"),
        ({"precision": "16-true"}, "bf16-mixed"),
    ]
    for options, message in wrong:
        with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
            with pytest.raises(sluice.ConfigurationError, match=message):
                fit(Paced(run, collate=torch.stack), tmp_path, **options)
    with bridge() as fake, sluice.connect(fake.endpoint) as run:
        with pytest.raises(sluice.ConfigurationError, match="prefetch_steps=1"):
            fit(Paced(run, collate=torch.stack), tmp_path)


def test_lightning_refuses_a_second_epoch_and_a_second_fit(tmp_path: Path) -> None:
    pytest.importorskip("lightning")
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        with pytest.raises(sluice.ConfigurationError, match="no epochs"):
            fit(Paced(run, collate=torch.stack), tmp_path, steps=-1, max_epochs=2)
        with pytest.raises(sluice.ConfigurationError, match="no epochs"):
            fit(Paced(run, collate=torch.stack), tmp_path)


def test_lightning_refuses_a_checkpoint_within_a_step(tmp_path: Path) -> None:
    lightning = pytest.importorskip("lightning")

    class Saves(lightning.Callback):  # type: ignore[misc, name-defined]
        def on_train_batch_end(self, trainer: Any, module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
            if batch_idx == 2 * DRAWS:
                trainer.save_checkpoint(tmp_path / "within.ckpt")

    with bridge() as fake:
        with sluice.connect(fake.endpoint, prefetch_steps=1) as run:
            fit(Paced(run, collate=torch.stack), tmp_path, Saves(), steps=3)
        with sluice.connect(fake.endpoint, prefetch_steps=1) as run:
            with pytest.raises(sluice.ConfigurationError, match="saved within a step"):
                fit(Paced(run, collate=torch.stack), tmp_path, saved=tmp_path / "within.ckpt")


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


def trainer_of(data: Paced, folder: Path, **options: Any) -> Any:
    """A Trainer of Hugging Face."""
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    from sluice.adapters.huggingface import ModelInputs, SluiceCallback

    model = TinyCausalModel()

    def losses(*which: Any) -> Tensor:
        return model.model(measured_rows(*which))  # type: ignore[no-any-return]

    callback = SluiceCallback(data.run, max_grad_norm=1e-3, target_losses=losses, group_losses=losses)
    arguments = {
        "output_dir": str(folder),
        "use_cpu": True,
        "max_steps": STEPS,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": DRAWS,
        "max_grad_norm": 0,
        "save_steps": STEPS,
        "report_to": [],
        "disable_tqdm": True,
    }
    return transformers.Trainer(
        model,
        transformers.TrainingArguments(**{**arguments, **options}),
        train_dataset=ModelInputs(data),
        data_collator=lambda items: items[0],
        compute_loss_func=callback.loss,
        callbacks=[callback],
    )


def test_hugging_face(tmp_path: Path) -> None:
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        fake.publish({"code": 0.0, "web": 1.0}, effective_step=CHANGE)
        data = Paced(run, collate=model_inputs)
        trainer_of(data, tmp_path).train()
        check_change(data)
        check(fake, data)
        assert json.loads((tmp_path / f"checkpoint-{STEPS}" / "sluice.json").read_text()) == run.state_dict()


def test_hugging_face_resumes_both_from_one_checkpoint(tmp_path: Path) -> None:
    saved = tmp_path / f"checkpoint-{RESUME}"
    with bridge() as fake:
        with sluice.connect(fake.endpoint, prefetch_steps=1) as run:
            before = Paced(run, collate=model_inputs)
            trainer_of(before, tmp_path, max_steps=RESUME, save_steps=RESUME).train()
        state = json.loads((saved / "sluice.json").read_text())
        with sluice.connect(fake.endpoint, prefetch_steps=1, state=state) as run:
            for skip, checkpoint in ((True, None), (False, saved)):
                trainer = trainer_of(Paced(run, collate=model_inputs), tmp_path, ignore_data_skip=skip)
                with pytest.raises(sluice.ConfigurationError, match="and the run at 6: resume both"):
                    trainer.train(resume_from_checkpoint=checkpoint)
            after = Paced(run, collate=model_inputs)
            trainer_of(after, tmp_path, ignore_data_skip=True).train(resume_from_checkpoint=saved)
            after.drawn = before.drawn[:RESUME] + after.drawn
            check(fake, after)


def test_hugging_face_refuses_a_second_epoch(tmp_path: Path) -> None:
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=1) as run:
        with pytest.raises(sluice.ConfigurationError, match="no epochs"):
            trainer_of(Paced(run, collate=model_inputs), tmp_path, max_steps=2 * STEPS).train()


def test_hugging_face_refuses_what_would_spoil_the_signals(tmp_path: Path) -> None:
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"gradient_accumulation_steps": 1}, 1, "gradient_accumulation_steps=2"),
        ({"max_grad_norm": 1.0}, 1, "max_grad_norm=0"),
        ({"fp16": True}, 1, "bf16=True"),
        ({}, 0, "prefetch_steps=1"),
    ]
    for options, ahead, message in wrong:
        with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=ahead) as run:
            data = Paced(run, collate=model_inputs)
            with pytest.raises(sluice.ConfigurationError, match=message):
                trainer_of(data, tmp_path, **options).train()
