#!/usr/bin/env python3
"""Measures what signals cost a training step of the example's model, and prints it as JSON.

Variants take turns step by step, so that a busy machine disturbs them alike; medians are given. ``large_batch`` trains
on the step's rows in one batch, ``micro_batches`` one draw at a time without Sluice, and the others report as well:
theirs are steps that measure gradients, as one step of a round does; all others cost what ``losses`` does.
``round_ms`` is what a round adds once: preconditioning before the step that measures, reduction and copies at its end,
and the backward passes over two halves of one target, or of one rare group (their forward passes come on top).

On a CPU, milliseconds are CPU time of the process, background threads included: other processes do not disturb it.

    python bench/signal_cost.py --size tiny --draws 8 --rows 4
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import sluice
import torch
from sluice.testing import FakeBridge
from sluice.torch import Signals
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from train_gpt import CONTEXT, GPT, SIZES  # noqa: E402

DIMENSION = 8191
ROUND_STEPS = 1  # Every step of a variant is one that measures, and ends its round.


class Bench:
    """One model, one optimiser, and the rows of one step."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(0)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = GPT(*SIZES[options.size]).to(self.device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4)
        rows = torch.randint(256, (options.draws * options.rows, CONTEXT + 1), device=self.device)
        self.large, self.micro = [rows], list(rows.view(options.draws, options.rows, -1).unbind())

    def losses(self, rows: Tensor) -> Tensor:
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"):
            result: Tensor = self.model(rows)
        return result

    def step(self, batches: list[Tensor], signals: Signals | None = None, number: int = 1) -> None:
        factor = 1 / (CONTEXT * sum(len(rows) for rows in batches))
        if signals is not None:
            signals.begin_step(number)
        for draw, rows in enumerate(batches):
            each = self.losses(rows)
            torch.autograd.backward(each.sum() * factor)
            if signals is not None:
                signals.add_group(draw % 2, draw // 2 % 2, each, factor=factor)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        if signals is not None:
            signals.end_step(number, 1e-4)

    def timed(self, action: Callable[[], object]) -> float:
        """Milliseconds, the device's work included."""
        clock = time.perf_counter if self.device.type == "cuda" else time.process_time
        self.synchronize()
        start = clock()
        action()
        self.synchronize()
        return 1000 * (clock() - start)

    def synchronize(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def measure(options: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    bench = Bench(options)
    last = [f"blocks.{SIZES[options.size][1] - 1}.*"]

    def connect() -> sluice.Run:
        bridge = FakeBridge(
            {"a": 0.5, "b": 0.5},
            targets={"held_out": 1.0},
            draws_per_step=options.draws,
            round_steps=ROUND_STEPS,
            sketch_dimension=DIMENSION,
        )
        return stack.enter_context(sluice.connect(stack.enter_context(bridge).endpoint))

    def signals(**arguments: Any) -> Signals:
        return Signals(connect(), bench.model, bench.optimizer, **arguments)

    bench.step(bench.large)  # Adam has moments from here on.
    variants: dict[str, Signals] = {
        "losses": signals(sketches=False),
        "sketches": signals(),
        "sketches_last_block": signals(layers=last),
        "sketches_computed_signs": signals(keep_signs=False),
        "sketches_preconditioned": signals(precondition=True),
    }
    times: dict[str, list[float]] = {name: [] for name in ("large_batch", "micro_batches", *variants)}
    for number in range(options.warm_up + options.steps):
        taken = {
            "large_batch": bench.timed(lambda: bench.step(bench.large)),
            "micro_batches": bench.timed(lambda: bench.step(bench.micro)),
        }
        for name, variant in variants.items():
            taken[name] = bench.timed(partial(bench.step, bench.micro, variant, number))
        if number >= options.warm_up:
            for name, value in taken.items():
                times[name].append(value)

    every = signals(precondition=True)
    round_: dict[str, list[float]] = {name: [] for name in ("precondition", "end", "target", "probe")}
    for number in range(options.steps):
        losses = [bench.losses(bench.micro[0]) for _ in range(4)]
        round_["precondition"].append(bench.timed(partial(every.begin_step, number)))
        for name, action, two in (
            ("target", every.measure_target, losses[:2]),
            ("probe", every.measure_group, losses[2:]),
        ):
            round_[name].append(sum(bench.timed(partial(action, 0, part, each)) for part, each in enumerate(two)))
        round_["end"].append(bench.timed(partial(every.end_step, number, 1e-4)))
    base = median(times["micro_batches"])
    return {
        "parameters": sum(p.numel() for p in bench.model.parameters()),
        "tokens_per_step": CONTEXT * options.draws * options.rows,
        "step_ms": {name: round(median(values), 3) for name, values in times.items()},
        "step_ms_quartiles": {name: [round(v, 3) for v in quartiles(values)] for name, values in times.items()},
        "ratio_to_micro_batches": {name: round(median(values) / base, 4) for name, values in times.items()},
        "round_ms": {name: round(median(values), 3) for name, values in round_.items()},
    }


def quartiles(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--draws", type=int, default=8, help="micro-batches of a step")
    parser.add_argument("--rows", type=int, default=4, help="rows of a micro-batch")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with ExitStack() as stack:
        figures = measure(options, stack)
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else platform.processor() or platform.machine()
    machine = {"device": device, "threads": options.threads, "torch": torch.__version__}
    print(json.dumps({"benchmark": "signal_cost", "figures": figures, "settings": vars(options), "machine": machine}))


if __name__ == "__main__":
    main()
