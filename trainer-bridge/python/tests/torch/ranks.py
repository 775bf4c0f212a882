"""Runs functions on several ranks, each a process of its own, joined by gloo."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.distributed as dist
from torch.multiprocessing.spawn import spawn as start


def spawn(functions: Sequence[Callable[[], None]], ranks: int, folder: Path) -> None:
    """Fails when one of them does."""
    start(_start, args=(functions, ranks, f"file://{folder}/rendezvous"), nprocs=ranks)  # type: ignore[no-untyped-call]


def _start(rank: int, functions: Sequence[Callable[[], None]], ranks: int, rendezvous: str) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=rendezvous, rank=rank, world_size=ranks)
    for function in functions:
        function()
        dist.barrier()
    sys.stdout.flush()
    # Taking gloo down may wait for ever: its threads need the lock that the main thread holds while it joins them.
    os._exit(0)


def gathered(value: object) -> list[object]:
    """Every rank's value, on every rank."""
    values: list[object] = [None] * dist.get_world_size()
    dist.all_gather_object(values, value)
    return values
