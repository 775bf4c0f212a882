"""Documents that the bridge holds for the trainer, fetched ahead on a background thread.

::

    run = sluice.connect()
    pool = DocumentPool()
    sources = {group.id: pool.source(group.id) for group in run.spec.groups}
    data = MixedDataset(run, sources, rows=4)

The bridge decides what stands at each occurrence of a group, once and for ever: a document that nobody drew yet; else
one to be repeated; else, while the group has none at all, nothing. So counts of draws are all that has to be saved,
and they stand in ``Run.state_dict()`` already.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sluice.errors import BridgeRefused, BridgeUnavailable, ConfigurationError, NoDocument, ProtocolError, SluiceError
from sluice.faults import Faults
from sluice.plan import Checkpoint
from sluice.protocol import DOCUMENTS_TYPE, Connection, Endpoint

#: Most draws that one request may ask for, by the protocol.
MAX_DRAWS = 1_024

_REQUEST_TIMEOUT = 5.0
_FIRST_BACK_OFF = 0.05
_LAST_BACK_OFF = 2.0
# How long a group that had nothing new is left alone.
_QUIET = 0.2
_MOST_AHEAD_BYTES = 4 << 20
_HEADER = struct.Struct("<4siq")
_ENTRY = struct.Struct("<bq")
_LENGTH = struct.Struct("<i")
_TOKENS = struct.Struct("<q")


@dataclass(frozen=True, slots=True)
class Document:
    """A document to train on.

    Attributes:
        id: identifies it within its catalog.
        source: where it comes from; empty when nobody said.
        uri: where its text is; empty when that is here.
        tokens: its tokens, declared or estimated.
        text: empty when it is only referred to.
        passes: 0 when it is drawn for the first time; else how many times the group's documents were gone through.
    """

    id: str
    source: str
    uri: str
    tokens: int
    text: str
    passes: int


class _Demand(NamedTuple):
    group: str
    occurrence: int
    need: int


class DocumentPool:
    """The bridge's documents, as this process sees them: one connection, one thread, however many groups.

    Usable in the workers of a loader, forked or spawned: each has a connection of its own, which counts among those
    that the bridge takes.
    """

    _released: dict[str, int] | None

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        token_file: str | None = None,
        ahead: int = 64,
        patience: float | None = 30.0,
    ) -> None:
        """
        Args:
            endpoint: where the bridge listens, as for :func:`sluice.connect`.
            ahead: documents of a group that are fetched beyond the one that was asked for, at most 1,024. They are
                never repeats: looking ahead uses nothing up.
            patience: seconds that a draw waits for a bridge that does not answer; it is passed over then, and counted
                in :meth:`faults`. None waits for ever: as it must be where every rank takes part in every draw.

        Raises:
            ConfigurationError: an argument that cannot be.
        """
        if not 0 <= ahead <= MAX_DRAWS:
            raise ConfigurationError(f"ahead is 0 to {MAX_DRAWS}, not {ahead}")
        if patience is not None and patience < 0:
            raise ConfigurationError(f"patience is 0 or more seconds, not {patience}")
        self._endpoint = Endpoint.of(endpoint, token_file)
        self._ahead = ahead
        self._patience = patience
        self._begin()

    def source(self, group: str) -> PoolSource:
        """The endless order of a group's documents."""
        return PoolSource(self, group)

    def release(self, state: Mapping[str, Any], *, rows: int) -> None:
        """Lets the bridge forget what was drawn before a checkpoint, to make room. Does not wait.

        Args:
            state: what ``Run.state_dict()`` said for the oldest checkpoint that is still kept; from one before it,
                training could not resume.
            rows: documents of a draw.

        Raises:
            CheckpointError: it is no such state.
        """
        checkpoint = Checkpoint.from_json(state.get("checkpoint"))
        with self._here():
            counts = {group: count + checkpoint.drawn[group] for group, count in checkpoint.counts.items()}
            self._released = {group: count * rows for group, count in counts.items()}
            self._changed.notify_all()

    def faults(self) -> dict[str, int]:
        """How often something went wrong, by kind: ``documents`` (no bridge), ``passed_over`` (draws given up), ``release``."""
        return self._faults.counts()

    def close(self) -> None:
        """Ends the thread and the connection."""
        with self._here():
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_REQUEST_TIMEOUT)

    def __enter__(self) -> DocumentPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"_endpoint": self._endpoint, "_ahead": self._ahead, "_patience": self._patience}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()

    def get(self, group: str, occurrence: int, need: int = 1) -> Document | None:
        """What stands at an occurrence; None when the group had no document for it, or the bridge does not answer.

        Args:
            need: how many occurrences from this one on are needed, and so decided.

        Raises:
            BridgeRefused: the bridge holds no documents, or the occurrence was released.
        """
        with self._here():
            held = self._held.setdefault(group, OrderedDict())
            for passed in [n for n in held if n < occurrence]:
                self._bytes[group] = self._bytes.get(group, 0) - _size(held.pop(passed))
            if occurrence not in held:
                self._await(_Demand(group, occurrence, need), held)
            self._next[group] = occurrence + 1
            self._changed.notify_all()
            if occurrence not in held:
                return None
            return held[occurrence]

    def _await(self, demand: _Demand, held: Mapping[int, Document | None]) -> None:
        deadline = None if self._patience is None else time.monotonic() + self._patience
        self._demands.append(demand)
        self._changed.notify_all()
        while demand.occurrence not in held:
            refusal = self._refusals.pop(demand, None)
            if refusal is not None:
                raise refusal
            left = None if deadline is None else deadline - time.monotonic()
            if self._closed or (left is not None and left <= 0):
                if demand in self._demands:
                    self._demands.remove(demand)
                self._faults.report("passed_over", f"draw {demand.occurrence} of {demand.group} has no answer")
                return
            self._changed.wait(left)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._released = None
        self._changed = threading.Condition()
        self._faults = Faults()
        self._held: dict[str, OrderedDict[int, Document | None]] = {}
        self._bytes: dict[str, int] = {}
        self._next: dict[str, int] = {}
        self._quiet: dict[str, float] = {}
        self._demands: deque[_Demand] = deque()
        self._refusals: dict[_Demand, BridgeRefused] = {}
        self._closed = False
        self._thread: threading.Thread | None = None

    def _here(self) -> threading.Condition:
        """The lock, in this process: a fork has neither the thread nor the connection."""
        if self._process != os.getpid():
            self._begin()
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="sluice-documents", daemon=True)
            self._thread.start()
        return self._changed

    def _run(self) -> None:
        connection: Connection | None = None
        back_off = _FIRST_BACK_OFF
        while True:
            task = self._take()
            if task is None:
                break
            try:
                if connection is None or connection.closed:
                    connection = Connection(self._endpoint, _REQUEST_TIMEOUT)
                task(connection)
                back_off = _FIRST_BACK_OFF
                self._faults.worked("documents")
            except (SluiceError, OSError, ValueError) as e:
                # A connection that lay idle was closed by the bridge: that is no fault.
                idle = isinstance(e, BridgeUnavailable) and connection is not None and back_off == _FIRST_BACK_OFF
                if not idle:
                    self._faults.report("documents", e)
                with self._changed:
                    if not idle:
                        self._changed.wait_for(lambda: self._closed, back_off)
                back_off = min(2 * back_off, _LAST_BACK_OFF)
        if connection is not None:
            connection.close()

    def _take(self) -> Callable[[Connection], None] | None:
        """What is to be asked next: what somebody waits for, then what is released, then what lies ahead."""
        with self._changed:
            while not self._closed:
                if self._demands:
                    demand = self._demands[0]
                    return lambda connection: self._fetch_demand(connection, demand)
                if self._released is not None:
                    released = self._released
                    return lambda connection: self._send_release(connection, released)
                group = self._wanting()
                if group is not None:
                    held, after = self._held[group], self._next[group]
                    while after in held:
                        after += 1
                    return lambda connection: self._fetch(connection, _Demand(group, after, 0))
                self._changed.wait(_QUIET)
            return None

    def _wanting(self) -> str | None:
        """A group of which less than half of what lies ahead is here."""
        now = time.monotonic()
        for group in self._next:
            few = len(self._held[group]) <= self._ahead // 2 and self._bytes.get(group, 0) < _MOST_AHEAD_BYTES
            if self._ahead and few and self._quiet.get(group, 0.0) <= now:
                return group
        return None

    def _fetch_demand(self, connection: Connection, demand: _Demand) -> None:
        try:
            self._fetch(connection, demand)
        except BridgeRefused as e:
            with self._changed:
                if demand in self._demands:
                    self._refusals[demand] = e
        with self._changed:
            if demand in self._demands:
                self._demands.remove(demand)
            self._changed.notify_all()

    def _fetch(self, connection: Connection, demand: _Demand) -> None:
        count = min(MAX_DRAWS, max(demand.need, self._ahead, 1))
        body = {"group": demand.group, "from": demand.occurrence, "need": min(demand.need, count), "count": count}
        answer = connection.post_for_bytes("/v1/documents", body, DOCUMENTS_TYPE, _REQUEST_TIMEOUT)
        documents = decode_documents(answer)
        with self._changed:
            held = self._held.setdefault(demand.group, OrderedDict())
            for occurrence, document in documents.items():
                if occurrence not in held:
                    held[occurrence] = document
                    self._bytes[demand.group] = self._bytes.get(demand.group, 0) + _size(document)
            if not documents or None in documents.values() or len(documents) < self._ahead:
                self._quiet[demand.group] = time.monotonic() + _QUIET
            self._changed.notify_all()

    def _send_release(self, connection: Connection, released: dict[str, int]) -> None:
        try:
            connection.post("/v1/release", {"groups": released}, _REQUEST_TIMEOUT)
        except BridgeRefused as e:
            self._faults.report("release", e)
        with self._changed:
            if self._released is released:
                self._released = None


class PoolSource:
    """The endless order of a group's documents in a :class:`DocumentPool`: a :class:`sluice.data.ArrivingSource`."""

    def __init__(self, pool: DocumentPool, group: str) -> None:
        self._pool = pool
        self._group = group

    def ready(self, first: int, count: int) -> bool:
        """Whether there are documents for a draw of ``count`` occurrences; decided for all of them at once."""
        return self._pool.get(self._group, first, count) is not None

    def at(self, occurrence: int) -> Document:
        """The document at an occurrence.

        Raises:
            NoDocument: the group had none, or the bridge did not answer in time.
            BridgeRefused: the bridge holds no documents, or the occurrence was released.
        """
        document = self._pool.get(self._group, occurrence)
        if document is None:
            raise NoDocument(f"draw {occurrence} of {self._group} has no document")
        return document

    def epoch(self, occurrence: int) -> int:
        """How many times all documents came before this occurrence."""
        document = self._pool.get(self._group, occurrence)
        return 0 if document is None else document.passes


def decode_documents(body: bytes) -> dict[int, Document | None]:
    """Documents by occurrence, as the bridge sends them; None where there is none.

    Raises:
        ProtocolError: the bytes are something else.
    """
    try:
        magic, count, occurrence = _HEADER.unpack_from(body)
        if magic != b"SLD1":
            raise ValueError("they do not begin with SLD1")
        documents: dict[int, Document | None] = {}
        place = _HEADER.size
        for n in range(occurrence, occurrence + count):
            kind, passes = _ENTRY.unpack_from(body, place)
            place += _ENTRY.size
            documents[n] = None
            if kind:
                (tokens,) = _TOKENS.unpack_from(body, place)
                place += _TOKENS.size
                texts = []
                for _ in range(4):
                    (length,) = _LENGTH.unpack_from(body, place)
                    place += _LENGTH.size
                    if not 0 <= length <= len(body) - place:
                        raise ValueError(f"a text of {length} bytes")
                    texts.append(body[place : place + length].decode())
                    place += length
                documents[n] = Document(texts[0], texts[1], texts[2], tokens, texts[3], passes)
        if place != len(body):
            raise ValueError(f"{len(body) - place} bytes too many")
        return documents
    except (struct.error, ValueError) as e:
        raise ProtocolError(f"these bytes hold no documents: {e}") from e


def encode_documents(documents: Mapping[int, Document | None]) -> bytes:
    """The inverse of :func:`decode_documents`, for occurrences one after the other."""
    parts = [_HEADER.pack(b"SLD1", len(documents), min(documents, default=0))]
    for _, document in sorted(documents.items()):
        parts.append(_ENTRY.pack(document is not None, 0 if document is None else document.passes))
        if document is not None:
            parts.append(_TOKENS.pack(document.tokens))
            for text in (document.id, document.source, document.uri, document.text):
                encoded = text.encode()
                parts += [_LENGTH.pack(len(encoded)), encoded]
    return b"".join(parts)


def _size(document: Document | None) -> int:
    return 0 if document is None else len(document.text)
