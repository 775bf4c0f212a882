#!/usr/bin/env python3
"""Measures what Sluice costs a trainer, in microseconds, and prints a line of JSON for each phase.

Phase ``noise`` times plain Python of about a step's length, which tells what the machine adds; ``lease`` times one
lease over the socket, there and back. Under any other name, a phase times the steps of one training run: all calls of a
step on the trainer's thread together (plan, one record per draw without sketches, end_step).

With ``--endpoint`` the bridge is a real one, and the phases are lines on standard input, so that whoever writes them
can break something between two phases; ``lease`` must come before the first phase that takes steps. Without it the
bridge is a fake one in a process of its own, which is stopped before phase ``stopped``.

    python bench/step_cost.py
    printf 'noise\\nlease\\nhealthy\\n' | python bench/step_cost.py --endpoint unix:/path/to.sock
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import platform
import sys
import time
from multiprocessing.connection import Connection as Pipe
from typing import Any

import sluice
from sluice.client import attach
from sluice.protocol import Endpoint
from sluice.testing import FakeBridge

GROUPS = 26
DRAWS = 8
WARM_UP_STEPS = 200
#: More than this a second on one connection, and the bridge refuses.
# Until the bridge's code is compiled; slower than its limit of requests.
WARM_UP_LEASES = 10_000
WARM_UP_PAUSE = 0.0006
LEASE_PAUSE = 0.001


class Trainer:
    """A trainer without a model. It attaches at its first phase that takes steps, and goes on where the last ended."""

    def __init__(self, endpoint: str, steps: int, pause: float) -> None:
        self.endpoint, self.steps, self.pause = endpoint, steps, pause
        self.run: sluice.Run | None = None
        self.step = 0

    def phase(self, name: str) -> dict[str, Any]:
        """Measures one phase."""
        if name == "noise":
            return {"phase": name, **percentiles(self._times_nothing())}
        if name == "lease":
            return {"phase": name, **percentiles(self._lease_times())}
        if self.run is None:
            self.run = sluice.connect(self.endpoint)
            self.step = self.run.start_step
            self._step_times(self.run, WARM_UP_STEPS)
        held = self.run.status().held_steps
        nanos = self._step_times(self.run, self.steps)
        status = self.run.status()
        return {
            "phase": name,
            **percentiles(nanos),
            "held_steps": status.held_steps - held,
            "state": status.state,
            "rounds_dropped": status.rounds_dropped,
        }

    def close(self) -> None:
        """Ends the run, if it began."""
        if self.run is not None:
            self.run.close()

    def _step_times(self, run: sluice.Run, steps: int) -> list[int]:
        nanos = []
        for step in range(self.step, self.step + steps):
            start = time.perf_counter_ns()
            plan = run.plan(step)
            for group, occurrence in zip(plan.draws, plan.occurrences, strict=True):
                name = run.spec.groups[group].id
                run.record(name, tokens=2048, sequences=4, loss_sum=5e3, loss_square_sum=2e4, part=occurrence & 1)
            run.end_step(step, 3e-4)
            nanos.append(time.perf_counter_ns() - start)
            time.sleep(self.pause)
        self.step += steps
        return nanos

    def _times_nothing(self) -> list[int]:
        nanos = []
        for _ in range(self.steps):
            start = time.perf_counter_ns()
            sum(i * i for i in range(500))
            nanos.append(time.perf_counter_ns() - start)
            time.sleep(self.pause)
        return nanos

    def _lease_times(self) -> list[int]:
        attached = attach(Endpoint.of(self.endpoint), None, 0, None, 10)
        nanos = []
        for step in range(WARM_UP_LEASES + self.steps):
            body = {
                "session": attached.session,
                "step": step,
                "from_step": step,
                "through_step": step,
                "known_version": attached.plan.version,
            }
            start = time.perf_counter_ns()
            attached.connection.post("/v1/lease", body, 10)
            if step >= WARM_UP_LEASES:
                nanos.append(time.perf_counter_ns() - start)
                time.sleep(LEASE_PAUSE)
            else:
                time.sleep(WARM_UP_PAUSE)
        attached.connection.post("/v1/detach", {"session": attached.session}, 10)
        attached.connection.close()
        return nanos


def percentiles(nanos: list[int]) -> dict[str, float]:
    """The least durations that a share of all do not exceed, and the mean, in microseconds."""
    ordered = sorted(nanos)
    micros = {
        name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000, 1)
        for name, share in (("p50_us", 0.5), ("p99_us", 0.99), ("p999_us", 0.999), ("max_us", 1.0))
    }
    return {"steps": len(ordered), **micros, "mean_us": round(sum(ordered) / len(ordered) / 1000, 1)}


def serve(pipe: Pipe) -> None:
    """A fake bridge that says where it listens, and stops and ends when it is told to."""
    weights = {f"group-{j:02d}": 1 / GROUPS for j in range(GROUPS)}
    with FakeBridge(weights, draws_per_step=DRAWS, round_steps=20) as bridge:
        pipe.send(bridge.endpoint)
        while pipe.recv() == "stop":
            bridge.stop()
            pipe.send("stopped")


def measure_with_fake(options: argparse.Namespace) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    trainer = Trainer(ours.recv(), options.steps, options.pause_ms / 1000)
    for phase in ("noise", "lease", "healthy"):
        tell(trainer.phase(phase))
    ours.send("stop")
    ours.recv()
    tell(trainer.phase("stopped"))
    trainer.close()
    ours.send("end")
    server.join()


def tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", help="a real bridge to measure with; phases come from standard input")
    parser.add_argument("--steps", type=int, default=10_000, help="steps of a phase")
    parser.add_argument(
        "--pause-ms", type=float, default=1.0, help="the rest of a step, during which the trainer waits"
    )
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    tell({"python": platform.python_version(), "steps": options.steps, "pause_ms": options.pause_ms})
    if options.endpoint is None:
        measure_with_fake(options)
        return
    trainer = Trainer(options.endpoint, options.steps, options.pause_ms / 1000)
    for line in sys.stdin:
        tell(trainer.phase(line.strip()))
    trainer.close()


if __name__ == "__main__":
    main()
