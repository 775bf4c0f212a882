"""What a round measured: sums by subject and half, and how they travel to the bridge."""

from __future__ import annotations

import math
import struct
import threading
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sluice import bf16

try:
    import numpy as _numpy
except ImportError:  # pragma: no cover - the package works without NumPy
    _numpy = None  # type: ignore[assignment]

GROUP = "group"
TARGET = "target"

#: Largest body of a request with signals, in bytes.
MAX_BODY = 256 * 1024

_MAGIC = b"SLS1"
_HEAD = struct.Struct("<4s16sqI")
_SIGNAL = struct.Struct("<BBBBIqqdd")
_PAIR = struct.Struct("<qq")
_MAX_TOKENS = 1 << 42
_MAX_LOSS_PER_TOKEN = 1e6
_MAX_PLANS = 255

#: Observations that may wait to be added up.
_MOST_NOTED = 4096

#: Names a half of a subject's signal: kind, place in the run's list, part.
Key = tuple[str, int, int]

_Noted = tuple[Key, int, int, int, float, float, "Sequence[float] | None", bool]


@dataclass
class HalfSums:
    """One half of one subject's signal: sums over a whole round, never means.

    Attributes:
        kind: ``"group"`` or ``"target"``.
        index: place of the group or target in the run's list.
        part: 0 (A) or 1 (B).
        tokens: tokens predicted, at least 1.
        sequences: independent rows, at least 1.
        loss_sum: sum of the loss over the tokens, in nats.
        loss_square_sum: sum of its squares.
        plans: (version, tokens) by increasing version: how many tokens each plan drew; empty for targets.
        sketch: the gradient sketch of ``loss_sum`` as bfloat16, little-endian, measured on some or all of the tokens and
            scaled to all; None where no gradient was taken.
    """

    kind: str
    index: int
    part: int
    tokens: int
    sequences: int
    loss_sum: float
    loss_square_sum: float
    plans: list[tuple[int, int]] = field(default_factory=list)
    sketch: bytes | None = None

    @property
    def key(self) -> Key:
        """What it is a signal of."""
        return self.kind, self.index, self.part


class RoundSums:
    """Adds up the observations of one round.

    The trainer's thread only notes them. They are added up in the order in which they were noted, by whoever calls
    :meth:`add_up`: the background thread, now and then, or the trainer's when many are waiting.

    A half's sketch stands for all its tokens: the sum of what was sketched, scaled from the sketched tokens to all.
    """

    def __init__(self, sketch_dimension: int) -> None:
        self._dimension = sketch_dimension
        self._noted: deque[_Noted] = deque()
        self._halves: dict[Key, _Half] = {}
        self._lock = threading.Lock()

    def add(
        self,
        key: Key,
        version: int,
        tokens: int,
        sequences: int,
        loss_sum: float,
        loss_square_sum: float,
        sketch: Sequence[float] | None,
        probe: bool = False,
    ) -> None:
        """Takes one micro-batch of a group, or one batch of a target's rows.

        Args:
            version: the plan of the step under way.
            sketch: added up at once, for it is not kept.
            probe: whether a group's batch is not trained on; its tokens count only where the group was not drawn.

        Raises:
            ValueError: no tokens, no sequences, or a sketch of another dimension.
        """
        if tokens < 1 or sequences < 1:
            raise ValueError(f"at least 1 token and 1 sequence are recorded, not {tokens} and {sequences}")
        if sketch is not None and len(sketch) != self._dimension:
            raise ValueError(f"the run's sketches have {self._dimension} buckets, this one has {len(sketch)}")
        self._noted.append((key, version, tokens, sequences, loss_sum, loss_square_sum, sketch, probe))
        if sketch is not None or len(self._noted) >= _MOST_NOTED:
            self.add_up()

    def add_up(self) -> None:
        """Adds up what was noted."""
        if not self._noted:
            return
        with self._lock:
            while self._noted:
                key, version, tokens, sequences, loss_sum, loss_square_sum, sketch, probe = self._noted.popleft()
                half = self._halves.get(key)
                if half is None:
                    half = self._halves[key] = _Half()
                if sketch is not None:
                    half.add_sketch(sketch, tokens)
                sums = half.probed if probe else half.drawn
                sums.tokens += tokens
                sums.sequences += sequences
                sums.loss_sum += loss_sum
                sums.loss_square_sum += loss_square_sum
                if key[0] == GROUP:
                    sums.plans[version] = sums.plans.get(version, 0) + tokens

    @property
    def is_empty(self) -> bool:
        """Whether nothing was observed."""
        return not self._noted and not self._halves

    def __len__(self) -> int:
        self.add_up()
        return len(self._halves)

    def keys(self) -> list[Key]:
        """The halves that were observed."""
        self.add_up()
        return list(self._halves)

    def close(self) -> Iterator[HalfSums]:
        """The halves in a fixed order, encoded one at a time; each is forgotten as it is handed out."""
        for key in sorted(self.keys()):
            yield self._halves.pop(key).sums(key)


class _Losses:
    """Sums over tokens."""

    __slots__ = ("loss_square_sum", "loss_sum", "plans", "sequences", "tokens")

    def __init__(self) -> None:
        self.tokens = 0
        self.sequences = 0
        self.loss_sum = 0.0
        self.loss_square_sum = 0.0
        self.plans: dict[int, int] = {}


class _Half:
    """Sums of one half."""

    __slots__ = ("drawn", "probed", "sketch", "sketched_tokens")

    def __init__(self) -> None:
        self.drawn = _Losses()
        self.probed = _Losses()
        self.sketch: Any = None
        self.sketched_tokens = 0

    def add_sketch(self, sketch: Sequence[float], tokens: int) -> None:
        """Adds what was sketched of so many tokens."""
        self.sketched_tokens += tokens
        if self.sketch is None:
            self.sketch = array("d", sketch) if _numpy is None else _numpy.array(sketch, dtype=_numpy.float64)
        elif _numpy is None:
            for bucket, value in enumerate(sketch):
                self.sketch[bucket] += value
        else:
            self.sketch += _numpy.asarray(sketch)

    def sums(self, key: Key) -> HalfSums:
        """What has been added up."""
        kind, index, part = key
        told = self.drawn if self.drawn.tokens else self.probed
        return HalfSums(
            kind=kind,
            index=index,
            part=part,
            tokens=told.tokens,
            sequences=told.sequences,
            loss_sum=told.loss_sum,
            loss_square_sum=told.loss_square_sum,
            plans=sorted(told.plans.items()),
            sketch=None if self.sketch is None else bf16.encode(self._scaled(told.tokens / self.sketched_tokens)),
        )

    def _scaled(self, factor: float) -> Any:
        if factor == 1:
            return self.sketch
        return [factor * value for value in self.sketch] if _numpy is None else factor * self.sketch


def is_sound(half: HalfSums, sketch_dimension: int) -> bool:
    """Whether the bridge would take this signal: the rules of ``io.sluice.core.signal.SignalRules``.

    A request is taken whole or not at all, so one signal that breaks a rule would cost those that travel with it.
    """
    return (
        half.kind in (GROUP, TARGET)
        and half.part in (0, 1)
        and 1 <= half.tokens <= _MAX_TOKENS
        and 1 <= half.sequences <= half.tokens
        and 0 <= half.loss_sum <= _MAX_LOSS_PER_TOKEN * half.tokens
        and 0 <= half.loss_square_sum < math.inf
        and len(half.plans) <= _MAX_PLANS
        and (half.kind == TARGET or sum(tokens for _, tokens in half.plans) == half.tokens)
        and (half.sketch is None or (len(half.sketch) == 2 * sketch_dimension and _finite(half.sketch)))
    )


def encode_signal(half: HalfSums) -> bytes:
    """One signal in the binary form of the protocol."""
    parts = [
        _SIGNAL.pack(
            1 if half.kind == TARGET else 0,
            half.part,
            0 if half.sketch is None else 1,
            len(half.plans),
            half.index,
            half.tokens,
            half.sequences,
            half.loss_sum,
            half.loss_square_sum,
        )
    ]
    parts.extend(_PAIR.pack(version, tokens) for version, tokens in half.plans)
    if half.sketch is not None:
        parts.append(half.sketch)
    return b"".join(parts)


def encode_request(session: str, round_: int, signals: Sequence[bytes]) -> bytes:
    """The body of a request with these signals."""
    return _HEAD.pack(_MAGIC, bytes.fromhex(session), round_, len(signals)) + b"".join(signals)


def room(sizes: int) -> bool:
    """Whether signals of so many bytes together fit into one request."""
    return _HEAD.size + sizes <= MAX_BODY


def decode_request(body: bytes, sketch_dimension: int) -> tuple[str, int, list[HalfSums]]:
    """Session, round and signals of a request, as a bridge reads them.

    Raises:
        ValueError: the bytes are something else.
    """
    try:
        magic, session, round_, count = _HEAD.unpack_from(body)
        if magic != _MAGIC:
            raise ValueError("the body does not begin with SLS1")
        offset = _HEAD.size
        halves = []
        for _ in range(count):
            target, part, sketched, pairs, index, tokens, sequences, loss, squares = _SIGNAL.unpack_from(body, offset)
            offset += _SIGNAL.size
            plans = [_PAIR.unpack_from(body, offset + i * _PAIR.size) for i in range(pairs)]
            offset += pairs * _PAIR.size
            sketch = None
            if sketched:
                sketch = body[offset : offset + 2 * sketch_dimension]
                offset += 2 * sketch_dimension
            kind = TARGET if target else GROUP
            halves.append(HalfSums(kind, index, part, tokens, sequences, loss, squares, plans, sketch))
    except struct.error as e:
        raise ValueError(f"the body ends too early: {e}") from e
    if offset != len(body):
        raise ValueError(f"{len(body) - offset} bytes follow the last signal")
    return session.hex(), round_, halves


def _finite(sketch: bytes) -> bool:
    if _numpy is not None:
        halves = _numpy.frombuffer(sketch, dtype="<u2")
        return bool(((halves & 0x7F80) != 0x7F80).all())
    return all(sketch[i] & 0x7F != 0x7F or not sketch[i - 1] & 0x80 for i in range(1, len(sketch), 2))
