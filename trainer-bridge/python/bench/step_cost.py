#!/usr/bin/env python3
"""Measures what Sluice costs a trainer, and prints it as JSON.

``step_us``: all calls of one step on the trainer's thread together (plan, one record per draw without sketches,
end_step), with a bridge that answers and with one that is dead. ``noise_us``: plain Python of about the same length
without Sluice, which tells what the machine adds. ``lease_us``: one lease over the socket, there and back.
The bridge is a fake one in a process of its own, or with ``--endpoint`` a real one, which nobody stops.

    python bench/step_cost.py [--endpoint unix:/path/to.sock] [--steps 10000] [--pause-ms 1]
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import platform
import time
from multiprocessing.connection import Connection as Pipe

import sluice
from sluice.client import attach
from sluice.protocol import Endpoint
from sluice.testing import FakeBridge

GROUPS = 26
DRAWS = 8


def serve(pipe: Pipe) -> None:
    """A fake bridge that says where it listens, and stops and ends when it is told to."""
    weights = {f"group-{j:02d}": 1 / GROUPS for j in range(GROUPS)}
    with FakeBridge(weights, draws_per_step=DRAWS, round_steps=20) as bridge:
        pipe.send(bridge.endpoint)
        while pipe.recv() == "stop":
            bridge.stop()
            pipe.send("stopped")


def percentiles(nanos: list[int]) -> dict[str, float]:
    ordered = sorted(nanos)
    return {
        name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000, 1)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("max", 1.0))
    }


def time_steps(run: sluice.Run, first: int, steps: int, pause: float) -> dict[str, float]:
    nanos = []
    for step in range(first, first + steps):
        start = time.perf_counter_ns()
        plan = run.plan(step)
        for group, occurrence in zip(plan.draws, plan.occurrences, strict=True):
            name = run.spec.groups[group].id
            run.record(name, tokens=2048, sequences=4, loss_sum=5e3, loss_square_sum=2e4, part=occurrence & 1)
        run.end_step(step, 3e-4)
        nanos.append(time.perf_counter_ns() - start)
        time.sleep(pause)
    return percentiles(nanos)


def time_nothing(steps: int, pause: float) -> dict[str, float]:
    """Times plain Python of about the same length, to tell the machine's noise from Sluice."""
    nanos = []
    for _ in range(steps):
        start = time.perf_counter_ns()
        sum(i * i for i in range(500))
        nanos.append(time.perf_counter_ns() - start)
        time.sleep(pause)
    return percentiles(nanos)


def time_leases(endpoint: str, leases: int) -> dict[str, float]:
    attached = attach(Endpoint.of(endpoint), None, 0, None, 10)
    nanos = []
    for step in range(leases):
        body = {
            "session": attached.session,
            "step": step,
            "from_step": step,
            "through_step": step,
            "known_version": attached.plan.version,
        }
        start = time.perf_counter_ns()
        attached.connection.post("/v1/lease", body, 10)
        nanos.append(time.perf_counter_ns() - start)
    attached.connection.post("/v1/detach", {"session": attached.session}, 10)
    attached.connection.close()
    return percentiles(nanos)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what Sluice costs a trainer.")
    parser.add_argument("--endpoint", help="a real bridge to measure with")
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument(
        "--pause-ms", type=float, default=1.0, help="the rest of a step, during which the trainer waits"
    )
    parser.add_argument("--leases", type=int, default=5_000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    pause = options.pause_ms / 1000
    result: dict[str, object] = {"python": platform.python_version(), "pause_ms": options.pause_ms}
    result["noise_us"] = time_nothing(options.steps, pause)
    if options.endpoint is not None:
        with sluice.connect(options.endpoint) as run:
            result["groups"], result["draws_per_step"] = len(run.spec.groups), run.spec.draws_per_step
            result["step_us"] = {"healthy": time_steps(run, run.start_step, options.steps, pause)}
        result["lease_us"] = time_leases(options.endpoint, options.leases)
    else:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        server = context.Process(target=serve, args=(theirs,), daemon=True)
        server.start()
        endpoint = ours.recv()
        result["lease_us"] = time_leases(endpoint, options.leases)
        with sluice.connect(endpoint) as run:
            healthy = time_steps(run, 0, options.steps, pause)
            held_healthy = run.status().held_steps
            ours.send("stop")
            ours.recv()
            stopped = time_steps(run, options.steps, options.steps, pause)
            result["groups"], result["draws_per_step"] = GROUPS, DRAWS
            result["step_us"] = {"healthy": healthy, "stopped": stopped}
            result["held_steps"] = {"healthy": held_healthy, "stopped": run.status().held_steps - held_healthy}
        ours.send("end")
        server.join()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
