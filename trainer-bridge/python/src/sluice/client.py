"""The thread that speaks to the bridge, so that the trainer's thread never does."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sluice
from sluice import fields
from sluice.errors import BridgeRefused, BridgeUnavailable, ProtocolError, SluiceError
from sluice.faults import Faults
from sluice.plan import Checkpoint, Plan, RunSpec, Span
from sluice.protocol import SIGNALS_TYPE, Connection, Endpoint
from sluice.rounds import EndedRound, RoundQueue
from sluice.schedule import Schedule
from sluice.signals import HalfSums, RoundSums, encode_request, encode_signal, is_sound, room
from sluice.slot import SlotWriter

#: Steps that one lease may name, by the protocol.
MAX_LEASE = 10_000
ROUNDS_IN_MEMORY = 4
#: Steps behind the one under way that are remembered at least, for ranks and loaders that are slower than rank 0.
REMEMBERED_STEPS = 64
CHECKPOINTS_IN_MEMORY = 8

_REQUEST_TIMEOUT = 5.0
# How long the thread looks away: about four times a step, within these bounds.
_SHORTEST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05
_FIRST_BACK_OFF = 0.05
_LAST_BACK_OFF = 5.0
_REFUSED_FOR_GOOD = (400, 409, 413, 422)  # Of a round or its signals: sending them again would not help.
_STATES = ("connected", "log_away", "fenced")


class Overtaken(SluiceError):
    """The bridge sealed another plan for a step that the trainer had gone on to by itself."""


@dataclass
class Attached:
    """A session, and what holds at its start."""

    connection: Connection
    spec: RunSpec
    session: str
    resume_step: int
    plan: Plan
    plan_first_step: int


def attach(
    endpoint: Endpoint,
    run: str | None,
    resume_step: int,
    checkpoint: Checkpoint | None,
    timeout: float,
    digest: str | None = None,
) -> Attached:
    """Opens a connection and starts an attempt over it.

    Args:
        run: the run that is expected; None takes the one that the bridge serves.
        digest: the declaration that is expected; None takes the one that the bridge serves.

    Raises:
        BridgeUnavailable: nobody answers in time.
        BridgeRefused: the bridge refuses.
        ProtocolError: it speaks another protocol, or answers with something else than was asked.
    """
    deadline = time.monotonic() + timeout
    connection = Connection(endpoint, timeout)

    def left() -> float:
        return max(0.001, deadline - time.monotonic())

    try:
        spec = RunSpec.from_json(connection.get("/v1/run", left()))
        if digest not in (None, spec.digest):
            raise fields.FieldError(
                f"it now serves another declaration of run '{spec.run}': restart the trainer to follow it"
            )
        body = {
            "run": run or spec.run,
            "resume_step": resume_step,
            "checkpoint": None if checkpoint is None else checkpoint.to_bridge(),
            "client": {"name": f"sluice-python/{sluice.__version__}", "pid": os.getpid(), "host": socket.gethostname()},
        }
        answer = connection.post("/v1/attempt", body, left())
        session = fields.text(answer, "session")
        if len(bytes.fromhex(session)) != 16:
            raise fields.FieldError("the session is not 32 hexadecimal digits")
        attached = Attached(
            connection,
            spec,
            session,
            fields.integer(answer, "resume_step", resume_step, resume_step),
            Plan.from_json(answer.get("plan")),
            fields.integer(answer, "plan_first_step", 0, resume_step),
        )
        if list(attached.plan.weights) != spec.group_ids():
            raise fields.FieldError("the plan does not have the run's groups")
        if checkpoint is not None and (
            attached.plan != checkpoint.plan or attached.plan_first_step != checkpoint.plan_first_step
        ):
            raise fields.FieldError("the attempt does not begin on the checkpoint's plan")
        return attached
    except ValueError as e:
        connection.close()
        raise ProtocolError(f"the bridge at {endpoint} answers what the protocol does not have: {e}") from e
    except BaseException:
        connection.close()
        raise


class Client:
    """Leases ahead, sends rounds, attaches again when the bridge was away; all on one background thread.

    The trainer's thread begins steps and adds rounds; none of that waits, nor wakes anybody: a thread that is woken may
    well get the core of the one that woke it. This one looks by itself how far the trainer is, about four times a step.
    It is woken when a lease is about to end all the same, and by :meth:`wake`.

    Attributes:
        step: the step under way.
        sums: the round under way.
        rounds: ended rounds that are to be sent.
        saved: steps at which saved checkpoints resume, to be told to the bridge.
        finished: first step that is not taken, once the run is finished and the bridge is to be told so.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        schedule: Schedule,
        faults: Faults,
        slot: SlotWriter | None,
        prefetch_steps: int,
        attached: Attached | None,
        unsealed: Checkpoint | None = None,
    ) -> None:
        """
        Args:
            attached: the session to go on with; None attaches at the schedule's base in the background.
            unsealed: where steps before the schedule's base begin that no bridge has sealed; None when there are none.
        """
        self.step = schedule.base.next_step
        self.state = "away"
        self.attempt: int | None = None
        self.attempts = 0
        self.rounds_sent = 0
        self.rounds_dropped = 0
        self.dropped_signals = 0
        self.bridge_dropped_signals = 0
        self.sums = RoundSums(schedule.spec.sketch_dimension)
        self.rounds = RoundQueue(ROUNDS_IN_MEMORY)
        self.saved: deque[int] = deque(maxlen=CHECKPOINTS_IN_MEMORY)
        self.finished: int | None = None

        self._endpoint = endpoint
        self._schedule = schedule
        self._spec = schedule.spec
        self._faults = faults
        self._slot = slot
        self._prefetch = prefetch_steps
        self._ahead = prefetch_steps + schedule.spec.lease_steps
        self._wake = threading.Event()
        self._interval = _SHORTEST_PAUSE
        self._seen = self.step
        self._closing = False
        self._fenced = False
        self._back_off = 0.0
        self._retry_at = 0.0
        self._restart: Checkpoint | None = None
        self._published: tuple[int, int] | None = None
        self._slot_lock = threading.Lock()
        self._connection: Connection | None = None
        self._session = ""
        self._set_base(unsealed or schedule.base)
        if attached is not None:
            self._attached(attached)
        self._thread = threading.Thread(target=self._run, name="sluice-client", daemon=True)

    def start(self) -> None:
        """Takes the first lease when there is a session, so that training begins on it; then starts the thread."""
        if self._connection is not None:
            self._turn()
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something to do."""
        self._wake.set()

    def begin_step(self, step: int) -> None:
        """Says which step is under way."""
        self.step = step
        if step + self._prefetch + self._spec.lease_steps // 2 > self._leased and self._connection is not None:
            self._wake.set()

    def restart(self, base: Checkpoint, unsealed: Checkpoint | None = None) -> None:
        """Begins a new attempt at ``base``, at which the schedule has just begun anew, or where ``unsealed`` says."""
        self.step = base.next_step
        self._restart = unsealed or base
        self._wake.set()

    def unsealed(self, next_step: int) -> Checkpoint | None:
        """Where steps before ``next_step`` begin that no span has named; None when all were named."""
        with self._schedule.lock:
            if self._leased + 1 >= next_step:
                return None
            return self._first_unnamed()

    def close(self, limit: float) -> None:
        """Sends what is on its way, for at most ``limit`` seconds, and ends the attempt."""
        self._closing = True
        self._wake.set()
        self._thread.join(limit)
        connection = self._connection
        if self._thread.is_alive() and connection is not None:
            connection.close()

    def let_go(self) -> None:
        """Ends the attempt soon, for a run that nobody can close any more. Does not wait."""
        self._closing = True
        self._wake.set()

    def close_slot(self) -> None:
        """Removes the slot; whoever has it open keeps what it held."""
        if self._slot is not None:
            with self._slot_lock:
                self._slot.close()
                self._slot = None

    def publish(self) -> None:
        """Writes the schedule into the slot when it has changed."""
        with self._slot_lock:
            if self._slot is None:
                return
            now = (self._schedule.generation, self._schedule.through())
            if now == self._published:
                return
            try:
                self._slot.write(self._schedule)
                self._published = now
                self._faults.worked("slot")
            except (SluiceError, OSError) as e:
                self._faults.report("slot", e)

    def lease(self) -> bool:
        """Asks for spans up to where they are wanted; false when they are all at hand."""
        if self.step + self._ahead <= self._leased:
            return False
        # Half a lease more, so that not every step asks anew.
        wanted = self.step + self._ahead + self._spec.lease_steps // 2
        through = min(wanted, self._leased + MAX_LEASE)
        body = {
            "session": self._session,
            "step": max(self.step, self._resume_step),
            "from_step": self._leased + 1,
            "through_step": through,
            "known_version": self._leased_plan.version,
        }
        answer = self._post("/v1/lease", body)
        try:
            spans, state = self._read_lease(answer, through)
        except ValueError as e:
            raise ProtocolError(f"the lease cannot be read: {e}") from e
        for span in spans:
            self._take(span)
        self._fenced = state == "fenced"
        self.state = state
        self._back_off = 0.0
        self.publish()
        return True

    def abandon(self) -> None:
        """For a forked child: lets go of the parent's connection without a word."""
        if self._connection is not None:
            self._connection.close()

    def _run(self) -> None:
        while not self._closing:
            self._wake.clear()
            if not self._turn():
                self._wake.wait(self._pause())
        deadline = time.monotonic() + _REQUEST_TIMEOUT
        while self._connection is not None and self._has_news() and time.monotonic() < deadline:
            self._turn()
        self._detach()

    def _has_news(self) -> bool:
        return bool(self.saved) or len(self.rounds) > 0 or self.finished is not None

    def _pause(self) -> float | None:
        """Seconds until the next look; None when only being woken helps."""
        if self._connection is None and self._fenced:
            return None
        still = self.step == self._seen
        self._seen = self.step
        self._interval = min(_LONGEST_PAUSE, 1.25 * self._interval) if still else max(_SHORTEST_PAUSE, self._interval / 2)
        return self._interval

    def _turn(self) -> bool:
        """Does one thing; false when there is nothing to do now."""
        try:
            return self._work()
        except BridgeRefused as e:
            self._refused(e)
        except (BridgeUnavailable, ProtocolError) as e:
            self._lost("protocol" if isinstance(e, ProtocolError) else "bridge", e)
        except Overtaken as e:
            self._detach()
            self._lost("overtaken", e)
        except Exception as e:  # A bug of ours must not end the thread: the trainer would never see the bridge again.
            self._lost("client", e)
        return False

    def _work(self) -> bool:
        self.sums.add_up()
        self.rounds.trim()
        if self._restart is not None:
            base, self._restart = self._restart, None
            self._detach()
            self._set_base(base)
            self._retry_at = 0.0
            self._fenced = False
        if self._connection is None:
            self._schedule.hold(self.step + self._ahead)
            self.publish()
            self._forget()
            if self._prepare():
                return True
            if self._fenced or self._closing or time.monotonic() < self._retry_at:
                return False
            self._reattach()
        if self.lease():
            return True
        if self._prepare():
            return True
        if self.saved:
            self._tell_saved(self.saved.popleft())
            return True
        self._forget()
        ended = self.rounds.take()
        if ended is not None:
            self._send(ended)
            return True
        if self.finished is not None:
            self._tell_finished(self.finished)
            return True
        return False

    def _prepare(self) -> bool:
        """Takes the draws of one step ahead, and lets the trainer's thread in."""
        if not self._schedule.prepare():
            return False
        time.sleep(0)
        return True

    def _forget(self) -> None:
        """A checkpoint may be asked for a little later than its step, and another rank may be behind this one."""
        keep = self.step - max(self._spec.round_steps, REMEMBERED_STEPS)
        if self._schedule.base.next_step < keep - self._spec.round_steps:
            self._schedule.forget_before(keep)

    def _reattach(self) -> None:
        checkpoint = self._first_unnamed()
        limit = 2 * _REQUEST_TIMEOUT
        attached = attach(
            self._endpoint, self._spec.run, checkpoint.next_step, checkpoint, limit, self._spec.digest
        )
        self._attached(attached)
        for kind in ("bridge", "protocol", "refused", "overtaken"):
            self._faults.worked(kind)

    def _first_unnamed(self) -> Checkpoint:
        return Checkpoint.start(self._spec, self._leased_plan, self._leased_first_step, self._leased + 1)

    def _attached(self, attached: Attached) -> None:
        self._connection = attached.connection
        self._session = attached.session
        self._resume_step = attached.resume_step
        self.attempts += 1
        self.state = "connected"

    def _set_base(self, base: Checkpoint) -> None:
        """Nothing from ``base`` on has been named by the bridge."""
        with self._schedule.lock:
            self._generation = self._schedule.generation
            self._resume_step = base.next_step
            self._leased = base.next_step - 1
            self._leased_plan = base.plan
            self._leased_first_step = base.plan_first_step

    def _read_lease(self, answer: Mapping[str, Any], wanted: int) -> tuple[list[Span], str]:
        attempt = answer.get("attempt")
        self.attempt = None if attempt is None else fields.integer(answer, "attempt")
        state = fields.text(answer, "state")
        if state not in _STATES:
            raise fields.FieldError(f"state '{state[:40]}' is none of {', '.join(_STATES)}")
        plan, first_step, at = self._leased_plan, self._leased_first_step, self._leased + 1
        before = plan
        spans = []
        for entry in fields.items(answer, "spans"):
            entry = fields.mapping(entry, "a span")
            from_step = fields.integer(entry, "from", at, at)
            through = fields.integer(entry, "through", at, wanted)
            told = entry.get("plan")
            version = fields.integer(entry, "version", 0)
            if told is not None:
                plan = Plan.from_json(told)
            if plan.version != version or list(plan.weights) != self._spec.group_ids():
                raise fields.FieldError(f"the span from step {at} does not come with its plan {version}")
            begins = fields.integer(entry, "first_step", 0, at)
            if begins != at and (begins != first_step or plan != before):
                raise fields.FieldError(f"plan {version} cannot have begun at step {begins}")
            before, first_step = plan, begins
            spans.append(Span(from_step, through, begins, plan))
            at = through + 1
        if at <= wanted:
            raise fields.FieldError(f"steps {at} to {wanted} were not named")
        return spans, state

    def _take(self, span: Span) -> None:
        with self._schedule.lock:
            if self._schedule.generation != self._generation:
                return  # The trainer has just loaded a state.
            conflict = self._schedule.conflict(span)
            if conflict is None:
                self._schedule.append(span)
            if conflict is None or conflict > span.from_step:
                self._leased = span.through if conflict is None else conflict - 1
                self._leased_plan, self._leased_first_step = span.plan, span.first_step
        if conflict is not None:
            raise Overtaken(f"from step {conflict} on, the bridge says plan {span.plan.version}")

    def _send(self, ended: EndedRound) -> None:
        """Sends a round in requests of bounded size, with leases in between."""
        if ended.from_step < self._resume_step:
            self._drop(len(ended.sums))
            if ended.through_step < self._resume_step:
                return
            # The rest of the round is this attempt's, and must be ended, or the job would wait for it.
            ended.give_up()
            ended.from_step = self._resume_step
        batch: list[HalfSums] = []
        encoded: list[bytes] = []
        try:
            for half in self._halves(ended):
                signal = encode_signal(half)
                if encoded and not room(sum(map(len, encoded)) + len(signal)):
                    self._send_signals(ended, batch, encoded)
                    batch, encoded = [], []
                    self.lease()
                batch.append(half)
                encoded.append(signal)
            if encoded:
                self._send_signals(ended, batch, encoded)
            queued = self._post("/v1/round", ended.to_json(self._session)).get("queued")
        except SluiceError as e:
            self._drop(len(batch) + len(ended.sums))
            if not isinstance(e, BridgeRefused) or e.status not in _REFUSED_FOR_GOOD:
                raise
            self._faults.report("round", e)
            return
        if queued is True:
            self.rounds_sent += 1
        else:
            self._faults.report("round", "the bridge's queue is full, so it tells the round as dropped")
            self.rounds_dropped += 1

    def _tell_saved(self, next_step: int) -> None:
        """Checkpoints of steps that an earlier attempt took are not this one's to tell of."""
        if next_step < self._resume_step:
            return
        try:
            self._post("/v1/saved", {"session": self._session, "next_step": next_step})
        except BridgeRefused as e:
            if e.status not in _REFUSED_FOR_GOOD:
                raise
            self._faults.report("saved", e)

    def _tell_finished(self, next_step: int) -> None:
        self.finished = None
        try:
            self._post("/v1/finish", {"session": self._session, "next_step": next_step})
        except BridgeRefused as e:
            if e.status not in _REFUSED_FOR_GOOD:
                self.finished = next_step
                raise
            self._faults.report("finish", e)
        except SluiceError:
            self.finished = next_step
            raise

    def _halves(self, ended: EndedRound) -> Iterator[HalfSums]:
        """The sound halves of a round, each once."""
        seen = set()
        sources = [ended.sums.close, *ended.sources]
        for source in sources:
            try:
                for half in source():
                    if half.key in seen:
                        self._faults.report("signals", f"{half.key} was both recorded and submitted in one round")
                    elif is_sound(half, self._spec.sketch_dimension):
                        seen.add(half.key)
                        yield half
                    else:
                        seen.add(half.key)
                        self._lose(ended, [half], f"{half.key} is not finite, or not of the run's sketch dimension")
            except Exception as e:  # What a trainer handed in may fail in any way.
                self._faults.report("signals", e)

    def _send_signals(self, ended: EndedRound, batch: list[HalfSums], encoded: list[bytes]) -> None:
        body = encode_request(self._session, ended.round, encoded)
        assert self._connection is not None
        try:
            answer = self._connection.post_bytes("/v1/signals", SIGNALS_TYPE, body, _REQUEST_TIMEOUT)
        except BridgeRefused as e:
            if e.status not in _REFUSED_FOR_GOOD:
                raise
            self._lose(ended, batch, e)
            return
        try:
            self.bridge_dropped_signals += fields.integer(answer, "dropped", 0)
        except ValueError as e:
            raise ProtocolError(f"the answer to signals cannot be read: {e}") from e

    def _lose(self, ended: EndedRound, halves: list[HalfSums], why: object) -> None:
        self._faults.report("signals", why)
        self.dropped_signals += len(halves)
        ended.lost.extend(half.key for half in halves)

    def _drop(self, signals: int) -> None:
        self.rounds_dropped += 1
        self.dropped_signals += signals

    def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._connection is None:
            raise BridgeUnavailable("there is no connection to the bridge")
        return self._connection.post(path, body, _REQUEST_TIMEOUT)

    def _refused(self, error: BridgeRefused) -> None:
        if error.status == 410:
            self._fenced = True
            self._disconnect()
            self.state = "fenced"
            self._faults.report("fenced", error)
            return
        self._lost("refused", error)

    def _lost(self, kind: str, error: Exception) -> None:
        """Lets go of the connection; the next attempt begins at the first step that no span has named."""
        self._faults.report(kind, error)
        self._disconnect()
        self.state = "away"
        self._retry_at = time.monotonic() + self._back_off
        self._back_off = min(_LAST_BACK_OFF, max(_FIRST_BACK_OFF, 2 * self._back_off))

    def _detach(self) -> None:
        connection = self._connection
        if connection is not None and not connection.closed:
            try:
                connection.post("/v1/detach", {"session": self._session}, 1.0)
            except SluiceError as e:
                self._faults.report("detach", e)
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
