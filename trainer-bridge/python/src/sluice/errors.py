"""The errors of this package.

They are raised while a run is set up. Once training is under way nothing is raised because of the bridge: faults are
logged, counted in :class:`sluice.Status`, and the last mixture stays.
"""

from __future__ import annotations


class SluiceError(Exception):
    """Anything that this package raises on purpose. The message says what to do."""


class ConfigurationError(SluiceError, ValueError):
    """An argument that cannot be: of the wrong type, out of range, or not what the run declares."""


class CheckpointError(SluiceError, ValueError):
    """A state that does not belong to this run, or was altered."""


class BridgeUnavailable(SluiceError, ConnectionError):
    """No bridge answers, and there is no state from which to begin without one."""


class ProtocolError(SluiceError):
    """What came over the socket is not the bridge's protocol."""


class BridgeRefused(SluiceError):
    """The bridge answered with an error.

    Attributes:
        status: the HTTP status.
        code: the error's name, as ``trainer_connected``; the protocol's page lists them.
    """

    def __init__(self, status: int, code: str, message: str, remedy: str) -> None:
        told = "; ".join(part for part in (message, remedy) if part)
        super().__init__(told or f"the bridge answered {status} {code}")
        self.status = status
        self.code = code


class NotScheduled(SluiceError, LookupError):
    """A step that no span has named yet, or that was forgotten."""


class NoDocument(SluiceError, LookupError):
    """A draw whose group has no document to give. The draw is passed over, on all ranks."""
