"""Curves of the mixture beside the trainer's own, for anything that has ``add_scalar``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sluice.data import Source
from sluice.plan import RunSpec, StepPlan


class ScalarWriter(Protocol):
    """As ``torch.utils.tensorboard.SummaryWriter``."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> Any: ...


class MixtureWriter:
    """Writes when the plan changes, and every ``every`` steps.

    | tag | value |
    | --- | --- |
    | ``mixture/<group>`` | the group's share |
    | ``mixture/version`` | the plan |
    | ``mixture/age_steps`` | steps since the plan changed, or since the writer began |
    | ``train/loss/<group>`` | mean loss of the group's tokens since the last time, nats |
    | ``data/tokens/<group>`` | tokens that were trained on since the writer began |
    | ``data/epochs/<group>`` | passes over the group's documents, where its source is known; whole ones without a length |
    """

    def __init__(
        self,
        writer: ScalarWriter,
        spec: RunSpec,
        *,
        every: int = 50,
        sources: Mapping[str, Source] | None = None,
        rows: int = 1,
    ) -> None:
        """
        Args:
            every: steps between two times at most; too few make large files.
            sources: the groups' sources, for the epochs.
            rows: documents that a draw takes.
        """
        self._writer = writer
        self._ids = spec.group_ids()
        self._every = every
        self._sources = sources or {}
        self._rows = rows
        self._version: int | None = None
        self._since = 0
        self._tokens = [0] * len(self._ids)
        self._draws = [0] * len(self._ids)
        self._losses: list[tuple[Any, int]] = [(0.0, 0)] * len(self._ids)

    def add(self, group: int, loss_sum: Any, tokens: int) -> None:
        """Takes a micro-batch.

        Args:
            group: place of the group in the run's list.
            loss_sum: sum of its losses in nats; may be a tensor, which is read when it is written.
        """
        total, count = self._losses[group]
        self._losses[group] = (total + loss_sum, count + tokens)
        self._tokens[group] += tokens

    def end_step(self, plan: StepPlan) -> None:
        """Ends a step; ``plan`` is the one that drew it."""
        changed = plan.version != self._version
        if changed:
            self._version, self._since = plan.version, plan.step
        for group, occurrence in zip(plan.draws, plan.occurrences, strict=True):
            self._draws[group] = occurrence + 1
        if changed or plan.step % self._every == 0:
            self._write(plan)

    def _write(self, plan: StepPlan) -> None:
        scalars: dict[str, float] = {"mixture/version": plan.version, "mixture/age_steps": plan.step - self._since}
        for group, id_ in enumerate(self._ids):
            scalars[f"mixture/{id_}"] = plan.plan.weights[id_]
            scalars[f"data/tokens/{id_}"] = self._tokens[group]
            total, count = self._losses[group]
            if count:
                scalars[f"train/loss/{id_}"] = float(total) / count
            if id_ in self._sources:
                scalars[f"data/epochs/{id_}"] = _passes(self._sources[id_], self._draws[group] * self._rows)
        self._losses = [(0.0, 0)] * len(self._ids)
        for tag, value in scalars.items():
            self._writer.add_scalar(tag, value, plan.step)


def _passes(source: Source, taken: int) -> float:
    """Passes over a source of which so many documents were taken."""
    size = getattr(source, "__len__", None)
    return source.epoch(taken) if size is None else taken / size()
