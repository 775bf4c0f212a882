"""Sluice for trainers in Python: the plan of every step out of memory, and what was measured back to the bridge.

:func:`connect` attaches rank 0 of a run; :class:`Run` says how a training loop uses it. Importing this package needs
nothing but Python; sketches are faster with NumPy.
"""

__version__ = "0.1.0"

from sluice.errors import (
    BridgeRefused,
    BridgeUnavailable,
    CheckpointError,
    ConfigurationError,
    NoDocument,
    NotScheduled,
    ProtocolError,
    SluiceError,
)
from sluice.plan import Checkpoint, GroupSpec, Plan, RunSpec, Span, StepPlan, TargetSpec
from sluice.run import Run, Status, connect
from sluice.schedule import Schedule
from sluice.signals import HalfSums
from sluice.slot import SlotReader

__all__ = [
    "BridgeRefused",
    "BridgeUnavailable",
    "Checkpoint",
    "CheckpointError",
    "ConfigurationError",
    "GroupSpec",
    "HalfSums",
    "NoDocument",
    "NotScheduled",
    "Plan",
    "ProtocolError",
    "Run",
    "RunSpec",
    "Schedule",
    "SlotReader",
    "SluiceError",
    "Span",
    "Status",
    "StepPlan",
    "TargetSpec",
    "connect",
]
