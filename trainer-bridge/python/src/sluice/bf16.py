"""The wire form of sketches: the upper half of a float32, rounded to nearest, ties to even, little-endian."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

try:
    import numpy as _numpy
except ImportError:  # pragma: no cover - the package works without NumPy
    _numpy = None  # type: ignore[assignment]

_EXPONENT = 0x7F800000


def encode(values: Sequence[float]) -> bytes:
    """Two bytes per value. Values are rounded to float32 first; infinities and NaN stay what they are."""
    if _numpy is not None:
        with _numpy.errstate(over="ignore"):
            bits = _numpy.ascontiguousarray(values, dtype="<f4").view("<u4")
        rounded = (bits + _numpy.uint32(0x7FFF) + ((bits >> 16) & 1)) >> 16
        nan = (bits & 0x7FFFFFFF) > _EXPONENT
        return bytes(_numpy.where(nan, (bits >> 16) | 0x40, rounded).astype("<u2").tobytes())
    return encode_plain(values)


def encode_plain(values: Sequence[float]) -> bytes:
    """The same as :func:`encode`, without NumPy."""
    words = array("I", array("f", values).tobytes())
    halves = array("H", [_round(bits) for bits in words])
    if sys.byteorder == "big":
        halves.byteswap()
    return halves.tobytes()


def decode(encoded: bytes) -> array[float]:
    """The inverse of :func:`encode`, as float32 values.

    Raises:
        ValueError: the number of bytes is odd.
    """
    if len(encoded) % 2:
        raise ValueError(f"{len(encoded)} bytes do not hold 2-byte values")
    halves = array("H", encoded)
    if sys.byteorder == "big":
        halves.byteswap()
    return array("f", array("I", [half << 16 for half in halves]).tobytes())


def _round(bits: int) -> int:
    if bits & 0x7FFFFFFF > _EXPONENT:
        return bits >> 16 | 0x40
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16 & 0xFFFF
