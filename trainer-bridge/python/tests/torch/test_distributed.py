"""Ranks never part: same plans, same draws, signals that are sums over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sluice
import torch
import torch.distributed as dist
from conftest import until
from ranks import gathered, spawn
from sluice.data import Mixer
from sluice.slot import SlotReader
from sluice.testing import FakeBridge
from sluice.torch import DistributedRun, Signals, Sketcher
from sluice.torch.signals import _mesh_size
from sluice.torch.sketch import local, sketched_tensors
from tiny import LENGTH, TinyModel, bfloat16, sources
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

SYNC = 4
STEPS = 24
ROWS = 4


@contextmanager
def connected(**options: Any) -> Iterator[tuple[FakeBridge | None, sluice.Run | None]]:
    """A bridge and a run on rank 0, nothing elsewhere."""
    if dist.get_rank() != 0:
        yield None, None
        return
    arguments = {"draws_per_step": 4, "lease_steps": SYNC, "round_steps": 6, **options}
    with FakeBridge({"code": 0.5, "web": 0.5}, targets={"held_out": 1.0}, **arguments) as fake:
        with sluice.connect(fake.endpoint, prefetch_steps=SYNC) as run:
            yield fake, run


def end_step(rank0: sluice.Run | None, run: DistributedRun, step: int) -> None:
    """Ends a step; on rank 0, no faster than the bridge leases them: a test's steps take no time."""
    if rank0 is not None:
        until(lambda: rank0.schedule.through() >= step + 1 + SYNC)
    run.end_step(step, 0.1)


def all_ranks_take_the_same_steps() -> None:
    with connected() as (fake, rank0):
        run = DistributedRun(rank0, sync_every=SYNC)
        taken, workers = [], None
        for step in range(STEPS):
            plan = run.plan(step)
            taken.append((step, plan.version, plan.draws, plan.occurrences))
            workers = workers or SlotReader(run.slot())
            assert workers.step(step) == plan
            if rank0 is not None:
                assert rank0.plan(step) == plan
                for same in ("measures", "ends_round"):
                    assert getattr(rank0, same)(step) == getattr(run, same)(step)
            if fake is not None and step == 3:
                fake.publish({"code": 0.0, "web": 1.0}, effective_step=0)
            end_step(rank0, run, step)
        assert {version for _, version, _, _ in taken} == {0, 1}
        assert all(other == taken for other in gathered(taken))
        assert run.disagreements == 0
        assert workers is not None and workers.held == 0
        run.close()


class Garbled(DistributedRun):
    """The last rank receives another byte than was sent, once."""

    broadcasts = 0

    def _broadcast(self, content: bytes) -> bytes:
        received = super()._broadcast(content)
        self.broadcasts += 1
        last = dist.get_rank() == dist.get_world_size() - 1
        return b"[" + received[1:-1] + b" " if last and self.broadcasts == 4 else received


def ranks_that_disagree_hold() -> None:
    with connected() as (fake, rank0):
        run = Garbled(rank0, sync_every=SYNC)
        if fake is not None:
            fake.publish({"code": 0.0, "web": 1.0}, effective_step=2 * SYNC)
        taken = []
        for step in range(STEPS):
            plan = run.plan(step)
            taken.append((plan.version, plan.draws))
            if rank0 is not None:
                assert rank0.plan(step) == plan
            end_step(rank0, run, step)
        assert run.disagreements == 1
        assert all(other == taken for other in gathered(taken))
        assert {version for version, _ in taken[: 3 * SYNC]} == {0}
        if fake is not None:
            # The steps that were held are told to the bridge by an attempt that begins with them.
            assert fake.attempts[-1]["resume_step"] == 2 * SYNC
            assert fake.attempts[-1]["checkpoint"]["plan"]["version"] == 0


def without_a_bridge_all_ranks_hold() -> None:
    with connected() as (fake, rank0):
        run = DistributedRun(rank0, sync_every=SYNC)
        if fake is not None:
            fake.stop()
        taken = []
        for step in range(3 * SYNC):
            taken.append(run.plan(step).draws)
            run.end_step(step, 0.1)
        assert all(other == taken for other in gathered(taken))


def sums_of(model: TinyModel, run: DistributedRun, steps: range) -> dict[tuple[int, int], tuple[int, float, Tensor]]:
    """Tokens, loss sum and sketch of each group and half, by one process that takes all draws.

    The sketch is that of the steps that measure, scaled to all tokens.
    """
    chosen = sketched_tensors(model)
    sketcher = Sketcher([t for t, _ in chosen], dimension=run.spec.sketch_dimension, seed=run.spec.sketch_seed)
    mixer = Mixer(run.spec, sources(run.spec), rows=ROWS, collate=torch.stack)
    sums: dict[tuple[int, int], tuple[int, float, int, Tensor]] = {}
    for step in steps:
        for micro in mixer.batch(run.schedule.step(step)).micro_batches:
            losses = model(micro.rows)
            sketch = sketcher.sketch(torch.autograd.grad(losses.sum(), [p for _, p in chosen]))
            measures = int(run.measures(step))
            tokens, loss, sketched, so_far = sums.get((micro.group, micro.part), (0, 0.0, 0, torch.zeros_like(sketch)))
            sums[micro.group, micro.part] = (
                tokens + losses.numel(),
                loss + float(losses.sum()),
                sketched + measures * losses.numel(),
                so_far + measures * sketch,
            )
    return {
        key: (tokens, loss, sketch * (tokens / sketched) if sketched else sketch)
        for key, (tokens, loss, sketched, sketch) in sums.items()
    }


def check(fake: FakeBridge, run: DistributedRun, steps: int) -> None:
    """What arrived is what one process would have measured."""
    fake.wait_for(lambda b: len(b.rounds) == 1)
    halves = {(half.index, half.part): half for _, half in fake.signals}
    expected = sums_of(TinyModel(), run, range(steps))
    assert halves.keys() == expected.keys()
    for key, (tokens, loss, sketch) in expected.items():
        assert halves[key].tokens == tokens
        assert abs(halves[key].loss_sum - loss) < 1e-2
        if not sketch.any():
            assert halves[key].sketch is None
        else:
            assert float((bfloat16(halves[key].sketch) - sketch).norm() / sketch.norm()) < 6e-3


def signals_of_ddp() -> None:
    with connected(round_steps=3) as (fake, rank0):
        run = DistributedRun(rank0, sync_every=SYNC)
        model = DistributedDataParallel(TinyModel())
        rank, ranks = dist.get_rank(), dist.get_world_size()
        mixer = Mixer(run.spec, sources(run.spec), rows=ROWS, rank=rank, ranks=ranks, collate=torch.stack)
        signals = Signals(run, model, all_reduce=run.all_reduce)
        for step in range(3):
            signals.begin_step(step)
            with model.no_sync():
                for micro in mixer.batch(run.plan(step)).micro_batches:
                    losses = model(micro.rows)
                    (losses.sum() * 0.01).backward()
                    signals.add_group(micro.group, micro.part, losses, factor=0.01)
            run.average_gradients(model.parameters())
            mean = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
            whole = TinyModel()
            everything = Mixer(run.spec, sources(run.spec), rows=ROWS, collate=torch.stack).batch(run.plan(step))
            for micro in everything.micro_batches:
                torch.autograd.backward(whole(micro.rows).sum() * 0.01)
            expected = torch.cat([p.grad.flatten() for p in whole.parameters() if p.grad is not None])
            assert torch.allclose(mean * ranks, expected, atol=1e-5)
            model.zero_grad()
            signals.end_step(step, 0.1)
        if fake is not None:
            check(fake, run, 3)
        dist.barrier()


def signals_of_fsdp() -> None:
    with connected(round_steps=3) as (fake, rank0):
        run = DistributedRun(rank0, sync_every=SYNC)
        rank, ranks = dist.get_rank(), dist.get_world_size()
        model = TinyModel()
        fully_shard(model, mesh=init_device_mesh("cpu", (ranks,)))
        dealt: dict[str, Any] = {"rank": rank, "ranks": ranks, "mode": "shared"}
        mixer = Mixer(run.spec, sources(run.spec), rows=ROWS, collate=torch.stack, **dealt)
        # torch 2.7 asks for an average, and gloo gives the sum.
        signals = Signals(run, model, all_reduce=run.all_reduce, averaged_over=1)
        for step in range(3):
            signals.begin_step(step)
            for micro in mixer.batch(run.plan(step)).micro_batches:
                losses = model(micro.rows)
                assert losses.shape == (ROWS // ranks, LENGTH - 1)
                (losses.sum() * 0.01).backward()
                signals.add_group(micro.group, micro.part, losses, factor=0.01)
            for parameter in model.parameters():
                parameter.grad = None
            signals.end_step(step, 0.1)
        if fake is not None:
            check(fake, run, 3)
        dist.barrier()


class Uneven(nn.Module):
    """On 4 ranks the 7 rows of a tensor are 2, 2, 2 and 1, and the 5 of another 2, 2, 1 and none."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.seven = nn.Parameter(torch.randn(7, 3))
        self.five = nn.Parameter(torch.randn(5, 2, 11))


def shards_add_up() -> None:
    """For shards on 4 ranks, and for 2 replicas of 2 shards, of which one counts."""
    for mesh in (init_device_mesh("cpu", (4,)), init_device_mesh("cpu", (2, 2), mesh_dim_names=("replicate", "shard"))):
        whole, model = Uneven(), Uneven()
        fully_shard(model, mesh=mesh)
        reference = Sketcher([t for t, _ in sketched_tensors(whole)], dimension=31, seed=7)
        expected = reference.sketch(list(whole.parameters()))
        assert _mesh_size(list(model.parameters())) == 4
        with pytest.raises(sluice.ConfigurationError, match="others are not"):
            _mesh_size([*model.parameters(), *whole.parameters()])
        chosen = sketched_tensors(model)
        sketch = Sketcher([t for t, _ in chosen], dimension=31, seed=7).sketch([local(p) for _, p in chosen])
        dist.all_reduce(sketch)
        assert float((sketch - expected).norm() / expected.norm()) < 1e-6


def test_ranks_never_part(tmp_path: Path) -> None:
    spawn([all_ranks_take_the_same_steps, ranks_that_disagree_hold, without_a_bridge_all_ranks_hold], 2, tmp_path)


def test_signals_are_sums_over_ranks_and_shards(tmp_path: Path) -> None:
    spawn([signals_of_ddp, signals_of_fsdp], 2, tmp_path)


def test_four_ranks_do_as_two_do(tmp_path: Path) -> None:
    spawn([all_ranks_take_the_same_steps, signals_of_ddp, shards_add_up], 4, tmp_path)
