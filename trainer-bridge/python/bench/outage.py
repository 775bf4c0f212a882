#!/usr/bin/env python3
"""A scripted trainer that never waits: it times what Sluice takes of its steps while others break the stack.

A step is its draws, each with a made-up sketch, and the targets once a round. Each group's gradient agrees with the
targets' as much as its place in the list says, so that plans come. ``./sluice bench outage`` starts this script and
names the phases on its standard input, a line each; ``end`` ends the run after the round under way. For each phase that
ends, and for the run at its end, a line of JSON goes to standard output.

    python bench/outage.py --endpoint unix:/path/to.sock
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any

import sluice

TOKENS = 2048
SEQUENCES = 16


class Trainer:
    """Takes steps at a steady pace, and sums up by phase what Sluice's calls took."""

    def __init__(self, run: sluice.Run, pace: float) -> None:
        self.run, self.pace, self.step = run, pace, run.start_step
        self.rounds = self.signals = 0
        self.measured: set[tuple[str, int]] = set()
        self.calls: list[int] = []
        self.steps = 0
        chance = random.Random(1)
        noise = [chance.uniform(-0.1, 0.1) for _ in range(run.spec.sketch_dimension)]
        count = len(run.spec.groups)
        self.group_sketches = [[TOKENS * (j / count - 0.5 + e) for e in noise] for j in range(count)]
        self.target_sketch = [TOKENS * (1 + e) for e in noise]

    def take(self) -> None:
        """Takes a step, and waits for the rest of its time."""
        until = time.monotonic() + self.pace
        plan = self._timed(lambda: self.run.plan(self.step))
        for group, occurrence in zip(plan.draws, plan.occurrences, strict=True):
            self._record(self.run.spec.groups[group].id, "group", self.group_sketches[group], occurrence & 1)
        if self.run.measures(self.step):
            for target in self.run.spec.targets:
                for part in (0, 1):
                    self._record(target.id, "target", self.target_sketch, part)
        if self.run.ends_round(self.step):
            self.rounds += 1
            self.signals += len(self.measured)
            self.measured = set()
        self._timed(lambda: self.run.end_step(self.step, 1e-3))
        self.step += 1
        self.steps += 1
        time.sleep(max(0.0, until - time.monotonic()))

    def end_phase(self, name: str) -> dict[str, Any]:
        """What was measured since the last phase ended."""
        ordered = sorted(self.calls) or [0]
        summary = {
            "phase": name,
            "steps": self.steps,
            "p50_us": ordered[len(ordered) // 2] / 1000,
            "p99_us": ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] / 1000,
            "max_us": ordered[-1] / 1000,
        }
        self.calls, self.steps = [], 0
        return summary

    def _record(self, subject: str, kind: str, sketch: list[float], part: int) -> None:
        self.measured.add((kind + " " + subject, part))
        self._timed(
            lambda: self.run.record(
                subject,
                kind=kind,
                tokens=TOKENS,
                sequences=SEQUENCES,
                loss_sum=2.5 * TOKENS,
                loss_square_sum=7.0 * TOKENS,
                sketch=sketch,
                part=part,
            )
        )

    def _timed(self, call: Any) -> Any:
        start = time.perf_counter_ns()
        result = call()
        self.calls.append(time.perf_counter_ns() - start)
        return result


def listen(lines: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line.strip())
    lines.put("end")


def tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", required=True, help="the bridge, as unix:/path/to.sock")
    parser.add_argument("--step-ms", type=float, default=20.0, help="length of a step")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    run = sluice.connect(options.endpoint, timeout=60)
    trainer = Trainer(run, options.step_ms / 1000)
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=listen, args=(lines,), daemon=True).start()
    phase = "start"
    while phase != "end" or not run.ends_round(trainer.step - 1):
        trainer.take()
        if phase != "end" and not lines.empty():
            tell(trainer.end_phase(phase))
            phase = lines.get()
    run.close()
    status = run.status()
    tell(
        {
            "rounds": trainer.rounds,
            "signals": trainer.signals,
            "rounds_sent": status.rounds_sent,
            "rounds_dropped": status.rounds_dropped,
            "dropped_signals": status.dropped_signals,
            "bridge_dropped_signals": status.bridge_dropped_signals,
            "attempts": status.attempts,
            "held_steps": status.held_steps,
            "faults": dict(status.faults),
        }
    )


if __name__ == "__main__":
    main()
