"""What several tests share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from sluice.testing import FakeBridge

WEIGHTS = {"books": 0.2, "code": 0.3, "web": 0.5}


@pytest.fixture
def bridge() -> Iterator[FakeBridge]:
    """A healthy bridge of a run with three groups and one target."""
    with FakeBridge(WEIGHTS, targets={"held_out": 1.0}) as fake:
        yield fake


def until(condition: Callable[[], bool]) -> None:
    """Waits until a condition holds that another thread brings about; fails after half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the condition does not hold"
        time.sleep(0.001)
