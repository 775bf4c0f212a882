"""A file in shared memory through which the processes of one node read rank 0's schedule.

Layout, little-endian: a header of 32 bytes (magic ``SLUSLOT1``, sequence, length of the content, CRC-32 of the content,
4 bytes unused), then the content: JSON lines with the run, the base, and the spans from there on. The writer makes the
sequence odd, writes, and makes it even again; a reader that sees an odd or a changed sequence, or another sum, reads
again. The file grows with its content; a reader that finds it longer than what it mapped maps it anew.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import re
import struct
import tempfile
import time
import zlib
from pathlib import Path

from sluice import fields
from sluice.errors import SluiceError
from sluice.plan import Checkpoint, Plan, RunSpec, Span, StepPlan
from sluice.schedule import Schedule, compact, decode_spans, encode_spans

_MAGIC = b"SLUSLOT1"
_HEADER = struct.Struct("<8sQQI4x")
_SEQUENCE = struct.Struct("<Q")
_SEQUENCE_AT = 8
_FIRST_SIZE = 64 * 1024
MAX_SIZE = 64 * 1024 * 1024

_POLL = 0.0005
_TORN_LIMIT = 0.5


class SlotWriter:
    """Writes a schedule into a slot. For one process, and one thread at a time."""

    def __init__(self, run: str) -> None:
        """Makes the file, readable by this user only, and removes those that dead writers left behind.

        Raises:
            OSError: no file can be made in shared memory or in the folder for temporary files.
        """
        folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
        _remove_stale(Path(folder))
        self._file, self.path = _make(folder, re.sub(r"[^A-Za-z0-9._-]", "_", run)[:40])
        self._sequence = 0
        self._size = 0
        self._map: mmap.mmap | None = None
        self._spec = b""
        self._base: tuple[Checkpoint, bytes] | None = None
        self._plans: dict[int, tuple[Plan, bytes]] = {}

    def write(self, schedule: Schedule) -> None:
        """Writes all that the schedule remembers; nothing once the slot is closed.

        Raises:
            SluiceError: it is larger than a slot may be.
            OSError: shared memory is full.
        """
        if self._file < 0:
            return
        with schedule.lock:
            base, generation, spans = schedule.base, schedule.generation, schedule.spans(-1)
        if not self._spec:
            self._spec = compact(schedule.spec.to_json())
        if self._base is None or self._base[0] is not base:
            self._base = (base, compact(base.to_json()))
        head = b"%d\n%b\n%b\n" % (generation, self._spec, self._base[1])
        content = head + encode_spans(spans, self._encode_plan)
        self._plans = {id(span.plan): self._plans[id(span.plan)] for span in spans if id(span.plan) in self._plans}
        self._reserve(_HEADER.size + len(content))
        self._put(content)

    def close(self) -> None:
        """Removes the file; whoever has it open keeps what it held."""
        if self._file < 0:
            return
        Path(self.path).unlink(missing_ok=True)
        if self._map is not None:
            self._map.close()
        os.close(self._file)
        self._file = -1

    def _encode_plan(self, plan: Plan) -> bytes:
        kept = self._plans.get(id(plan))
        if kept is None or kept[0] is not plan:
            kept = self._plans[id(plan)] = (plan, compact(plan.to_json()))
        return kept[1]

    def _reserve(self, size: int) -> None:
        if size <= self._size:
            return
        if size > MAX_SIZE:
            raise SluiceError(f"the schedule needs {size} bytes of shared memory, a slot has at most {MAX_SIZE}")
        size = max(_FIRST_SIZE, 1 << (size - 1).bit_length())
        # Without this, writing to a mapped page that memory has no room for would kill the process.
        os.posix_fallocate(self._file, 0, size)
        if self._map is not None:
            self._map.close()
        self._map = mmap.mmap(self._file, size)
        self._size = size

    def _put(self, content: bytes) -> None:
        assert self._map is not None
        _SEQUENCE.pack_into(self._map, _SEQUENCE_AT, self._sequence + 1)
        self._map[_HEADER.size : _HEADER.size + len(content)] = content
        self._sequence += 2
        # The sequence goes last: until then it is odd in the file.
        self._map[16 : _HEADER.size] = struct.pack("<QI4x", len(content), zlib.crc32(content))
        self._map[: len(_MAGIC)] = _MAGIC
        _SEQUENCE.pack_into(self._map, _SEQUENCE_AT, self._sequence)


class SlotReader:
    """Reads a slot in another process and answers what its steps draw, by a sampler of its own.

    For one thread at a time. It may be pickled, and it may be used in a forked process.

    Attributes:
        held: how many steps were answered by holding the last plan, because the slot did not name them in time.
    """

    def __init__(self, path: str, wait: float = 1.0) -> None:
        """
        Args:
            path: what :meth:`sluice.Run.slot` told.
            wait: seconds to wait at most for a step that the slot does not name yet.
        """
        self.path = path
        self.wait = wait
        self.held = 0
        self._map: mmap.mmap | None = None
        self._sequence = 0
        self._schedule: Schedule | None = None
        self._generation = -1
        self._guessed = False

    def __getstate__(self) -> tuple[str, float]:
        return self.path, self.wait

    def __setstate__(self, state: tuple[str, float]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    @property
    def spec(self) -> RunSpec:
        """The run."""
        return self.schedule.spec

    @property
    def schedule(self) -> Schedule:
        """The schedule as it was last read.

        Raises:
            SluiceError: there is no slot at the path, or its writer has not written yet.
        """
        if self._schedule is None:
            self.refresh()
        if self._schedule is None:
            raise SluiceError(f"the slot {self.path} is empty: its writer has gone")
        return self._schedule

    def step(self, step: int) -> StepPlan:
        """What a step draws; waits a little for a step that is not named yet, then holds the last plan.

        Raises:
            NotScheduled: the step lies before what the slot remembers.
            SluiceError: there is no slot at the path.
        """
        schedule = self.schedule
        if step > schedule.through():
            self._await(step)
            if step > schedule.through():
                self.held += 1
                self._guessed = True
                schedule.hold(step)
        return schedule.step(step)

    def refresh(self) -> bool:
        """Takes over what was written since the last time; answers whether there was anything new.

        Raises:
            SluiceError: there is no slot at the path, or what stands there is damaged.
        """
        content = self._read()
        if content is None:
            return False
        generation, spec, base, spans = _parse(content)
        if self._schedule is None:
            self._schedule = Schedule(spec, base, reader=True)
        elif generation != self._generation or (self._guessed and self._contradicted(spans)):
            self._schedule.restart(base)
        elif base.next_step > self._schedule.through() + 1:
            self._schedule.restart(base)
        self._generation = generation
        self._guessed = self._guessed and spans[-1:] != [] and spans[-1].through < self._schedule.through()
        for span in spans:
            self._schedule.append(span)
        self._schedule.forget_before(base.next_step)
        return True

    def close(self) -> None:
        """Lets go of the memory."""
        if self._map is not None:
            self._map.close()
            self._map = None

    def _contradicted(self, spans: list[Span]) -> bool:
        return any(self.schedule.conflict(span) is not None for span in spans)

    def _await(self, step: int) -> None:
        deadline = time.monotonic() + self.wait
        while True:
            self.refresh()
            if step <= self.schedule.through() or time.monotonic() >= deadline:
                return
            time.sleep(_POLL)

    def _read(self) -> bytes | None:
        """The content when it is new; a torn one is read again."""
        deadline = time.monotonic() + _TORN_LIMIT
        while True:
            mapped = self._mapped()
            magic, sequence, length, crc = _HEADER.unpack_from(mapped)
            if magic == _MAGIC and sequence == self._sequence:
                return None
            if magic == _MAGIC and sequence % 2 == 0:
                if _HEADER.size + length > len(mapped):
                    self.close()
                    if length <= MAX_SIZE and time.monotonic() < deadline:
                        continue
                else:
                    content = mapped[_HEADER.size : _HEADER.size + length]
                    (again,) = _SEQUENCE.unpack_from(mapped, _SEQUENCE_AT)
                    if again == sequence and zlib.crc32(content) == crc:
                        self._sequence = sequence
                        return content
            if time.monotonic() >= deadline:
                raise SluiceError(f"the slot {self.path} is damaged, or its writer died while it wrote")
            time.sleep(_POLL)

    def _mapped(self) -> mmap.mmap:
        if self._map is None:
            try:
                with open(self.path, "rb") as file:
                    self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
            except (OSError, ValueError) as e:
                raise SluiceError(f"there is no slot at {self.path}: its run is over, or on another node") from e
            if len(self._map) < _HEADER.size:
                raise SluiceError(f"{self.path} is no slot")
        return self._map


def _parse(content: bytes) -> tuple[int, RunSpec, Checkpoint, list[Span]]:
    try:
        generation, spec, base, spans = content.split(b"\n", 3)
        whole = {"generation": json.loads(generation)}
        return (
            fields.integer(whole, "generation", 0),
            RunSpec.from_json(json.loads(spec)),
            Checkpoint.from_json(json.loads(base)),
            decode_spans(spans),
        )
    except ValueError as e:
        raise SluiceError(f"the slot holds something else than a schedule: {e}") from e


def _make(folder: str, name: str) -> tuple[int, str]:
    """A new file, locked; made again when another writer took it for stale before it was locked."""
    while True:
        file, path = tempfile.mkstemp(prefix=f"sluice-{name}-", suffix=".slot", dir=folder)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.path.exists(path):
            return file, path
        os.close(file)


def _remove_stale(folder: Path) -> None:
    """Removes slots of this user whose writer is dead: a living one holds a lock."""
    for path in folder.glob("sluice-*.slot"):
        try:
            file = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
        except OSError:
            pass
        finally:
            os.close(file)
