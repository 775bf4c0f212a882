#!/usr/bin/env python3
"""Scripted trainers of one run: ranks in processes of their own that draw by the live plan, and write down what they drew.

Rank 0 has the bridge; the others read its slot. No model is trained: a step is its draws. Now and then a rank is late,
and now and then the whole trainer dies and resumes from its last checkpoint, with another number of ranks. ``./sluice
bench ranks`` starts this script, restarts the bridge meanwhile, publishes plans, and judges what was written.

In ``--out`` it leaves ``versions`` (int64, one row of ``--most-ranks`` a step: the plan version each rank used, -1 for
none) and ``documents`` (int32 pairs, one row of draws a step: place of the group, and occurrence). A trainer that
resumes writes over what its predecessor wrote from there on. On standard output, a line of JSON now and then says how
far a life of the trainer has come, and one at the end how often it was killed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import mmap
import multiprocessing
import os
import random
import signal
import struct
import sys
import time
import traceback
from pathlib import Path

import sluice

CHECKPOINT_EVERY = 500
REPORT_EVERY = 1_000
#: How many steps ranks may be apart, as prefetching loaders are.
SKEW = 32
PROGRESS = struct.Struct("<q")
DOCUMENT = struct.Struct("<ii")


class Book:
    """A file of fixed-size records that several processes write to."""

    def __init__(self, path: Path, size: int, fill: bytes) -> None:
        if not path.exists():
            path.write_bytes(fill * size)
        self._file = path.open("r+b")
        self.bytes = mmap.mmap(self._file.fileno(), size * len(fill))


class Rank:
    """What one rank does in one life of the trainer."""

    def __init__(self, options: argparse.Namespace, rank: int, ranks: int, first: int, draws: int) -> None:
        out = Path(options.out)
        self.rank, self.ranks, self.step, self.draws = rank, ranks, first, draws
        self.row = 8 * options.most_ranks
        self.versions = Book(out / "versions", options.steps * options.most_ranks, PROGRESS.pack(-1)).bytes
        self.documents = Book(out / "documents", options.steps * draws, DOCUMENT.pack(-1, -1)).bytes
        self.progress = Book(out / "progress", options.most_ranks, PROGRESS.pack(-1)).bytes
        self.random = random.Random(f"{options.seed}/{rank}/{first}")

    def take(self, plan: sluice.StepPlan) -> None:
        """Draws this rank's share of a step."""
        share = self.draws // self.ranks
        first = self.rank * share
        at = (self.step * self.draws + first) * DOCUMENT.size
        for group, occurrence in zip(plan.draws[first : first + share], plan.occurrences[first:], strict=False):
            DOCUMENT.pack_into(self.documents, at, group, occurrence)
            at += DOCUMENT.size
        PROGRESS.pack_into(self.versions, self.step * self.row + 8 * self.rank, plan.version)
        PROGRESS.pack_into(self.progress, 8 * self.rank, self.step)
        self.step += 1
        if self.random.random() < 0.0005:
            time.sleep(self.random.uniform(0, 0.05))
        if self.step % 16 == 0:
            self.wait_for_others(SKEW)

    def wait_for_others(self, skew: int) -> None:
        """Waits until no rank has more than ``skew`` steps less to show than this one."""
        while min(PROGRESS.unpack_from(self.progress, 8 * r)[0] for r in range(self.ranks)) < self.step - 1 - skew:
            time.sleep(0.0002)


def follow(options: argparse.Namespace, slot: str, rank: int, ranks: int, first: int) -> None:
    """A rank that reads rank 0's slot; when it fails, the others would wait for it, so all end."""
    try:
        reader = sluice.SlotReader(slot)
        mine = Rank(options, rank, ranks, first, options.draws)
        while mine.step < options.steps:
            mine.take(reader.step(mine.step))
    except Exception:
        traceback.print_exc()
        os.killpg(os.getpgid(0), signal.SIGKILL)
    if reader.held:
        print(json.dumps({"rank": rank, "held_by_reader": reader.held}), flush=True)


def lead(options: argparse.Namespace, life: int, ranks: int) -> None:
    """Rank 0: starts the others, takes its share, and saves checkpoints."""
    out = Path(options.out)
    saved = out / "checkpoint.json"
    state = json.loads(saved.read_text()) if saved.exists() else None
    # With a state, a trainer begins without its bridge, too.
    timeout = 120 if state is None else 2
    run = sluice.connect(options.endpoint, state=state, prefetch_steps=2 * SKEW, timeout=timeout)
    first = run.start_step
    mine = Rank(options, 0, ranks, first, options.draws)
    for rank in range(options.most_ranks):
        PROGRESS.pack_into(mine.progress, 8 * rank, first - 1)
    for at in range(first * mine.row, options.steps * mine.row, 8):
        PROGRESS.pack_into(mine.versions, at, -1)
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=follow, args=(options, run.slot(), rank, ranks, first), daemon=True)
        for rank in range(1, ranks)
    ]
    for other in others:
        other.start()
    while mine.step < options.steps:
        mine.take(run.plan(mine.step))
        run.end_step(mine.step - 1, 1e-3)
        time.sleep(options.step_ms / 1000)
        if mine.step % CHECKPOINT_EVERY == 0:
            # A checkpoint says that its steps were taken, by every rank.
            mine.wait_for_others(0)
            draft = saved.with_suffix(".tmp")
            draft.write_text(json.dumps(run.state_dict()))
            draft.replace(saved)
            run.checkpoint_saved()
        if mine.step % REPORT_EVERY == 0:
            tell(run, life, ranks)
    for other in others:
        other.join()
    tell(run, life, ranks)
    run.close()


def tell(run: sluice.Run, life: int, ranks: int) -> None:
    """Says how far this life of the trainer has come."""
    status = run.status()
    line = {
        "life": life,
        "step": status.step,
        "ranks": ranks,
        "held_steps": status.held_steps,
        "attempts": status.attempts,
        "faults": dict(status.faults),
    }
    print(json.dumps(line), flush=True)


def live(options: argparse.Namespace, life: int, ranks: int, kill_at: int | None) -> bool:
    """One life of the trainer, in a process group of its own; answers whether it reached its end."""
    child = multiprocessing.get_context("spawn").Process(target=_lead_group, args=(options, life, ranks))
    child.start()
    assert child.pid is not None
    progress = Book(Path(options.out) / "progress", options.most_ranks, PROGRESS.pack(-1)).bytes
    while kill_at is not None and child.is_alive():
        if PROGRESS.unpack_from(progress)[0] >= kill_at:
            with contextlib.suppress(ProcessLookupError):  # It may have no group of its own yet, nor children.
                os.killpg(child.pid, signal.SIGKILL)
            child.kill()
            child.join()
            return False
        child.join(0.01)
    child.join()
    if child.exitcode != 0:
        sys.exit(f"the trainer ended with {child.exitcode}")
    return True


def _lead_group(options: argparse.Namespace, life: int, ranks: int) -> None:
    os.setpgid(0, 0)
    logging.disable(logging.WARNING)
    lead(options, life, ranks)


def main() -> None:
    parser = argparse.ArgumentParser(description="Scripted ranks that draw by the live plan and write it down.")
    parser.add_argument("--endpoint", required=True, help="the bridge, as unix:/path/to.sock")
    parser.add_argument("--out", required=True, help="folder for what was drawn")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--draws", type=int, required=True, help="draws of a step, as the run declares them")
    parser.add_argument("--most-ranks", type=int, default=8)
    parser.add_argument("--kills", type=int, default=6, help="how often the trainer dies")
    parser.add_argument("--step-ms", type=float, default=1.0, help="what rank 0 waits in each step")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    ranks = options.most_ranks
    deaths = sorted(chance.randrange(options.steps) for _ in range(options.kills))
    life = 0
    while not live(options, life, ranks, deaths[life] if life < len(deaths) else None):
        life += 1
        ranks = chance.choice([n for n in range(1, options.most_ranks + 1) if options.draws % n == 0])
    print(json.dumps({"kills": life}))


if __name__ == "__main__":
    main()
