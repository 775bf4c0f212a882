"""Batches made by real worker processes follow the schedule."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
import sluice
import torch
from conftest import until
from sluice.data import Mixer, ShuffledSource, StepBatch
from sluice.errors import ConfigurationError
from sluice.testing import FakeBridge
from sluice.torch import MixedDataset, prefetch_steps
from torch.utils.data import DataLoader

LEASE = 2
CHANGE = 30


def bridge() -> FakeBridge:
    return FakeBridge({"code": 0.5, "web": 0.5}, draws_per_step=4, lease_steps=LEASE, round_steps=100)


def sources() -> dict[str, ShuffledSource]:
    return {id_: ShuffledSource([f"{id_}{n}" for n in range(50)], name=id_, seed=17) for id_ in ("code", "web")}


def loader(dataset: MixedDataset, workers: int) -> Iterator[StepBatch]:
    return iter(DataLoader(dataset, batch_size=None, num_workers=workers, prefetch_factor=2 if workers else None))


def end_step(run: sluice.Run, step: int, ahead: int) -> None:
    """Ends a step, no faster than the bridge leases them: a test's steps take no time."""
    until(lambda: run.schedule.through() >= step + 1 + ahead)
    run.end_step(step, 0.1)


def documents(batch: StepBatch) -> list[str]:
    return [document for micro in batch.micro_batches for document in micro.rows]


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_a_change_of_plan_is_followed_within_the_depth_of_prefetching(workers: int) -> None:
    ahead = prefetch_steps(workers)
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=ahead) as run:
        batches = loader(MixedDataset(run, sources(), rows=2, until=40), workers)
        published, changed = 5, None
        for step in range(40):
            batch = next(batches)
            plan = run.plan(step)
            assert (batch.step, batch.version) == (step, plan.version)
            assert [(m.group, m.occurrence) for m in batch.micro_batches] == list(
                zip(plan.draws, plan.occurrences, strict=True)
            )
            if step == published:
                fake.publish({"code": 0.0, "web": 1.0}, effective_step=0)
            if batch.version == 1 and changed is None:
                changed = step
            end_step(run, step, ahead)
        assert changed is not None
        assert published < changed <= published + ahead + LEASE + 2
        assert run.status().held_steps == 0
        with pytest.raises(StopIteration):
            next(batches)


def take(run: sluice.Run, workers: int, ranks: int, stop: int, ahead: int) -> dict[int, list[str]]:
    """All documents of each step over all ranks."""
    loaders = [
        loader(MixedDataset(run if rank == 0 else run.slot(), sources(), rows=2, rank=rank, ranks=ranks), workers)
        for rank in range(ranks)
    ]
    taken = {}
    for step in range(run.start_step, stop):
        taken[step] = [document for batches in loaders for document in documents(next(batches))]
        end_step(run, step, ahead)
    return taken


def test_a_resumed_run_draws_what_an_undisturbed_one_would_on_other_ranks_and_workers() -> None:
    weights = {"code": 0.1, "web": 0.9}
    with bridge() as fake:
        with sluice.connect(fake.endpoint) as run:
            fake.publish(weights, effective_step=CHANGE)
            undisturbed = take(run, workers=0, ranks=1, stop=45, ahead=0)
    for stop in (7, 15, 33):
        with bridge() as fake:
            with sluice.connect(fake.endpoint, prefetch_steps=4) as run:
                fake.publish(weights, effective_step=CHANGE)
                before = take(run, workers=2, ranks=1, stop=stop, ahead=4)
                state = run.state_dict()
            with sluice.connect(fake.endpoint, prefetch_steps=2, state=state) as run:
                if stop < CHANGE:
                    fake.publish(weights, effective_step=CHANGE)
                after = take(run, workers=1, ranks=2, stop=45, ahead=2)
        assert {**before, **after} == undisturbed


def test_collate_runs_in_the_worker_and_its_tensors_arrive() -> None:
    numbers = {id_: ShuffledSource(list(torch.arange(20)), name=id_, seed=1) for id_ in ("code", "web")}
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=2) as run:
        mixer = Mixer(run.spec, numbers, rows=3, collate=torch.stack)
        batch = next(loader(MixedDataset(run, numbers, rows=3, collate=torch.stack), 1))
        for arrived, expected in zip(batch.micro_batches, mixer.batch(run.plan(0)).micro_batches, strict=True):
            assert torch.equal(arrived.rows, expected.rows)


@pytest.mark.parametrize(("workers", "context"), [(0, None), (1, "fork"), (1, "spawn")])
def test_a_second_pass_is_refused(workers: int, context: str | None) -> None:
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=2) as run:
        data = DataLoader(
            MixedDataset(run, sources(), rows=1, until=2),
            batch_size=None,
            num_workers=workers,
            multiprocessing_context=context,
        )
        for batch in data:
            end_step(run, batch.step, 2)
        with pytest.raises(ConfigurationError, match="iterated once"):
            next(iter(data))


def test_a_worker_that_persists_refuses_a_second_pass() -> None:
    with bridge() as fake, sluice.connect(fake.endpoint, prefetch_steps=2) as run:
        dataset = MixedDataset(run, sources(), rows=1, until=2)
        data = DataLoader(dataset, batch_size=None, num_workers=1, persistent_workers=True)
        assert [batch.step for batch in data] == [0, 1]
        with pytest.raises(ConfigurationError, match="iterated once"):
            next(iter(data))


def test_without_workers_no_shared_memory_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with bridge() as fake, sluice.connect(fake.endpoint) as run:
        monkeypatch.setattr(run, "_slot", None)
        dataset = MixedDataset(run, sources(), rows=1)
        assert next(iter(dataset)).step == 0
        with pytest.raises(sluice.SluiceError, match="shared memory"):
            pickle.dumps(dataset)
