"""The two hash functions on which sketches and sampling rest. All arithmetic is unsigned modulo 2^64."""

from __future__ import annotations

MASK = (1 << 64) - 1

#: The odd constant of SplitMix64: 2^64 divided by the golden ratio.
GOLDEN = 0x9E3779B97F4A7C15

_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3


def fnv1a(text: str) -> int:
    """FNV-1a, 64 bits, of the UTF-8 bytes of ``text``."""
    result = _FNV_OFFSET
    for byte in text.encode("utf-8"):
        result = ((result ^ byte) * _FNV_PRIME) & MASK
    return result


def fin(x: int) -> int:
    """SplitMix64's finaliser."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def mix64(seed: int, h: int, i: int) -> int:
    """``fin(fin(seed xor h) + (i + 1) * GOLDEN)``: the i-th random word of the stream that seed and h name.

    Negative arguments stand for their two's complement, so that a signed 64-bit seed may be given as it is.
    """
    return fin((fin((seed ^ h) & MASK) + (i + 1) * GOLDEN) & MASK)
