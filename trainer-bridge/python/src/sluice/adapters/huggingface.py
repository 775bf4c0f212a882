"""Sluice in a Hugging Face ``Trainer``, by its public hooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import IterableDataset
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sluice.errors import ConfigurationError
from sluice.run import Run
from sluice.torch.loader import ONCE, MicroBatches, MixedDataset
from sluice.torch.signals import MeasuredLosses, Signals

IGNORED = -100


class ModelInputs(IterableDataset[Any]):
    """What ``collate`` makes of each micro-batch: a causal model's ``input_ids`` and ``labels``."""

    def __init__(self, steps: MixedDataset) -> None:
        self._micro_batches = MicroBatches(steps)

    def __iter__(self) -> Iterator[Any]:
        return (micro.rows for micro in self._micro_batches)


class SluiceCallback(TrainerCallback):
    """Reports each micro-batch's group, for causal language models on one device.

    ::

        run = sluice.connect(prefetch_steps=1)
        callback = SluiceCallback(run, max_grad_norm=1.0)
        Trainer(model, args, train_dataset=ModelInputs(MixedDataset(run, sources, rows=4, collate=...)),
                data_collator=lambda items: items[0], compute_loss_func=callback.loss, callbacks=[callback])

    with ``per_device_train_batch_size=1``, ``gradient_accumulation_steps=run.spec.draws_per_step`` and
    ``max_grad_norm=0``: gradients are sketched before they are clipped, so the callback clips. Beside each of the
    trainer's checkpoints it saves ``sluice.json``: hand it to ``sluice.connect(state=...)`` to resume, with
    ``ignore_data_skip=True``.

    Raises, when training begins or goes on:
        ConfigurationError: settings, or a checkpoint, with which draws and signals would not be what they claim to be.
    """

    def __init__(
        self,
        run: Run,
        *,
        max_grad_norm: float = 1.0,
        target_losses: MeasuredLosses | None = None,
        group_losses: MeasuredLosses | None = None,
        **signals: Any,
    ) -> None:
        """
        Args:
            max_grad_norm: gradients are clipped to this norm; 0 leaves them as they are.
            target_losses: per-token losses of held-out rows, with their graph, for a target's id, a round and a half.
            group_losses: the same of rows of a group, asked for once a round for groups that a step hardly draws; without
                it alignments are known only of groups that are drawn at least twice a step.
            signals: arguments of :class:`sluice.torch.Signals`, as ``sketches`` or ``layers``.
        """
        self._run = run
        self._max_grad_norm = max_grad_norm
        self._target_losses = target_losses
        self._group_losses = group_losses
        self._options = signals

    def loss(self, outputs: Any, labels: Tensor, num_items_in_batch: Tensor | int | None = None) -> Tensor:
        """The step's share of the mean loss: ``compute_loss_func`` of the trainer."""
        following = labels[:, 1:]
        logits = outputs.logits[:, :-1].float().transpose(1, 2)
        losses = nn.functional.cross_entropy(logits, following, reduction="none", ignore_index=IGNORED)
        mask = following != IGNORED
        items = mask.sum() * self._run.spec.draws_per_step if num_items_in_batch is None else num_items_in_batch
        self._losses, self._mask, self._factor = losses.detach(), mask, 1 / items
        return losses.sum() / items

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        draws = self._run.spec.draws_per_step
        alone = args.world_size == 1 and args.n_gpu <= 1
        if not alone or args.gradient_accumulation_steps != draws or args.max_grad_norm:
            raise ConfigurationError(
                f"train on one device, with gradient_accumulation_steps={draws} (one a draw) and max_grad_norm=0"
            )
        if args.fp16:
            raise ConfigurationError("gradients are scaled and overflow with fp16=True: train with bf16=True")
        if not self._run.prefetch_steps:
            raise ConfigurationError("the trainer takes a batch ahead: connect(prefetch_steps=1)")
        step = self._run.status().step
        if state.global_step != step or (state.global_step > 0 and not args.ignore_data_skip):
            raise ConfigurationError(
                f"the trainer is at step {state.global_step} and the run at {step}: "
                "resume both from one checkpoint, with ignore_data_skip=True"
            )
        self._parameters = [p for p in kw["model"].parameters() if p.requires_grad]
        self._signals = Signals(self._run, kw["model"], kw["optimizer"], **self._options)

    def on_epoch_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        if self._run.status().step != self._run.start_step:
            raise ConfigurationError(ONCE)

    def on_step_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        plan = self._run.plan(state.global_step)
        self._draws = iter(zip(plan.draws, plan.occurrences, strict=True))
        self._signals.begin_step(state.global_step)

    def on_substep_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        group, occurrence = next(self._draws)
        self._signals.add_group(group, occurrence & 1, self._losses, factor=self._factor, mask=self._mask)

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any
    ) -> None:
        self.on_substep_end(args, state, control)
        self._signals.measure(state.global_step, targets=self._target_losses, groups=self._group_losses)
        self._learning_rate = kw["optimizer"].param_groups[0]["lr"]
        if self._max_grad_norm:
            torch.nn.utils.clip_grad_norm_(self._parameters, self._max_grad_norm)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        self._signals.end_step(state.global_step - 1, self._learning_rate)

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kw: Any) -> None:
        folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        (folder / "sluice.json").write_text(json.dumps(self._run.state_dict()))
        self._run.checkpoint_saved()
