"""What a trainer sees of its run, on rank 0."""

from __future__ import annotations

import logging
import math
import os
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluice import fields
from sluice.client import MAX_LEASE, Client, attach
from sluice.errors import BridgeUnavailable, CheckpointError, ConfigurationError, NotScheduled, SluiceError
from sluice.faults import Faults
from sluice.plan import Checkpoint, RunSpec, StepPlan
from sluice.protocol import Endpoint
from sluice.rounds import EndedRound, HalvesSource
from sluice.schedule import Schedule
from sluice.signals import GROUP, TARGET, Key, RoundSums
from sluice.slot import SlotReader, SlotWriter

_log = logging.getLogger("sluice")

_CONNECT_PAUSE = 0.1
_FLUSH_LIMIT = 5.0
_MOST_SOURCES = 64


@dataclass(frozen=True)
class Status:
    """What a run has seen so far.

    Attributes:
        state: ``connected``; ``log_away`` (the bridge does not reach Kafka), ``away`` (no bridge), ``fenced`` (a newer
            attempt of this run has started elsewhere), ``closed``, or ``reader`` (a forked process). In all of them
            training goes on with the last mixture.
        attempt: the attempt's number, once the log has given one.
        attempts: how often a session was started.
        version: the plan of the step under way.
        step: the step under way.
        through: the last scheduled step.
        held_steps: steps that were scheduled by holding the last plan, because no lease had come.
        rounds_sent: rounds that the bridge took.
        rounds_dropped: rounds that it did not get, or not in time.
        dropped_signals: signals that were measured and given up here.
        bridge_dropped_signals: signals that did not fit into the bridge's memory.
        faults: how many faults there were of each kind.
    """

    connected: bool
    state: str
    attempt: int | None
    attempts: int
    version: int
    step: int
    through: int
    held_steps: int
    rounds_sent: int
    rounds_dropped: int
    dropped_signals: int
    bridge_dropped_signals: int
    faults: Mapping[str, int]


class Run:
    """One training run on rank 0. Made by :func:`connect`.

    To be called from the trainer's thread. No call waits for a network, and none raises because of something outside
    the trainer: faults are logged once per kind, counted in :meth:`status`, and the last mixture stays::

        for step in range(run.start_step, steps):
            plan = run.plan(step)
            if run.measures(step):
                # for each target: two batches of held-out rows, forward and backward, not applied
                run.record(target, kind="target", ..., sketch=..., part=...)
                # for groups that the step does not draw often enough: two probes each, likewise
                run.record(group, ..., sketch=..., part=..., probe=True)
            for group, occurrence in zip(plan.draws, plan.occurrences):
                # draw a micro-batch of this group, forward, backward; a sketch where the step measures
                run.record(run.spec.groups[group].id, tokens=..., ..., part=occurrence & 1)
            optimizer.step()
            run.end_step(step, learning_rate)

    Attributes:
        spec: the run.
        start_step: the first step to take.
        schedule: which plan holds for which step.
        prefetch_steps: how many steps beyond the one under way a loader may ask for.
    """

    def __init__(
        self, schedule: Schedule, client: Client, faults: Faults, slot: SlotWriter | None, prefetch_steps: int
    ) -> None:
        spec = schedule.spec
        self.spec = spec
        self.schedule = schedule
        self.start_step = schedule.base.next_step
        self._client = client
        self._faults = faults
        self._slot = slot
        self.prefetch_steps = prefetch_steps
        self._step = self.start_step
        self._version: int | None = None  # Of the plan of the step under way, once it was asked for.
        self._begun = False
        self._state: str | None = None
        self._reader: SlotReader | None = None
        ids = {GROUP: spec.group_ids(), TARGET: [target.id for target in spec.targets]}
        self._keys: dict[tuple[str, str, int], Key] = {
            (kind, subject, part): (kind, index, part)
            for kind, subjects in ids.items()
            for index, subject in enumerate(subjects)
            for part in (0, 1)
        }
        self._evaluations: dict[int, tuple[int, float, int]] = {}
        self._sources: list[HalvesSource] = []
        self._sums = client.sums
        self._round_began = time.monotonic_ns()
        self._ensure(self.start_step)
        _runs.add(self)

    def plan(self, step: int) -> StepPlan:
        """The plan of a step and what it draws. The answer for a step never changes.

        Args:
            step: the step about to be taken, or one at most ``prefetch_steps`` beyond it.
        """
        self._begun = True
        try:
            if self._reader is not None:
                return self._reader.step(step)
            if step > self._step + self.prefetch_steps + MAX_LEASE:
                raise NotScheduled(f"step {step} lies too far beyond step {self._step}, which is under way")
            self._ensure(self._step)
            return self.schedule.step(step)
        except Exception as e:
            self._faults.report("plan", e)
            return self.schedule.step(max(self._step, self.schedule.base.next_step))

    def measures(self, step: int) -> bool:
        """Whether gradients are measured at this step, before its update: at the last step of a round.

        At one step, because an alignment is a product of gradients at the same weights. What a batch and a target share
        at one moment is mostly gone a few updates later.
        """
        return self.ends_round(step)

    def ends_round(self, step: int) -> bool:
        """Whether a step is the last of its round."""
        return step == self.spec.last_step(self.spec.round_of(step))

    def record(
        self,
        subject: str,
        *,
        kind: str = GROUP,
        tokens: int,
        sequences: int,
        loss_sum: float,
        loss_square_sum: float = 0.0,
        sketch: Sequence[float] | None = None,
        part: int,
        probe: bool = False,
    ) -> None:
        """Takes one micro-batch of a group, or one batch of a target's rows, into the signals of the current round.

        Args:
            subject: the group's or target's id.
            kind: ``"group"`` or ``"target"``.
            tokens: tokens predicted, at least 1.
            sequences: independent rows, at least 1.
            loss_sum: sum of the loss over the tokens, in nats.
            loss_square_sum: sum over the tokens of the squared loss.
            sketch: sketch of the gradient of ``loss_sum``, that is of the sum over the tokens; None where no gradient
                was taken. It is not kept.
            part: the half it belongs to: 0 (A) or 1 (B); for a group the lowest bit of the draw's occurrence.
            probe: whether a group's rows are measured only, and not trained on. Their tokens count as drawn only where
                the group was not drawn at all in the round.
        """
        if self._state is not None:
            return
        try:
            key = self._keys.get((kind, subject, part))
            if key is None:
                raise ValueError(f"there is no {kind} '{subject}' with a part {part} in run '{self.spec.run}'")
            version = self._version
            if version is None:
                version = self._version = self.schedule.step(self._step).version
            self._sums.add(key, version, tokens, sequences, float(loss_sum), float(loss_square_sum), sketch, probe)
        except Exception as e:
            self._faults.report("record", e)

    def submit(self, halves: HalvesSource) -> None:
        """Takes the halves of the round that is about to end.

        Args:
            halves: called once, later, on the background thread; it may wait for a device.
        """
        if self._is_silent():
            return
        if len(self._sources) >= _MOST_SOURCES:
            self._faults.report("record", f"more than {_MOST_SOURCES} sources of signals in one round")
            return
        self._sources.append(halves)

    def evaluation(self, target: str, loss: float, tokens: int) -> None:
        """Takes the loss of a target on its fixed held-out rows; a later one in the same round replaces it.

        Args:
            loss: nats per token.
        """
        if self._is_silent():
            return
        try:
            index = self.spec.target_index(target)
            self._evaluations[index] = (index, fields.finite(float(loss), "a loss"), int(tokens))
            if tokens < 1:
                del self._evaluations[index]
                raise ValueError(f"an evaluation has at least 1 token, not {tokens}")
        except Exception as e:
            self._faults.report("record", e)

    def end_step(self, step: int, learning_rate: float) -> None:
        """Ends a step. At the end of a round its signals are sent in the background.

        Args:
            learning_rate: the learning rate that the step was taken with.
        """
        self._begun = True
        if self._is_silent():
            return
        try:
            if step != self._step:
                self._faults.report("step", f"step {self._step} is under way, and step {step} was ended")
                if not self._step < step < self._step + MAX_LEASE:
                    return
            if self.ends_round(step):
                self._end_round(step, float(learning_rate))
        except Exception as e:
            self._faults.report("step", e)
        try:
            self._version = None
            self._step = step + 1
            self._ensure(self._step)
            self._client.begin_step(self._step)
        except Exception as e:
            self._faults.report("step", e)

    def state_dict(self) -> dict[str, Any]:
        """What must stand in the trainer's checkpoint; JSON can hold it.

        From it a resumed trainer goes on with the same mixture, the same draws and the same documents, whether or not
        a bridge is there. Steps that were taken while none was there are in it too, so that they are sealed as they
        were taken, if only by the trainer's next life. To be called between two steps.
        """
        unsealed = self._client.unsealed(self._step)
        return {
            "format": 1,
            "spec": self.spec.to_json(),
            "checkpoint": self.schedule.checkpoint(self._step).to_json(),
            "unsealed": None if unsealed is None else unsealed.to_json(),
        }

    def checkpoint_saved(self) -> None:
        """Tells that the trainer has saved a checkpoint of what :meth:`state_dict` said, with no step taken since.

        The controller then keeps the statistics that a run resumed from it goes on with.
        """
        if self._is_silent():
            return
        self._client.saved.append(self._step)
        self._client.wake()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Begins anew at a state, before the first step was taken. Better hand ``state`` to :func:`connect`.

        Raises:
            CheckpointError: the state is not one of this run, or a step was taken already.
        """
        if self._begun:
            raise CheckpointError("a state can be loaded before the first step only: pass state= to sluice.connect")
        _, base, unsealed = read_state(state)
        self.schedule.restart(base)
        self.start_step = self._step = base.next_step
        self._version = None
        self._sums = self._client.sums = RoundSums(self.spec.sketch_dimension)
        self._client.restart(base, unsealed)
        self._ensure(self._step)

    def status(self) -> Status:
        """What the run has seen so far; also logged nowhere else."""
        client = self._client
        state = self._state or client.state
        return Status(
            connected=state in ("connected", "log_away"),
            state=state,
            attempt=client.attempt,
            attempts=client.attempts,
            version=self.schedule.step(max(self._step, self.schedule.base.next_step)).version,
            step=self._step,
            through=self.schedule.through(),
            held_steps=self.schedule.held_steps,
            rounds_sent=client.rounds_sent,
            rounds_dropped=client.rounds_dropped,
            dropped_signals=client.dropped_signals + client.rounds.dropped_signals,
            bridge_dropped_signals=client.bridge_dropped_signals,
            faults=self._faults.counts(),
        )

    def slot(self) -> str:
        """Path of the shared memory from which workers and other ranks of this node read: ``SlotReader(path)``.

        Raises:
            SluiceError: this machine gave no shared memory.
        """
        if self._slot is None:
            raise SluiceError("there is no shared memory for the schedule: make /dev/shm or TMPDIR writable")
        return self._slot.path

    def finish(self) -> None:
        """Tells that the run is finished, so that the controller forgets it; then :meth:`close`.

        Without this the controller waits for a run that resumes. To be called after the last step.
        """
        if self._is_silent():
            return
        self._client.finished = self._step
        self.close()

    def close(self) -> None:
        """Sends what is still on its way, within a limit, and ends the attempt."""
        if self._is_silent():
            return
        self._state = "closed"
        self._client.close(_FLUSH_LIMIT)
        self._client.close_slot()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_silent(self) -> bool:
        return self._state is not None

    def _first_step(self, round_: int) -> int:
        return max(self.spec.first_step(round_), self.start_step)

    def _ensure(self, step: int) -> None:
        """Sees to it that loaders find every step that they may ask for, with or without a bridge."""
        if self.schedule.through() < step + self.prefetch_steps:
            self.schedule.hold(step + self.prefetch_steps + self.spec.lease_steps - 1)
            self._client.publish()

    def _end_round(self, step: int, learning_rate: float) -> None:
        round_ = self.spec.round_of(step)
        now = time.monotonic_ns()
        ended = EndedRound(
            round=round_,
            from_step=self._first_step(round_),
            through_step=step,
            learning_rate=learning_rate if math.isfinite(learning_rate) else 0.0,
            nanos=now - self._round_began,
            sums=self._sums,
            sources=self._sources,
            evaluations=sorted(self._evaluations.values()),
        )
        self._sums = self._client.sums = RoundSums(self.spec.sketch_dimension)
        self._sources = []
        self._evaluations = {}
        self._round_began = now
        self._client.rounds.add(ended)

    def _before_fork(self) -> None:
        self.schedule.lock.acquire()

    def _after_fork_in_parent(self) -> None:
        self.schedule.lock.release()

    def _after_fork_in_child(self) -> None:
        """A forked process has neither the thread nor the connection: it reads what its parent writes."""
        self.schedule.after_fork()
        self._faults.after_fork()
        self._client.abandon()
        self._state = "reader"
        if self._slot is not None:
            self._reader = SlotReader(self._slot.path)


def read_state(state: Mapping[str, Any]) -> tuple[RunSpec, Checkpoint, Checkpoint | None]:
    """The run and the checkpoint in what :meth:`Run.state_dict` returned, and where steps begin that no bridge has sealed.

    Raises:
        CheckpointError: it is something else.
    """
    try:
        whole = fields.mapping(state, "the state")
        if fields.integer(whole, "format") != 1:
            raise fields.FieldError(f"format {whole['format']} is not 1")
        spec = RunSpec.from_json(fields.child(whole, "spec"))
    except fields.FieldError as e:
        raise CheckpointError(f"this is no state of Sluice: {e}. Pass what state_dict() returned.") from e
    checkpoint = Checkpoint.from_json(whole.get("checkpoint"))
    checkpoint.require(spec)
    told = whole.get("unsealed")
    if told is None:
        return spec, checkpoint, None
    unsealed = Checkpoint.from_json(told)
    if unsealed.next_step > checkpoint.next_step or sorted(unsealed.plan.weights) != spec.group_ids():
        raise CheckpointError("the state's unsealed steps are not of its run: pass what state_dict() returned")
    return spec, checkpoint, unsealed


def connect(
    endpoint: str | None = None,
    *,
    run: str | None = None,
    state: Mapping[str, Any] | None = None,
    resume_step: int = 0,
    prefetch_steps: int = 0,
    timeout: float = 10.0,
    token_file: str | None = None,
) -> Run:
    """Attaches this process, rank 0 of a run, to the bridge.

    Args:
        endpoint: ``unix:/path/to.sock`` or ``http://127.0.0.1:port``; by default the environment variable
            ``SLUICE_BRIDGE``, else ``unix:.sluice/bridge.sock``.
        run: the run that is meant; by default the one that the bridge serves.
        state: what :meth:`Run.state_dict` returned, to resume.
        resume_step: first step to take, for a trainer that resumes without a state: the run begins there on the prior.
        prefetch_steps: how many steps beyond the one under way a loader may ask for.
        timeout: seconds within which the bridge must answer.
        token_file: file with the token; for loopback TCP.

    Raises:
        BridgeUnavailable: no bridge answers and there is no state. With a state, training begins on it, and the bridge
            is attached when it comes.
        BridgeRefused: the bridge refuses, with the reason.
        ProtocolError: what answers is no bridge.
        CheckpointError: the state is of another run, or altered.
        ConfigurationError: an argument cannot be.
    """
    for name, value in (("resume_step", resume_step), ("prefetch_steps", prefetch_steps)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ConfigurationError(f"{name} is a number of steps, at least 0, not {value!r}")
    if prefetch_steps >= MAX_LEASE // 2:
        raise ConfigurationError(f"prefetch_steps is less than {MAX_LEASE // 2}, not {prefetch_steps}")
    where = Endpoint.of(endpoint, token_file)
    spec, base, unsealed = (None, None, None) if state is None else read_state(state)
    if spec is not None and run is not None and spec.run != run:
        raise CheckpointError(f"the state is of run '{spec.run}', not of '{run}'")
    expected = run if spec is None else spec.run
    deadline = time.monotonic() + timeout
    attached = None
    while attached is None:
        left = max(0.01, deadline - time.monotonic())
        try:
            begins = unsealed or base
            first = resume_step if begins is None else begins.next_step
            attached = attach(where, expected, first, begins, left)
        except BridgeUnavailable as e:
            if time.monotonic() + _CONNECT_PAUSE < deadline:
                time.sleep(_CONNECT_PAUSE)
                continue
            if base is None:
                raise BridgeUnavailable(
                    f"{e}. Start it with './sluice bridge', or say where it is by endpoint= or SLUICE_BRIDGE."
                ) from e
            _log.warning("%s; the run begins on the mixture of its state and attaches when the bridge answers", e)
            break
    faults = Faults()
    if attached is not None:
        spec = attached.spec
        if base is None:
            base = Checkpoint.start(spec, attached.plan, attached.plan_first_step, attached.resume_step)
    assert spec is not None and base is not None
    try:
        schedule = Schedule(spec, base)
    except CheckpointError:
        if attached is not None:
            attached.connection.close()
        raise
    slot = None
    try:
        slot = SlotWriter(spec.run)
    except OSError as e:
        faults.report("slot", e)
    client = Client(where, schedule, faults, slot, prefetch_steps, attached, unsealed)
    client.start()
    attached_run = Run(schedule, client, faults, slot, prefetch_steps)
    weakref.finalize(attached_run, client.let_go)
    if slot is not None:
        weakref.finalize(attached_run, _remove, slot.path, os.getpid())
    return attached_run


def _remove(path: str, pid: int) -> None:
    """Removes the slot of a run that was not closed; not in a forked child."""
    if os.getpid() == pid:
        Path(path).unlink(missing_ok=True)


_runs: weakref.WeakSet[Run] = weakref.WeakSet()


def _before_fork() -> None:
    for live in list(_runs):
        live._before_fork()


def _after_fork_in_parent() -> None:
    for live in list(_runs):
        live._after_fork_in_parent()


def _after_fork_in_child() -> None:
    for live in list(_runs):
        live._after_fork_in_child()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
