"""One run on many ranks: rank 0 tells the others what the bridge named, through the trainer's own collective."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable, Iterable

import torch
import torch.distributed as dist
from torch import Tensor

from sluice.errors import ConfigurationError, SluiceError
from sluice.plan import Checkpoint, RunSpec, StepPlan
from sluice.run import Run
from sluice.schedule import Schedule, compact, decode_spans, encode_spans
from sluice.signals import HalfSums
from sluice.slot import SlotWriter

_log = logging.getLogger("sluice")


class DistributedRun:
    """The same run on every rank. Every rank takes the same steps in the same order::

        run = sluice.connect(prefetch_steps=16) if dist.get_rank() == 0 else None
        run = DistributedRun(run, sync_every=8)
        signals = Signals(run, model, all_reduce=run.all_reduce)

    Every ``sync_every`` steps rank 0 broadcasts the new spans as bytes, and one all-reduce compares their checksums.
    Where they differ, nobody takes them: all ranks hold the plan they have, and rank 0 begins a new attempt there. So
    no two ranks ever take a step by two plans.

    Attributes:
        spec: the run.
        start_step: the first step to take.
        schedule: which plan holds for which step; the same on every rank.
        disagreements: how often checksums differed.
    """

    def __init__(
        self,
        run: Run | None,
        *,
        sync_every: int = 8,
        ahead: int = 0,
        group: dist.ProcessGroup | None = None,
    ) -> None:
        """
        Args:
            run: the run on rank 0, with ``prefetch_steps`` of at least ``sync_every + ahead``; None elsewhere.
            sync_every: steps between two broadcasts: more cost less, and a new plan starts so much later.
            ahead: how many steps beyond the one under way this rank's loader may ask for.
            group: the ranks; all by default. Its backend says on which device the bytes travel.
        """
        if (run is None) == (dist.get_rank(group) == 0):
            raise ConfigurationError("rank 0 has the run, and it alone: pass None on the other ranks")
        if sync_every < 1 or ahead < 0:
            raise ConfigurationError(f"sync_every {sync_every} is at least 1, ahead {ahead} at least 0")
        self._run = run
        self._group = group
        self._sync_every = sync_every
        self._ahead = ahead
        on_device = dist.get_backend(group) == "nccl"
        self._device = torch.device("cuda", torch.cuda.current_device()) if on_device else torch.device("cpu")
        self._slot: SlotWriter | None = None
        self.disagreements = 0
        start = b"" if run is None else compact([run.spec.to_json(), run.schedule.base.to_json()])
        spec, base = json.loads(self._broadcast(start))
        self.spec = RunSpec.from_json(spec)
        self.schedule = Schedule(self.spec, Checkpoint.from_json(base))
        self.start_step = self.schedule.base.next_step
        self._next_sync = self.start_step

    def plan(self, step: int) -> StepPlan:
        """The plan of the step under way. Every ``sync_every`` steps this is a collective call."""
        if step >= self._next_sync:
            self._sync(step)
            self._next_sync = step + self._sync_every
        return self.schedule.step(step)

    def measures(self, step: int) -> bool:
        """Whether gradients are measured at this step, before its update."""
        return self.ends_round(step)

    def ends_round(self, step: int) -> bool:
        """Whether a step is the last of its round."""
        return step == self.spec.last_step(self.spec.round_of(step))

    def submit(self, halves: Callable[[], Iterable[HalfSums]]) -> None:
        """Takes the halves of the round that is about to end, on rank 0; those of other ranks must be in them."""
        if self._run is not None:
            self._run.submit(halves)

    def evaluation(self, target: str, loss: float, tokens: int) -> None:
        """Takes a target's loss over all ranks, on rank 0."""
        if self._run is not None:
            self._run.evaluation(target, loss, tokens)

    def end_step(self, step: int, learning_rate: float) -> None:
        """Ends a step."""
        if self._run is not None:
            self._run.end_step(step, learning_rate)
        # A checkpoint is asked for a little later than its step, but not a round later.
        self.schedule.forget_before(step - self.spec.round_steps)

    def all_reduce(self, values: Tensor) -> None:
        """Adds up a tensor over the ranks, in place."""
        dist.all_reduce(values, group=self._group)

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Replaces each gradient by its mean over the ranks: what DDP does while the last micro-batch runs backward.

        Afterwards, because until then signals need each rank's own gradients. Missing gradients must be missing on all
        ranks.
        """
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        works = [dist.all_reduce(gradient, group=self._group, async_op=True) for gradient in gradients]
        for gradient, work in zip(gradients, works, strict=True):
            if work is not None:
                work.wait()
            gradient.div_(dist.get_world_size(self._group))

    def slot(self) -> str:
        """Path of the shared memory from which this rank's workers read."""
        if self._slot is None:
            self._slot = SlotWriter(self.spec.run)
            self._slot.write(self.schedule)
        return self._slot.path

    def close(self) -> None:
        """Ends the attempt, on rank 0."""
        if self._slot is not None:
            self._slot.close()
        if self._run is not None:
            self._run.close()

    def _sync(self, step: int) -> None:
        """Brings every rank's schedule up to the next time, or holds it there."""
        through = step + self._sync_every - 1 + self._ahead
        if self._run is not None and self._run.schedule.through() < through:
            self._run.plan(through)  # Holds the last plan where the bridge has not answered yet.
        spans = b"" if self._run is None else encode_spans(self._run.schedule.spans(self.schedule.through()))
        received = self._broadcast(spans)
        if self._agree(received):
            for span in decode_spans(received):
                self.schedule.append(span)
        else:
            self.disagreements += 1
            _log.warning("ranks received different plans for the steps from %d on: all hold the last one", step)
        held = self.schedule.hold(through)
        if held and self._run is not None:
            _go_back(self._run, step, self.schedule)
        if self._slot is not None:
            self._write(self._slot)

    def _write(self, slot: SlotWriter) -> None:
        try:
            slot.write(self.schedule)
        except (SluiceError, OSError) as e:
            _log.warning("the workers of this rank do not see new plans: %s", e)

    def _broadcast(self, content: bytes) -> bytes:
        """Rank 0's bytes, on every rank."""
        size = torch.tensor([len(content)], dtype=torch.int64, device=self._device)
        dist.broadcast(size, group=self._group, group_src=0)
        if not size.item():
            return b""
        data = torch.empty(int(size.item()), dtype=torch.uint8, device=self._device)
        if content:
            data.copy_(torch.frombuffer(bytearray(content), dtype=torch.uint8))
        dist.broadcast(data, group=self._group, group_src=0)
        return bytes(data.cpu().tolist())

    def _agree(self, content: bytes) -> bool:
        """Whether all ranks hold the same bytes."""
        checksum = zlib.crc32(content)
        both = torch.tensor([checksum, -checksum], dtype=torch.int64, device=self._device)
        dist.all_reduce(both, op=dist.ReduceOp.MAX, group=self._group)
        largest, smallest = both.tolist()
        return bool(largest == -smallest)


def _go_back(run: Run, step: int, schedule: Schedule) -> None:
    """Lets rank 0 take the steps from ``step`` on as all ranks do, whatever the bridge has named: in a new attempt."""
    base = schedule.checkpoint(step)
    with run.schedule.lock:
        run.schedule.restart(base)
        for span in schedule.spans(step - 1):
            run.schedule.append(span)
        run._client.restart(base)
