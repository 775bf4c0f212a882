"""Rounds that have ended and wait to be sent."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sluice.signals import HalfSums, Key, RoundSums

#: Yields the halves of a round when the background thread asks for them.
HalvesSource = Callable[[], Iterable[HalfSums]]

#: Names of lost halves that fit into one request.
_MOST_NAMES = 4_000


@dataclass(eq=False)
class EndedRound:
    """A round as the trainer left it.

    Attributes:
        from_step: first step of the round that this attempt took.
        nanos: wall time of the round.
        sums: what :meth:`sluice.Run.record` added up.
        sources: what :meth:`sluice.Run.submit` was given.
        evaluations: (place of the target, mean loss in nats per token, tokens).
        lost: halves that were measured and given up.
    """

    round: int
    from_step: int
    through_step: int
    learning_rate: float
    nanos: int
    sums: RoundSums
    sources: list[HalvesSource]
    evaluations: list[tuple[int, float, int]]
    lost: list[Key] = field(default_factory=list)

    @property
    def is_lost(self) -> bool:
        """Whether its signals were given up."""
        return self.sums.is_empty and not self.sources

    def give_up(self) -> int:
        """Gives up the signals, so that only their names are left; answers how many are named."""
        self.lost = self.sums.keys()
        self.sums = RoundSums(0)
        self.sources = []
        return len(self.lost)

    def to_json(self, session: str) -> dict[str, Any]:
        """The body of the request that ends the round."""
        named = sorted(self.lost)[:_MOST_NAMES]
        return {
            "session": session,
            "round": self.round,
            "from_step": self.from_step,
            "through_step": self.through_step,
            "learning_rate": self.learning_rate,
            "nanos": self.nanos,
            "evaluations": [{"target": i, "loss": loss, "tokens": tokens} for i, loss, tokens in self.evaluations],
            "signals": [],
            "dropped": [{"kind": kind, "index": index, "part": part} for kind, index, part in named],
        }


class RoundQueue:
    """Bounded: rounds beyond the first few give up their signals, and of such rounds, too, only the last few are kept.

    The trainer's thread adds, the background thread takes and trims. Giving up what a round added up takes longer than
    a step may; so the trainer's thread does it only when the other has not come to it for many rounds.

    Attributes:
        dropped_signals: how many named signals were given up.
    """

    def __init__(self, capacity: int) -> None:
        """
        Args:
            capacity: most rounds with signals, and most rounds without, after :meth:`trim`; twice as many may wait for it.
        """
        self.dropped_signals = 0
        self._capacity = capacity
        self._rounds: deque[EndedRound] = deque()
        self._lock = threading.Lock()

    def add(self, ended: EndedRound) -> None:
        """Adds a round."""
        self._rounds.append(ended)
        if len(self._rounds) > 4 * self._capacity:
            self.trim()

    def trim(self) -> None:
        """Gives up what is beyond the capacity."""
        if len(self._rounds) <= self._capacity:
            return
        with self._lock:
            waiting = list(self._rounds)
            kept = [waits for waits in waiting if not waits.is_lost]
            for beyond in kept[self._capacity :]:
                self.dropped_signals += beyond.give_up()
            lost = [waits for waits in waiting if waits.is_lost]
            for oldest in lost[: -self._capacity]:
                self._rounds.remove(oldest)

    def take(self) -> EndedRound | None:
        """The oldest round, if there is one."""
        with self._lock:
            return self._rounds.popleft() if self._rounds else None

    def __len__(self) -> int:
        return len(self._rounds)
