"""Sketch spec v1 in NumPy: a linear random projection of a gradient to k buckets, without stored random vectors.

Element i (row-major index in the unsharded tensor) of the tensor named n goes with its sign to one bucket::

    sign   = + if bit 63 of mix64(seed, fnv1a(n), i) is 0, else -
    bucket = (fnv1a(n) mod k + i mod k) mod k

The twin of ``io.sluice.core.sketch.GradientSketch``: it accumulates in double precision, element by element, so that
its sums are the same in every bit. Trainers may compute them on their device, within 1e-6 relative. Needs NumPy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sluice.hashes import GOLDEN, MASK, fin, fnv1a

_CHUNK = 1 << 16


def negative(seed: int, tensor_hash: int, offset: int, count: int) -> npt.NDArray[np.bool_]:
    """Whether the elements ``offset``, ``offset + 1``, ... of a tensor are added with a minus."""
    base = np.uint64(fin((seed ^ tensor_hash) & MASK))
    x = np.arange(offset + 1, offset + 1 + count, dtype=np.uint64)
    x *= np.uint64(GOLDEN)
    x += base
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(63)).astype(np.bool_)


def buckets(tensor_hash: int, offset: int, count: int, dimension: int) -> npt.NDArray[np.int64]:
    """The buckets of the elements ``offset``, ``offset + 1``, ... of a tensor."""
    first = (tensor_hash % dimension + offset % dimension) % dimension
    return (np.arange(count, dtype=np.int64) + first) % dimension


class GradientSketch:
    """Sums of one sketch. They add up over tensors, shards of a tensor, micro-batches and ranks."""

    def __init__(self, dimension: int, seed: int) -> None:
        self.dimension = dimension
        self.seed = seed
        self._sums = np.zeros(dimension, dtype=np.float64)

    def add(self, tensor: str, values: npt.ArrayLike, offset: int = 0) -> None:
        """Adds a tensor, or the shard of it that starts at element ``offset``.

        Args:
            tensor: its name, without the prefixes of wrappers.
            values: of any shape; read in row-major order, as float32.
        """
        flat = np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
        tensor_hash = fnv1a(tensor)
        for start in range(0, flat.size, _CHUNK):
            chunk = flat[start : start + _CHUNK].astype(np.float64)
            at = offset + start
            np.negative(chunk, out=chunk, where=negative(self.seed, tensor_hash, at, chunk.size))
            np.add.at(self._sums, buckets(tensor_hash, at, chunk.size, self.dimension), chunk)

    def to_array(self) -> npt.NDArray[np.float32]:
        """The sums so far, rounded to single precision."""
        return self._sums.astype(np.float32)
