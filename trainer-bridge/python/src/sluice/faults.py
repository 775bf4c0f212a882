"""Counts what goes wrong while a run is under way, and logs each kind once until it works again."""

from __future__ import annotations

import logging
import threading

_log = logging.getLogger("sluice")


class Faults:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._silent: set[str] = set()

    def report(self, kind: str, error: object) -> None:
        """Counts a fault; logs it when it is the first of its kind since that kind last worked."""
        with self._lock:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            silent = kind in self._silent
            self._silent.add(kind)
        if not silent:
            _log.warning("%s: %s (training goes on; further ones of this kind are counted, not logged)", kind, error)

    def worked(self, kind: str) -> None:
        """Says that what failed works again."""
        if kind in self._silent:
            with self._lock:
                self._silent.discard(kind)
            _log.info("%s: works again", kind)

    def counts(self) -> dict[str, int]:
        """How many there were of each kind."""
        with self._lock:
            return dict(self._counts)

    def after_fork(self) -> None:
        """Makes it usable in a forked child, whatever thread held its lock."""
        self._lock = threading.Lock()
