"""Mixed batches for a PyTorch ``DataLoader``, drawn by the plan of their step in any number of worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from torch.utils.data import IterableDataset, get_worker_info

from sluice.data import MicroBatch, Mixer, Source, StepBatch
from sluice.errors import ConfigurationError
from sluice.plan import StepPlan
from sluice.run import Run
from sluice.slot import SlotReader

ONCE = "the steps can be iterated once: set max_steps, and no epochs"


class MixedDataset(IterableDataset[StepBatch]):
    """One :class:`sluice.data.StepBatch` for each optimiser step, in order.

    ::

        workers, ahead = 2, 4
        run = sluice.connect(prefetch_steps=prefetch_steps(workers, ahead))
        data = MixedDataset(run, sources, rows=4)
        for batch in DataLoader(data, batch_size=None, num_workers=workers, prefetch_factor=ahead): ...

    Worker w of W makes the steps start + w, start + w + W, ...; the loader asks its workers in turn, so steps come in
    order. Workers read the schedule from shared memory. A step's documents depend on its plan and on how often each
    group was drawn before, and on nothing in the worker: what was made ahead of a crash is made again, on any number of
    workers and ranks.

    There is one pass, and no epochs. Another one is refused with a :class:`ConfigurationError`: by the same data set,
    and by any of a run on rank 0 that has ended a step, unless ``start_step`` is given.
    """

    def __init__(
        self,
        run: Run | str,
        sources: Mapping[str, Source],
        *,
        rows: int,
        rank: int = 0,
        ranks: int = 1,
        mode: str = "split",
        collate: Callable[[list[Any]], Any] = list,
        start_step: int | None = None,
        until: int | None = None,
    ) -> None:
        """
        Args:
            run: the run on rank 0; elsewhere on its node, the path that ``Run.slot()`` told.
            sources: one for each group, by id.
            rows: documents that a draw takes, over all ranks.
            rank: this rank; see :class:`sluice.data.Mixer` for ``ranks`` and ``mode``.
            collate: makes a micro-batch's ``rows`` of its documents, in the worker.
            start_step: the first step; by default the run's.
            until: the first step that is not made; by default there is none.
        """
        self._slot = run if isinstance(run, str) else None
        self._run = None if isinstance(run, str) else run
        spec = SlotReader(run).spec if isinstance(run, str) else run.spec
        self._start_step = start_step
        self._iterated = False
        self.until = until
        self.mixer = Mixer(spec, sources, rows=rows, rank=rank, ranks=ranks, mode=mode, collate=collate)

    @property
    def start_step(self) -> int:
        """The first step."""
        if self._start_step is not None:
            return self._start_step
        return self._reader().schedule.base.next_step if self._run is None else self._run.start_step

    def __iter__(self) -> Iterator[StepBatch]:
        if self._is_over():
            raise ConfigurationError(ONCE)
        self._iterated = True
        worker = get_worker_info()
        number, workers = (0, 1) if worker is None else (worker.id, worker.num_workers)
        plan = self._plans(in_worker=worker is not None)
        for step in count(self.start_step + number, workers):
            if self.until is not None and step >= self.until:
                return
            yield self.mixer.batch(plan(step))

    def _plans(self, in_worker: bool) -> Callable[[int], StepPlan]:
        """The run answers in its own process alone."""
        return self._reader().step if in_worker or self._run is None else self._run.plan

    def _reader(self) -> SlotReader:
        return SlotReader(self._path())

    def _path(self) -> str:
        if self._slot is not None:
            return self._slot
        assert self._run is not None
        return self._run.slot()

    def _is_over(self) -> bool:
        """Whether the pass was begun before. A worker forked for a second one sees it by its copy of the run."""
        if self._iterated or self._run is None or self._start_step is not None:
            return self._iterated
        return self._run.status().step > self._run.start_step

    def __getstate__(self) -> dict[str, Any]:
        own = {"_run": None, "_slot": self._path(), "_start_step": self.start_step, "_iterated": self._is_over()}
        return {**self.__dict__, **own}


class MicroBatches(IterableDataset[MicroBatch]):
    """The micro-batches of a :class:`MixedDataset` one by one, for trainers that accumulate gradients by themselves.

    In one worker at most: the loader would take the micro-batches of several in turn, and tear the steps apart.
    """

    def __init__(self, steps: MixedDataset) -> None:
        self.steps = steps

    def __iter__(self) -> Iterator[MicroBatch]:
        worker = get_worker_info()
        if worker is not None and worker.num_workers > 1:
            raise ConfigurationError(f"micro-batches come from 1 worker at most, not from {worker.num_workers}")
        for batch in self.steps:
            yield from batch.micro_batches


def prefetch_steps(num_workers: int, prefetch_factor: int = 2) -> int:
    """How many steps beyond the one under way a ``DataLoader`` with these arguments makes."""
    return num_workers * prefetch_factor
