"""A bridge for tests: a real server on a Unix socket in a temporary folder, without Kafka or Flink behind it.

::

    with FakeBridge({"code": 0.25, "web": 0.75}, targets={"held_out": 1.0}) as bridge:
        with sluice.connect(bridge.endpoint) as run:
            ...
            bridge.publish({"code": 0.5, "web": 0.5}, effective_step=40)
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sluice.errors import BridgeRefused
from sluice.plan import Plan, RunSpec
from sluice.pool import Document, encode_documents
from sluice.protocol import DOCUMENTS_TYPE
from sluice.schedule import compact
from sluice.signals import HalfSums, decode_request

_WAIT = 30.0


class FakeBridge:
    """Speaks the protocol, seals steps as the real bridge does, remembers what it is told, and fails on demand.

    Attributes:
        endpoint: what to hand to :func:`sluice.connect`.
        attempts: bodies of the requests that started an attempt.
        leases: bodies of the requests for a lease.
        signals: (round, signal) in the order of arrival.
        rounds: bodies of the requests that ended a round.
        saved: steps at which saved checkpoints resume.
        finished: the steps before which the run was finished.
        released: by group, the first occurrence that may be asked for again.
    """

    def __init__(
        self,
        groups: Mapping[str, float],
        *,
        targets: Mapping[str, float] | None = None,
        run: str = "run",
        seed: int = 42,
        draws_per_step: int = 8,
        lease_steps: int = 5,
        round_steps: int = 10,
        sketch_dimension: int = 31,
        data: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """
        Args:
            groups: prior of each group.
            targets: weight of each target.
            data: where the data of a group or target is, by its id, as ``{"files": [...]}``.
        """
        where = data or {}
        self.spec = RunSpec.from_json(
            {
                "protocol": 1,
                "run": run,
                "digest": "spec",
                "mode": "control",
                "seed": seed,
                "draws_per_step": draws_per_step,
                "lease_steps": lease_steps,
                "rounds": {"steps": round_steps, "lead_steps": 1, "warm_up_steps": 0},
                "sketch": {"version": 1, "dimension": sketch_dimension, "seed": 7},
                "policy": {"name": "dga", "options": {}},
                "groups": [
                    {"id": g, "prior": groups[g], "floor": 0.0, "cap": 1.0, "data": where.get(g, {})}
                    for g in sorted(groups)
                ],
                "targets": [
                    {"id": t, "weight": w, "data": where.get(t, {})} for t, w in sorted((targets or {}).items())
                ],
            }
        )
        self.attempts: list[dict[str, Any]] = []
        self.leases: list[dict[str, Any]] = []
        self.signals: list[tuple[int, HalfSums]] = []
        self.rounds: list[dict[str, Any]] = []
        self.saved: list[int] = []
        self.finished: list[int] = []
        self.released: dict[str, int] = {}
        self._documents: dict[str, list[Document]] = {}
        self._decided: dict[str, list[Document | None]] = {}
        self._first_draws: dict[str, int] = {}
        self._folder = tempfile.mkdtemp(prefix="sluice-fake-")
        self.endpoint = f"unix:{self._folder}/bridge.sock"
        self._changed = threading.Condition(threading.RLock())
        self._plan = self._make_plan(0, groups, 0)
        self._plans: list[tuple[int, Plan]] = []
        self._resume_step = 0
        self._sealed = -1
        self._session: tuple[str, socket.socket] | None = None
        self._connections: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._stalled = False
        self._losing: str | None = None
        self._raw: bytes | None = None
        self.start()

    def publish(self, weights: Mapping[str, float], effective_step: int) -> Plan:
        """Puts a plan in force; it begins at its effective step, or at the first step that is not sealed."""
        with self._changed:
            self._plan = self._make_plan(self._plan.version + 1, weights, effective_step)
            begins = max(effective_step, self._sealed + 1)
            self._plans = [held for held in self._plans if held[0] < begins] + [(begins, self._plan)]
            return self._plan

    def add_documents(self, group: str, texts: Mapping[str, str]) -> None:
        """Adds documents to the pool, by id. Without any call, every group of the pool is empty."""
        with self._changed:
            held = self._documents.setdefault(group, [])
            held.extend(Document(id_, "", "", len(text), text, 0) for id_, text in texts.items())

    def start(self) -> None:
        """Listens, again after :meth:`stop`."""
        path = self.endpoint.removeprefix("unix:")
        Path(path).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        listener.listen()
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="fake-bridge", daemon=True).start()

    def stop(self) -> None:
        """Dies: closes all connections and listens no more. What was published stays in force."""
        with self._changed:
            if self._listener is not None:
                _shut(self._listener)
                self._listener = None
            for connection in list(self._connections):
                _shut(connection)
            self._connections.clear()
            self._session = None
            self._changed.notify_all()

    def stall(self) -> None:
        """From now on takes requests and answers none, until :meth:`go_on`."""
        with self._changed:
            self._stalled = True

    def go_on(self) -> None:
        """Ends :meth:`stall` and :meth:`answer_with`."""
        with self._changed:
            self._stalled = False
            self._raw = None
            self._changed.notify_all()

    def end_session(self) -> None:
        """Refuses the trainer from now on, as if another one had taken the run."""
        with self._changed:
            self._session = None

    def lose_next_response(self, path: str = "/v1/lease") -> None:
        """Does what the next request of this path asks for, and closes the connection without an answer."""
        with self._changed:
            self._losing = path

    def answer_with(self, raw: bytes) -> None:
        """From now on answers every request with these bytes, whatever they are, until :meth:`go_on`."""
        with self._changed:
            self._raw = raw

    def wait_for(self, condition: Callable[[FakeBridge], bool]) -> None:
        """Waits until a condition holds, looking again after every request.

        Raises:
            TimeoutError: it does not hold after half a minute.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), _WAIT):
                raise TimeoutError("the condition does not hold")

    def close(self) -> None:
        """Stops, and removes the folder."""
        self.go_on()
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> FakeBridge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_plan(self, version: int, weights: Mapping[str, float], effective_step: int) -> Plan:
        named = dict(sorted(weights.items()))
        return Plan(
            run=self.spec.run,
            attempt=len(self.attempts) - 1,
            epoch=0 if version else -1,
            spec_digest=self.spec.digest,
            round=version - 1,
            version=version,
            replaces=self._plan.digest if version else "",
            effective_step=effective_step,
            label="policy" if version else "prior",
            digest=hashlib.sha256(compact([version, named])).hexdigest(),
            weights=named,
        )

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._changed:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), name="fake-bridge", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                while first := lines.readline():
                    method, path, _ = first.decode("ascii").split(" ", 2)
                    length = 0
                    while (line := lines.readline().strip()) != b"":
                        name, _, value = line.partition(b":")
                        if name.lower() == b"content-length":
                            length = int(value)
                    answer = self._answer(connection, method, path, lines.read(length))
                    if answer is None:
                        break
                    connection.sendall(answer)
        except OSError:
            pass
        finally:
            with self._changed:
                self._connections.discard(connection)
                if self._session is not None and self._session[1] is connection:
                    self._session = None
                self._changed.notify_all()

    def _answer(self, connection: socket.socket, method: str, path: str, body: bytes) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: not self._stalled or connection not in self._connections)
            if self._raw is not None:
                return self._raw
            status, kind = 200, b"application/json"
            encoded: bytes | None = None
            try:
                if path == "/v1/documents":
                    kind, encoded = DOCUMENTS_TYPE.encode(), self._draw(json.loads(body))
                told = {} if encoded is not None else self._act(connection, method, path, body)
            except BridgeRefused as e:
                status = e.status
                told = {"error": {"code": e.code, "message": str(e), "remedy": ""}}
            self._changed.notify_all()
            if self._losing == path:
                self._losing = None
                return None
            if encoded is None:
                encoded = compact(told)
            head = b"HTTP/1.1 %d X\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
            return head % (status, kind, len(encoded)) + encoded

    def _act(self, connection: socket.socket, method: str, path: str, body: bytes) -> dict[str, Any]:
        if (method, path) == ("GET", "/v1/run"):
            return self.spec.to_json()
        if (method, path) == ("POST", "/v1/signals"):
            session, round_, halves = decode_request(body, self.spec.sketch_dimension)
            self._require(session)
            self.signals.extend((round_, half) for half in halves)
            return {"taken": len(halves), "dropped": 0}
        told = json.loads(body or b"{}")
        if path == "/v1/release":
            self.released.update(told["groups"])
            return {}
        if path == "/v1/attempt":
            return self._start_attempt(connection, told)
        if path in ("/v1/lease", "/v1/round", "/v1/saved", "/v1/finish", "/v1/detach"):
            self._require(told["session"])
        if path == "/v1/lease":
            return self._lease(told)
        if path == "/v1/round":
            self.rounds.append(told)
            return {"queued": True}
        if path == "/v1/saved":
            self.saved.append(told["next_step"])
            return {}
        if path == "/v1/finish":
            self.finished.append(told["next_step"])
            return {}
        if path == "/v1/detach":
            self._session = None
            return {}
        raise BridgeRefused(404, "unknown_path", f"there is no {path}", "")

    def _draw(self, told: dict[str, Any]) -> bytes:
        group, first, need, count = told["group"], told["from"], told["need"], told["count"]
        if first < self.released.get(group, 0):
            raise BridgeRefused(409, "released", f"occurrence {first} of group {group} was released", "")
        documents, decided = self._documents.get(group, []), self._decided.setdefault(group, [])
        while len(decided) < first + count:
            fresh = self._first_draws.get(group, 0)
            if fresh < len(documents):
                decided.append(documents[fresh])
                self._first_draws[group] = fresh + 1
            elif need and len(decided) < first + need:
                repeated = len(decided) - fresh
                decided.append(replace(documents[repeated % fresh], passes=1 + repeated // fresh) if fresh else None)
            else:
                break
        return encode_documents({n: decided[n] for n in range(first, min(first + count, len(decided)))})

    def _require(self, session: str) -> None:
        if self._session is None or self._session[0] != session:
            raise BridgeRefused(410, "session_ended", "the session is over", "")

    def _start_attempt(self, connection: socket.socket, told: dict[str, Any]) -> dict[str, Any]:
        if told["run"] != self.spec.run:
            raise BridgeRefused(404, "unknown_run", f"this bridge serves run {self.spec.run}", "")
        if self._session is not None:
            raise BridgeRefused(409, "trainer_connected", "another trainer's session lives", "")
        checkpoint = told["checkpoint"]
        self._resume_step = told["resume_step"]
        first_step = self._resume_step
        if checkpoint is not None:
            self._plan = Plan.from_json(checkpoint["plan"])
            first_step = checkpoint["plan_first_step"]
        else:
            self._plan = self._make_plan(0, {group.id: group.prior for group in self.spec.groups}, 0)
        self._plans = [(first_step, self._plan)]
        self._sealed = self._resume_step - 1
        self.attempts.append(told)
        self._session = (f"{len(self.attempts):032x}", connection)
        return {
            "session": self._session[0],
            "resume_step": self._resume_step,
            "attempt": None,
            "plan_first_step": first_step,
            "plan": self._plan.to_json(),
        }

    def _lease(self, told: dict[str, Any]) -> dict[str, Any]:
        self.leases.append(told)
        self._sealed = max(self._sealed, told["through_step"])
        spans = []
        for i, (first_step, plan) in enumerate(self._plans):
            last = self._plans[i + 1][0] - 1 if i + 1 < len(self._plans) else told["through_step"]
            start, through = max(first_step, told["from_step"]), min(last, told["through_step"])
            if start <= through:
                known = plan.version == told["known_version"]
                spans.append(
                    {
                        "from": start,
                        "through": through,
                        "version": plan.version,
                        "first_step": first_step,
                        "plan": None if known else plan.to_json(),
                    }
                )
        return {
            "spans": spans,
            "sealed_through": self._sealed,
            "attempt": len(self.attempts) - 1,
            "state": "connected",
        }


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
