"""Sluice in a Lightning trainer, by its public hooks."""

from __future__ import annotations

from typing import Any

import lightning
from torch import Tensor
from torch.optim import Optimizer

from sluice.data import MicroBatch
from sluice.errors import ConfigurationError
from sluice.run import Run
from sluice.torch.loader import ONCE
from sluice.torch.signals import MeasuredLosses, Signals


class SluiceCallback(lightning.Callback):
    """Reports each micro-batch's group; a batch is one :class:`sluice.data.MicroBatch`.

    ::

        run = sluice.connect(prefetch_steps=1)
        data = MixedDataset(run, sources, rows=4, collate=torch.stack)
        trainer = lightning.Trainer(accumulate_grad_batches=run.spec.draws_per_step, callbacks=[SluiceCallback(run)])
        trainer.fit(module, DataLoader(MicroBatches(data), batch_size=None))

    The module's ``training_step`` returns the mean of its losses, and leaves them, one per token, in
    ``self.token_losses``. The run's state stands in the trainer's checkpoints: ``fit(..., ckpt_path=...)`` with a run
    connected anew resumes it. For one device; on several, write the loop with :class:`sluice.torch.DistributedRun`.

    Raises, when training begins or goes on:
        ConfigurationError: settings, or a checkpoint, with which draws and signals would not be what they claim to be.
    """

    def __init__(
        self,
        run: Run,
        *,
        target_losses: MeasuredLosses | None = None,
        group_losses: MeasuredLosses | None = None,
        **signals: Any,
    ) -> None:
        """
        Args:
            target_losses: per-token losses of held-out rows, with their graph, for a target's id, a round and a half.
            group_losses: the same of rows of a group, asked for once a round for groups that a step hardly draws; without
                it alignments are known only of groups that are drawn at least twice a step.
            signals: arguments of :class:`sluice.torch.Signals`, as ``sketches`` or ``layers``.
        """
        self._run = run
        self._target_losses = target_losses
        self._group_losses = group_losses
        self._options = signals
        self._signals: Signals | None = None
        self._micro: MicroBatch | None = None
        self._taken = 0
        self._learning_rate = 0.0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        draws = self._run.spec.draws_per_step
        if trainer.world_size != 1 or trainer.accumulate_grad_batches != draws:
            raise ConfigurationError(f"train on one device with accumulate_grad_batches={draws}: a draw is one")
        if trainer.precision in ("16-mixed", "16-true"):
            raise ConfigurationError(f"gradients overflow with precision={trainer.precision}: train in bf16-mixed")
        if not self._run.prefetch_steps:
            raise ConfigurationError("the trainer takes a batch ahead: connect(prefetch_steps=1)")
        if self._run.status().step != self._run.start_step:
            raise ConfigurationError("the run has taken steps before: connect anew, with the state to resume from")
        self._taken = 0
        self._signals = Signals(self._run, pl_module, trainer.optimizers[0], **self._options)

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        if self._taken:
            raise ConfigurationError(ONCE)

    def on_train_batch_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, batch: MicroBatch, batch_idx: int
    ) -> None:
        # A resumed trainer goes on with the batch index of its checkpoint, and the run with the step.
        if (batch_idx - self._taken) % self._run.spec.draws_per_step:
            raise ConfigurationError("the checkpoint was saved within a step: resume from one between two steps")
        self._micro = batch
        step, within = self._position()
        if within == 0:
            self._begun().begin_step(step)

    def on_after_backward(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert self._micro is not None
        losses: Tensor = pl_module.token_losses  # type: ignore[assignment]
        factor = 1 / (losses.numel() * self._run.spec.draws_per_step)
        self._begun().add_group(self._micro.group, self._micro.part, losses, factor=factor)

    def on_before_optimizer_step(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, optimizer: Optimizer
    ) -> None:
        # After the step a scheduler has set the next one's.
        self._learning_rate = optimizer.param_groups[0]["lr"]
        self._begun().measure(self._position()[0], targets=self._target_losses, groups=self._group_losses)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: MicroBatch,
        batch_idx: int,
    ) -> None:
        step, within = self._position()
        self._taken += 1
        if within < self._run.spec.draws_per_step - 1:
            return
        self._begun().end_step(step, self._learning_rate)

    def state_dict(self) -> dict[str, Any]:
        return self._run.state_dict()

    def on_save_checkpoint(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        self._run.checkpoint_saved()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        if state_dict != self._run.state_dict():  # A run that was connected with it has begun there already.
            self._run.load_state_dict(state_dict)

    def _position(self) -> tuple[int, int]:
        """The step under way, and which of its draws."""
        steps, within = divmod(self._taken, self._run.spec.draws_per_step)
        return self._run.start_step + steps, within

    def _begun(self) -> Signals:
        assert self._signals is not None, "training has not started"
        return self._signals
