"""What a trainer saw of each group and target in a round, taken out of its own backward passes.

Losses are reported of every micro-batch, gradients of one step of a round only, the same for groups and targets: an
alignment is a product of gradients at the same weights. Backward passes add up, and a sketch is linear: a micro-batch's
gradient sketch is the difference of the accumulated gradient's sketch after and before it. No gradient is copied, and
nothing on the trainer's thread waits for the device: sums stay there until a round ends, travel once, and are encoded by
the run's background thread.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from sluice.errors import ConfigurationError
from sluice.plan import RunSpec, StepPlan
from sluice.signals import GROUP, TARGET, HalfSums
from sluice.torch.sketch import Layers, Sketcher, local, sketched_tensors

_log = logging.getLogger("sluice")

_PARTS = 2
# Columns of the table of counts.
_TOKENS, _SEQUENCES, _LOSS, _LOSS_SQUARE = range(4)

AllReduce = Callable[[Tensor], object]
#: Per-token losses of rows that are not trained on, with their graph, for the id of a target or group, a round, a half.
MeasuredLosses = Callable[[str, int, int], Tensor]


class Reporter(Protocol):
    """What signals need of a run: a :class:`sluice.Run`, or a :class:`sluice.torch.DistributedRun` on each rank."""

    @property
    def spec(self) -> RunSpec: ...
    def plan(self, step: int) -> StepPlan: ...
    def measures(self, step: int) -> bool: ...
    def ends_round(self, step: int) -> bool: ...
    def submit(self, halves: Callable[[], Iterable[HalfSums]]) -> None: ...
    def evaluation(self, target: str, loss: float, tokens: int) -> None: ...
    def end_step(self, step: int, learning_rate: float) -> None: ...


class Signals:
    """Collects the signals of one rank.

    ::

        signals.begin_step(step)
        signals.measure(step, targets=held_out_losses, groups=probe_losses)
        for micro in batch.micro_batches:
            losses = model(micro.rows)                      # one per token, in nats
            (losses.sum() * factor).backward()
            signals.add_group(micro.group, micro.part, losses, factor=factor)
        optimizer.step(); optimizer.zero_grad()
        signals.end_step(step, learning_rate)

    Gradients are read as backward left them: call ``add_group`` before they are clipped, and before they are reduced
    over ranks. On data-parallel ranks leave the model as it is, or inside DDP's ``no_sync()`` up to the last
    micro-batch, and then call :meth:`sluice.torch.DistributedRun.average_gradients`. Where backward itself reduces
    (FSDP2), every rank must take its rows of the same draw at the same time (mode ``shared``). Models sharded by FSDP1
    or DeepSpeed's ZeRO are refused unless ``sketches=False``.

    On the device it keeps two sketches for each group and target, float32, and what :class:`Sketcher` keeps.
    """

    def __init__(
        self,
        run: Reporter,
        model: nn.Module,
        optimizer: torch.optim.Optimizer | None = None,
        *,
        sketches: bool = True,
        layers: Layers = None,
        precondition: bool = False,
        keep_signs: bool = True,
        averaged_over: int | None = None,
        all_reduce: AllReduce | None = None,
    ) -> None:
        """
        Args:
            optimizer: whose second moment (``exp_avg_sq``) gradients are measured by; needed for ``precondition``.
            sketches: whether gradients are sketched; losses are reported anyway.
            layers: which tensors are sketched; a few late layers cost less than all and say nearly as much of a
                gradient's direction. All by default.
            precondition: measure gradients as Adam does, by its second moment before the step that measures.
            keep_signs: see :class:`Sketcher`.
            averaged_over: over how many ranks backward itself averages sharded gradients; by default all of the
                tensors' device mesh.
            all_reduce: adds up a tensor over the ranks, in place; None on a single rank.
        """
        if precondition and optimizer is None:
            raise ConfigurationError("precondition=True needs the optimizer, whose second moment it uses")
        spec = run.spec
        self._run = run
        self._all_reduce = all_reduce
        self._parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._device = self._parameters[0].device
        self._subjects = [(GROUP, j) for j in range(len(spec.groups))] + [(TARGET, i) for i in range(len(spec.targets))]
        self._version = -1
        self._measures = False
        self._counts: dict[int, Tensor] = {}
        self._probes = self._new_counts()
        self._sketcher: Sketcher | None = None
        self._optimizer = optimizer if precondition else None
        if sketches:
            chosen = sketched_tensors(model, layers)
            self._sketched = [parameter for _, parameter in chosen]
            self._sketcher = Sketcher(
                [tensor for tensor, _ in chosen],
                dimension=spec.sketch_dimension,
                seed=spec.sketch_seed,
                device=self._device,
                keep_signs=keep_signs,
            )
            shape = (len(self._subjects) * _PARTS, spec.sketch_dimension)
            self._sums = torch.zeros(shape, dtype=torch.float32, device=self._device)
            self._sketched_tokens = torch.zeros(shape[0], dtype=torch.float64, device=self._device)
            self._before = torch.zeros(spec.sketch_dimension, dtype=torch.float32, device=self._device)
            self._averaged_over = _mesh_size(self._sketched) if averaged_over is None else averaged_over

    def begin_step(self, step: int) -> None:
        """Begins a step; its gradients must be zero or None."""
        self._version = self._run.plan(step).version
        if self._version not in self._counts:
            self._counts[self._version] = self._new_counts()
        self._measures = self._sketcher is not None and self._run.measures(step)
        if self._sketcher is not None and self._measures:
            self._before.zero_()
            self._precondition(self._sketcher)

    def measure(self, step: int, *, targets: MeasuredLosses | None, groups: MeasuredLosses | None) -> None:
        """Measures every target, and every group that the step does not draw for both halves, if the step measures.

        Anywhere between :meth:`begin_step` and the optimizer's step. On several ranks all do it, each on rows of its own.

        Args:
            targets: losses of held-out rows; None where targets are measured otherwise.
            groups: losses of rows of a group; None measures only groups that are drawn.
        """
        if not self._run.measures(step):
            return
        spec, round_ = self._run.spec, self._run.spec.round_of(step)
        for part in range(_PARTS):
            if targets is not None:
                for index, target in enumerate(spec.targets):
                    self.measure_target(index, part, targets(target.id, round_, part))
            if groups is not None and self._sketcher is not None:
                for index in self._rare_groups(step):
                    self.measure_group(index, part, groups(spec.groups[index].id, round_, part))

    def _rare_groups(self, step: int) -> list[int]:
        """Places of the groups that a step does not draw for both halves of their signal.

        Groups that wait to be added are not among them: they may have no document yet.
        """
        plan = self._run.plan(step)
        drawn = {(group, occurrence & 1) for group, occurrence in zip(plan.draws, plan.occurrences, strict=True)}
        return [
            place
            for place, group in enumerate(self._run.spec.groups)
            if not {(place, 0), (place, 1)} <= drawn and not (group.dormant and plan.plan.weights[group.id] == 0)
        ]

    def add_group(
        self, group: int, part: int, losses: Tensor, *, factor: float | Tensor, mask: Tensor | None = None
    ) -> None:
        """Adds a micro-batch of one group, after its backward pass and before the next one.

        Args:
            group: place of the group in the run's list.
            part: half of the signal, 0 or 1: the lowest bit of the draw's occurrence.
            losses: each token's loss in nats, shape (sequences, tokens).
            factor: what the sum of the losses was multiplied by before backward, a loss scale included.
            mask: which losses count, of the same shape; all by default.

        Raises:
            ConfigurationError: a sketched tensor's gradient is sparse.
        """
        row = self._row(GROUP, group, part)
        tokens = _count(self._counts[self._version][row], losses, mask)
        if self._sketcher is not None and self._measures:
            after = self._sketcher.sketch(self._gradients(self._sketcher))
            self._add_sketch(row, after - self._before, factor, tokens)
            self._before = after

    def measure_group(self, group: int, part: int, losses: Tensor, *, mask: Tensor | None = None) -> None:
        """Measures a group on rows that are not trained on (a probe): backward without touching the gradients at hand.

        For groups that the step does not draw for both halves. Draws, documents and leases do not know of it; its tokens
        and losses are told only where the group was not drawn in the whole round, under the plan in force.

        Raises:
            ConfigurationError: the step under way is not one that measures.
        """
        row = self._row(GROUP, group, part)
        self._measure(row, losses, mask, self._probes)

    def measure_target(self, target: int, part: int, losses: Tensor, *, mask: Tensor | None = None) -> None:
        """Measures a target on held-out rows: backward without touching the gradients at hand.

        Args:
            target: place of the target in the run's list.
            part: half of the signal, 0 or 1; both are needed, of rows of their own.
            losses: each token's loss in nats, shape (sequences, tokens), with its graph.
            mask: which losses count.

        Raises:
            ConfigurationError: the step under way is not one that measures.
        """
        row = self._row(TARGET, target, part)
        self._measure(row, losses, mask, self._counts[self._version])

    def evaluate(self, target: str, losses: Iterable[Tensor]) -> float:
        """Reports a target's loss on its fixed held-out rows, and answers it: nats per token, over all ranks.

        This one waits for the device. On several ranks, all must call it.

        Args:
            losses: per token, of one batch after another; to be made under ``torch.no_grad()``.
        """
        sums = torch.zeros(2, dtype=torch.float64, device=self._device)
        for batch in losses:
            sums[0] += batch.detach().sum(dtype=torch.float64)
            sums[1] += batch.numel()
        if self._all_reduce is not None:
            self._all_reduce(sums)
        total, tokens = sums.tolist()
        mean: float = total / tokens
        self._run.evaluation(target, mean, int(tokens))
        return mean

    def end_step(self, step: int, learning_rate: float) -> None:
        """Ends a step, and the round where it is the last one. On several ranks, all must call it."""
        if self._run.ends_round(step):
            self._end_round()
        self._run.end_step(step, learning_rate)

    def _measure(self, row: int, losses: Tensor, mask: Tensor | None, counts: Tensor) -> None:
        if self._sketcher is None:
            _count(counts[row], losses, mask)
            return
        if not self._measures:
            raise ConfigurationError("gradients are measured at the steps for which run.measures(step) is true")
        tokens = _count(counts[row], losses, mask)
        kept = [parameter.grad for parameter in self._parameters]
        for parameter in self._parameters:
            parameter.grad = None
        try:
            factor = 1 / losses.numel()
            torch.autograd.backward((losses if mask is None else losses * mask).sum() * factor)
            self._add_sketch(row, self._sketcher.sketch(self._gradients(self._sketcher)), factor, tokens)
        finally:
            for parameter, gradient in zip(self._parameters, kept, strict=True):
                parameter.grad = gradient

    def _row(self, kind: str, index: int, part: int) -> int:
        return _PARTS * (index if kind == GROUP else len(self._run.spec.groups) + index) + part

    def _new_counts(self) -> Tensor:
        return torch.zeros((len(self._subjects) * _PARTS, 4), dtype=torch.float64, device=self._device)

    def _add_sketch(self, row: int, sketch: Tensor, factor: float | Tensor, tokens: int | Tensor) -> None:
        self._sums[row].add_(sketch * (self._averaged_over / factor))
        self._sketched_tokens[row].add_(tokens)

    def _gradients(self, sketcher: Sketcher) -> list[Tensor | None]:
        for tensor, parameter in zip(sketcher.tensors, self._sketched, strict=True):
            if parameter.grad is not None and parameter.grad.layout is not torch.strided:
                raise ConfigurationError(
                    f"the gradient of {tensor.name} is sparse: make it dense, or leave it out with `layers`"
                )
        return [None if p.grad is None else local(p.grad) for p in self._sketched]

    def _precondition(self, sketcher: Sketcher) -> None:
        if self._optimizer is None:
            return
        state = self._optimizer.state
        if not any(state.values()):
            return  # Adam has not taken a step yet.
        if not any("exp_avg_sq" in of_one for of_one in state.values()):
            _log.warning("the optimizer keeps no exp_avg_sq: gradients are measured without preconditioner")
            self._optimizer = None
            return
        moments = [state.get(p, {}).get("exp_avg_sq") for p in self._sketched]
        sketcher.precondition(
            [
                torch.zeros_like(local(p)) if moment is None else local(moment)
                for p, moment in zip(self._sketched, moments, strict=True)
            ],
            self._all_reduce,
        )

    def _end_round(self) -> None:
        versions = sorted(self._counts)
        counts = torch.stack([self._counts[version] for version in versions])
        tensors = [counts, self._probes]
        if self._sketcher is not None:
            tensors += [self._sums, self._sketched_tokens]
        if self._all_reduce is not None:
            for tensor in tensors:
                self._all_reduce(tensor)
        on_host = [_to_host(tensor) for tensor in tensors]
        sent = _Sent(versions, on_host[0], on_host[1], on_host[2:], _event(self._device))
        subjects = self._subjects
        self._run.submit(lambda: _halves(subjects, sent))
        self._counts.clear()
        for tensor in tensors[1:]:
            tensor.zero_()


@dataclass(frozen=True)
class _Sent:
    """A round's sums on their way to the host; complete when ``event`` has happened."""

    versions: list[int]
    counts: Tensor  # versions x rows x 4
    probes: Tensor  # rows x 4
    sketches: list[Tensor]  # rows x dimension, and rows: sums and the tokens behind them; empty without sketches
    event: Any


def _count(counts: Tensor, losses: Tensor, mask: Tensor | None) -> int | Tensor:
    """Adds tokens, sequences and losses; answers the tokens."""
    each = losses.detach().double()
    tokens: int | Tensor = each.numel()
    if mask is None:
        counts[_SEQUENCES].add_(each.shape[0])
    else:
        each = each * mask
        tokens = mask.sum()
        counts[_SEQUENCES].add_(mask.flatten(1).any(1).sum())
    counts[_TOKENS].add_(tokens)
    counts[_LOSS].add_(each.sum())
    counts[_LOSS_SQUARE].add_(each.square().sum())
    return tokens


def _halves(subjects: list[tuple[str, int]], sent: _Sent) -> Iterator[HalfSums]:
    """The halves that hold tokens, in order of their subjects. For the background thread."""
    if sent.event is not None:
        sent.event.synchronize()
    drawn, probed = sent.counts.sum(0).tolist(), sent.probes.tolist()
    by_version = sent.counts[:, :, _TOKENS].tolist()
    sketched = sent.sketches[1].tolist() if sent.sketches else None
    for row, counts in enumerate(drawn):
        kind, index = subjects[row // _PARTS]
        plans = [(version, int(tokens[row])) for version, tokens in zip(sent.versions, by_version, strict=True)]
        if not counts[_TOKENS] > 0:
            counts = probed[row]
            plans = [(sent.versions[-1], int(counts[_TOKENS]))]
        if not counts[_TOKENS] > 0:
            continue
        yield HalfSums(
            kind=kind,
            index=index,
            part=row % _PARTS,
            tokens=int(counts[_TOKENS]),
            sequences=int(counts[_SEQUENCES]),
            loss_sum=counts[_LOSS],
            loss_square_sum=counts[_LOSS_SQUARE],
            plans=[(version, tokens) for version, tokens in plans if tokens] if kind == GROUP else [],
            sketch=_sketch(sent.sketches[0][row], counts[_TOKENS], sketched[row]) if sketched else None,
        )


def _sketch(sums: Tensor, tokens: float, sketched: float) -> bytes | None:
    """What was sketched, scaled from the sketched tokens to all; None where nothing was."""
    if not sketched > 0:
        return None
    return _bfloat16(sums if sketched == tokens else sums * (tokens / sketched))


def _bfloat16(values: Tensor) -> bytes:
    """bfloat16 numbers, little-endian, rounded to nearest, ties to even."""
    rounded = values.to(torch.bfloat16).contiguous()
    return ctypes.string_at(rounded.data_ptr(), rounded.nbytes)


def _to_host(values: Tensor) -> Tensor:
    """A copy in the host's memory; on its way until the device has come so far."""
    if values.device.type != "cuda":
        return values.clone()
    return torch.empty_like(values, device="cpu", pin_memory=True).copy_(values, non_blocking=True)


def _event(device: torch.device) -> torch.cuda.Event | None:
    if device.type != "cuda":
        return None
    event = torch.cuda.Event()  # type: ignore[no-untyped-call]
    event.record(torch.cuda.current_stream(device))  # type: ignore[no-untyped-call]
    return event


def _mesh_size(parameters: list[nn.Parameter]) -> int:
    sizes = {p.device_mesh.size() if isinstance(p, DTensor) else 1 for p in parameters}
    if len(sizes) > 1:
        raise ConfigurationError("some sketched tensors are sharded and others are not: choose by `layers`")
    return sizes.pop() if sizes else 1
