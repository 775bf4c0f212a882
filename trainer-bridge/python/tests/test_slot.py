"""The schedule in shared memory, read by other processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import struct
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from conftest import WEIGHTS

from sluice import Checkpoint, NotScheduled, Plan, RunSpec, Schedule, SlotReader, SluiceError, Span
from sluice.slot import SlotWriter
from sluice.testing import FakeBridge

OTHER = {"books": 0.6, "code": 0.3, "web": 0.1}


@pytest.fixture
def spec(bridge: FakeBridge) -> RunSpec:
    return bridge.spec


def plan(version: int, weights: dict[str, float] = WEIGHTS) -> Plan:
    return Plan("run", 0, 0, "spec", version, version, "", 0, "policy", f"digest{version}", weights)


def fresh(spec: RunSpec) -> Schedule:
    schedule = Schedule(spec, Checkpoint.start(spec, plan(0), 0, 0))
    schedule.append(Span(0, 9, 0, plan(0)))
    return schedule


def read_on(path: str, pipe: Connection) -> None:
    """A worker: answers what each step that it is asked for draws."""
    reader = SlotReader(path, wait=30)
    while (step := pipe.recv()) is not None:
        drawn = reader.step(step)
        pipe.send((drawn.version, drawn.draws, drawn.occurrences))
    pipe.send(reader.held)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_see_what_the_writer_writes_and_wait_for_what_it_will(spec: RunSpec, method: str) -> None:
    context = multiprocessing.get_context(method)
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    pipes, workers = [], []
    for _ in range(2):
        ours, theirs = context.Pipe()
        worker = context.Process(target=read_on, args=(writer.path, theirs))  # type: ignore[attr-defined]
        worker.start()
        pipes.append(ours)
        workers.append(worker)
    for step in [*range(10), 15, 10, 16, 29]:
        for pipe in pipes:
            pipe.send(step)
        if step == 15:
            schedule.append(Span(10, 14, 0, plan(0)))
            schedule.append(Span(15, 29, 15, plan(1, OTHER)))
            writer.write(schedule)
        expected = schedule.step(step)
        for pipe in pipes:
            assert pipe.recv() == (expected.version, expected.draws, expected.occurrences)
    for pipe, worker in zip(pipes, workers, strict=True):
        pipe.send(None)
        assert pipe.recv() == 0
        worker.join()
    writer.close()
    assert not os.path.exists(writer.path)


def hammer(path: str, pipe: Connection) -> None:
    """A worker that reads as fast as it can and checks that all of it belongs together."""
    reader = SlotReader(path)
    seen = 0
    while not pipe.poll():
        seen += reader.refresh()
        last = reader.schedule.last_plan()
        assert reader.schedule.through() == 9 + last.version
        assert abs(last.weights["web"] - last.version / 4096) < 1e-12
    pipe.send(seen)


def test_a_reader_never_sees_half_of_what_is_written(spec: RunSpec) -> None:
    ours, theirs = multiprocessing.Pipe()
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    schedule = Schedule(spec, Checkpoint.start(spec, plan(0, {"books": 1.0, "code": 0.0, "web": 0.0}), 0, 0))
    schedule.append(Span(0, 9, 0, schedule.base.plan))
    writer.write(schedule)
    worker = multiprocessing.Process(target=hammer, args=(writer.path, theirs))
    worker.start()
    for version in range(1, 800):
        share = version / 4096
        schedule.append(
            Span(9 + version, 9 + version, 9 + version, plan(version, {"books": 1 - share, "code": 0.0, "web": share}))
        )
        writer.write(schedule)
        if version % 50 == 0:
            schedule.forget_before(9 + version)
    ours.send("stop")
    assert ours.recv() > 1
    worker.join()
    assert worker.exitcode == 0
    writer.close()


def test_a_damaged_slot_is_told_and_not_believed(spec: RunSpec) -> None:
    writer = SlotWriter(spec.run)
    writer.write(fresh(spec))
    with open(writer.path, "r+b") as file:
        file.seek(200)
        file.write(b"?")
    with pytest.raises(SluiceError, match="damaged"):
        SlotReader(writer.path).step(0)
    with open(writer.path, "r+b") as file:
        file.seek(8)
        file.write(struct.pack("<Q", 7))
    with pytest.raises(SluiceError, match="died while it wrote"):
        SlotReader(writer.path).step(0)
    writer.close()
    with pytest.raises(SluiceError, match="there is no slot"):
        SlotReader(writer.path).step(0)


def test_a_step_that_never_comes_is_held_and_counted(spec: RunSpec) -> None:
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    reader = SlotReader(writer.path, wait=0)
    assert reader.step(12) == schedule.step(12)
    assert reader.held == 1
    writer.close()


def test_a_guess_gives_way_to_what_the_writer_says_later(spec: RunSpec) -> None:
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    reader = SlotReader(writer.path, wait=0)
    assert reader.step(12).version == 0
    schedule.append(Span(10, 20, 10, plan(1, OTHER)))
    writer.write(schedule)
    assert [reader.step(step) for step in range(13, 21)] != []
    assert reader.step(21).version == 1
    assert [reader.step(step) for step in range(10, 21)] == [schedule.step(step) for step in range(10, 21)]
    writer.close()


def test_a_slot_grows_with_its_content_and_forgets_with_the_schedule(spec: RunSpec) -> None:
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    reader = SlotReader(writer.path, wait=0)
    assert reader.step(0) == schedule.step(0)
    for version in range(1, 1000):
        schedule.append(Span(9 + version, 9 + version, 9 + version, plan(version)))
    writer.write(schedule)
    assert os.path.getsize(writer.path) > 200_000
    assert reader.step(1008) == schedule.step(1008)
    schedule.forget_before(1000)
    writer.write(schedule)
    assert SlotReader(writer.path, wait=0).step(1008) == schedule.step(1008)
    schedule.append(Span(1009, 1010, 1008, schedule.last_plan()))
    writer.write(schedule)
    assert reader.step(1010) == schedule.step(1010)
    with pytest.raises(NotScheduled):
        reader.step(999)
    writer.close()


def test_a_state_that_is_loaded_reaches_readers(spec: RunSpec) -> None:
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    reader = SlotReader(writer.path, wait=0)
    assert reader.step(9) == schedule.step(9)
    schedule.restart(Checkpoint.start(spec, plan(5, OTHER), 3, 3))
    schedule.append(Span(3, 8, 3, plan(5, OTHER)))
    writer.write(schedule)
    reader.refresh()
    assert reader.step(4) == schedule.step(4)
    writer.close()


def test_slots_of_dead_writers_are_removed_and_those_of_living_ones_stay(spec: RunSpec) -> None:
    living = SlotWriter(spec.run)
    dead = Path(living.path).with_name("sluice-run-dead0000.slot")
    dead.write_bytes(b"")
    other = SlotWriter(spec.run)
    assert not dead.exists()
    assert os.path.exists(living.path)
    living.close()
    other.close()


def test_a_reader_survives_being_pickled(spec: RunSpec) -> None:
    schedule, writer = fresh(spec), SlotWriter(spec.run)
    writer.write(schedule)
    reader = SlotReader(writer.path, wait=0.5)
    reader.step(3)
    copy = pickle.loads(pickle.dumps(reader))
    assert (copy.wait, copy.step(3)) == (0.5, schedule.step(3))
    writer.close()
