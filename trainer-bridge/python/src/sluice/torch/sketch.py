"""Gradient sketches (spec v1) on the device where the gradients are.

The twin of Java's ``GradientSketch``: element i of the tensor named n goes, with its sign, to one of k buckets::

    sign   = + if bit 63 of mix64(seed, hash(n), i) is 0, else -
    bucket = (hash(n) mod k + i mod k) mod k

Consecutive elements fall into consecutive buckets. So the tensors are laid out one after the other, each from a place
whose remainder by k is its first bucket; then the sketch is the sum of the rows of a matrix with k columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import torch
from torch import Tensor, nn
from torch.distributed.fsdp import FullyShardedDataParallel
from torch.distributed.tensor import DTensor, Replicate, Shard

from sluice.errors import ConfigurationError
from sluice.hashes import GOLDEN, MASK, fin, fnv1a

Layers = Callable[[str], bool] | Sequence[str] | None
"""Which tensors are sketched: a predicate on names, patterns as ``blocks.3.*``, or None for all."""

_WRAPPERS = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_REMEDY = "shard by FSDP2 (torch.distributed.fsdp.fully_shard), or pass sketches=False"

# Elements that are handled at a time: what stays in a CPU's cache, and what keeps a GPU busy.
_BLOCK = {"cpu": 1 << 18, "cuda": 1 << 24}


@dataclass(frozen=True)
class SketchedTensor:
    """A tensor, or the shard of it that is here.

    Attributes:
        name: its name in the model, without the prefixes of wrappers.
        offset: row-major index, in the whole tensor, of the first element that is here.
        count: how many elements are here.
    """

    name: str
    offset: int
    count: int


class Sketcher:
    """Sketches tensors of fixed names and sizes.

    It keeps one byte for each element, its sign; two after ``precondition``, the factor as a bfloat16. With
    ``keep_signs=False`` the signs are computed anew for each sketch: nothing is kept, at the price of some twenty
    operations on each element.
    """

    def __init__(
        self,
        tensors: Sequence[SketchedTensor],
        *,
        dimension: int,
        seed: int,
        device: torch.device | str = "cpu",
        keep_signs: bool = True,
    ) -> None:
        if len({tensor.name for tensor in tensors}) < len(tensors):
            raise ConfigurationError("two tensors have one name; a sketch tells tensors apart by their names")
        self.tensors = tuple(tensors)
        self.dimension = dimension
        self.seed = seed
        self.device = torch.device(device)
        rows = max(1, _BLOCK.get(self.device.type, 1 << 22) // dimension)
        self._blocks = _layout(self.tensors, dimension, rows * dimension)
        largest = max((block.length for block in self._blocks), default=0)
        self._scratch = torch.zeros(largest, dtype=torch.float32, device=self.device)
        self._zero = torch.zeros(1, dtype=torch.float32, device=self.device)
        self._keep_signs = keep_signs
        self._factors: list[Tensor] | None = [self._signs(block) for block in self._blocks] if keep_signs else None

    @property
    def count(self) -> int:
        """Elements that are sketched here."""
        return sum(tensor.count for tensor in self.tensors)

    def sketch(self, values: Sequence[Tensor | None]) -> Tensor:
        """The sketch of one value for each tensor; None stands for zeros.

        Returns:
            ``dimension`` numbers, float32, on the device. Sums are exact to 1e-6 of the sketch's norm.
        """
        flat = [None if value is None else value.detach().reshape(-1) for value in values]
        total = torch.zeros(self.dimension, dtype=torch.float64, device=self.device)
        for number, block in enumerate(self._blocks):
            if all(flat[piece.tensor] is None for piece in block.pieces):
                continue
            rows = self._gather(block, flat)
            rows.mul_(self._signs(block) if self._factors is None else self._factors[number])
            total += rows.view(-1, self.dimension).sum(0)
        return total.float()

    def precondition(
        self, second_moments: Sequence[Tensor], all_reduce: Callable[[Tensor], object] | None = None
    ) -> None:
        """Measures gradients from now on as Adam does: sketches become those of ``P^(1/2) g``.

        ``P^(1/2) = (sqrt(v) + mean(sqrt(v)))^(-1/2)`` with Adam's second moment v, half of the preconditioner on each
        side of an inner product. It is damped by the mean, because elements that are hardly ever used would drown the
        others. Factors are rounded to bfloat16, equally for all gradients that are compared. To be called once a round
        at most: sketches of one round are compared with each other. While all moments are 0 nothing changes.

        Args:
            second_moments: v of each tensor, in the order of ``tensors``.
            all_reduce: adds up a tensor over the ranks, in place; needed where tensors are sharded.
        """
        roots = [moment.detach().reshape(-1) for moment in second_moments]
        sums = torch.zeros(2, dtype=torch.float64, device=self.device)
        for root in roots:
            sums[0] += root.sqrt().sum(dtype=torch.float64)
        sums[1] += self.count
        if all_reduce is not None:
            all_reduce(sums)
        mean = (sums[0] / sums[1].clamp(min=1)).float()
        factors = []
        for block in self._blocks:
            damped = self._gather(block, roots).sqrt_().add_(mean)
            factor = torch.where(mean > 0, damped.rsqrt(), 1.0)
            factors.append(factor.mul_(self._signs(block)).to(torch.bfloat16))
        self._factors = factors

    def _gather(self, block: _Block, flat: Sequence[Tensor | None]) -> Tensor:
        """The block's elements of all tensors, with zeros in the gaps."""
        parts: list[Tensor] = []
        end = 0
        for piece in block.pieces:
            if piece.at > end:
                parts.append(self._zero.expand(piece.at - end))
            value = flat[piece.tensor]
            end = piece.at + piece.count
            parts.append(
                self._zero.expand(piece.count) if value is None else value[piece.start : piece.start + piece.count]
            )
        if block.length > end:
            parts.append(self._zero.expand(block.length - end))
        rows = self._scratch[: block.length]
        torch.cat(parts, out=rows)
        return rows

    def _signs(self, block: _Block) -> Tensor:
        signs = torch.ones(block.length, dtype=torch.int8, device=self.device)
        for piece in block.pieces:
            tensor = self.tensors[piece.tensor]
            negative = is_negative(
                self.seed, tensor.name, tensor.offset + piece.start, piece.count, device=self.device
            )
            signs[piece.at : piece.at + piece.count] -= 2 * negative.to(torch.int8)
        return signs


def is_negative(
    seed: int, name: str, offset: int, count: int, *, device: torch.device | str = "cpu"
) -> Tensor:
    """Which of a tensor's elements ``offset`` to ``offset + count - 1`` are added with a minus (bool)."""
    stream = fin((seed ^ fnv1a(name)) & MASK)
    places = torch.arange(offset + 1, offset + count + 1, dtype=torch.int64, device=device)
    return _fin(places * _signed(GOLDEN) + _signed(stream)) < 0


def sketched_tensors(model: nn.Module, layers: Layers = None) -> list[tuple[SketchedTensor, nn.Parameter]]:
    """The model's trainable tensors that are sketched on this rank, in the model's order.

    Of a DTensor it is the local shard, where its elements follow one another in the whole tensor (shards of dimension
    0, as FSDP2 makes them). Of what several ranks hold as replicas of a DTensor, one rank sketches.

    Raises:
        ConfigurationError: when a tensor is sharded otherwise (FSDP1, DeepSpeed's ZeRO), or no tensor is chosen.
    """
    if any(isinstance(module, FullyShardedDataParallel) for module in model.modules()):
        raise ConfigurationError(f"FSDP1 keeps no gradient of a whole tensor: {_REMEDY}")
    named = [(unwrapped_name(name), parameter) for name, parameter in model.named_parameters()]
    chosen = [(name, parameter) for name, parameter in named if parameter.requires_grad and _chooses(layers, name)]
    if not chosen:
        raise ConfigurationError(f"`layers` chooses no trainable tensor; the model has {[name for name, _ in named]}")
    partitioned = [name for name, parameter in chosen if hasattr(parameter, "ds_id")]
    if partitioned:
        raise ConfigurationError(f"DeepSpeed's ZeRO keeps {partitioned[0]} and its gradient to itself: {_REMEDY}")
    places = ((_place(name, parameter), parameter) for name, parameter in chosen)
    return [(place, parameter) for place, parameter in places if place is not None]


def unwrapped_name(name: str) -> str:
    """A tensor's name without what DDP, FSDP, compile and checkpointing put before it."""
    parts = [part for part in name.split(".") if part not in _WRAPPERS]
    while len(parts) > 1 and parts[0] == "module":
        parts = parts[1:]
    return ".".join(parts)


def local(tensor: Tensor) -> Tensor:
    """What this rank holds of a tensor."""
    if isinstance(tensor, DTensor):
        shard: Tensor = tensor.to_local()
        return shard
    return tensor


def _place(name: str, parameter: nn.Parameter) -> SketchedTensor | None:
    if not isinstance(parameter, DTensor):
        return SketchedTensor(name, 0, parameter.numel())
    coordinate = parameter.device_mesh.get_coordinate()
    if coordinate is None:
        return None
    first, rows = 0, parameter.shape[0] if parameter.dim() else 1
    for dimension, placement in enumerate(parameter.placements):
        if isinstance(placement, Replicate):
            if coordinate[dimension] != 0:
                return None
        elif type(placement) is Shard and placement.dim == 0:
            # Every rank but the last ones holds the same number of rows, rounded up.
            each = -(-rows // parameter.device_mesh.size(dimension))
            begin = min(each * coordinate[dimension], rows)
            first, rows = first + begin, min(each, rows - begin)
        else:
            raise ConfigurationError(
                f"{name} is placed as {placement}, not as shards of dimension 0: leave it out with `layers`"
            )
    width = parameter.numel() // parameter.shape[0] if parameter.dim() else 1
    return SketchedTensor(name, first * width, rows * width) if rows else None


def _chooses(layers: Layers, name: str) -> bool:
    if layers is None:
        return True
    if callable(layers):
        return layers(name)
    return any(fnmatchcase(name, pattern) for pattern in layers)


@dataclass(frozen=True)
class _Piece:
    """Elements ``start`` to ``start + count - 1`` of a tensor, from place ``at`` of a block on."""

    tensor: int
    start: int
    count: int
    at: int


@dataclass(frozen=True)
class _Block:
    """Whole rows of the layout."""

    length: int
    pieces: tuple[_Piece, ...]


def _layout(tensors: Iterable[SketchedTensor], dimension: int, block: int) -> list[_Block]:
    """Lays the tensors out from their first buckets on, and cuts the layout into blocks."""
    pieces: list[list[_Piece]] = []
    end = 0
    for index, tensor in enumerate(tensors):
        end += (fnv1a(tensor.name) + tensor.offset - end) % dimension
        start = 0
        while start < tensor.count:
            number, at = divmod(end, block)
            count = min(tensor.count - start, block - at)
            while len(pieces) <= number:
                pieces.append([])
            pieces[number].append(_Piece(index, start, count, at))
            start += count
            end += count
    lengths = [block] * len(pieces)
    if lengths:
        lengths[-1] = -(-(end - block * (len(pieces) - 1)) // dimension) * dimension
    return [_Block(length, tuple(inside)) for length, inside in zip(lengths, pieces, strict=True)]


def _signed(word: int) -> int:
    word &= MASK
    return word - (1 << 64) if word >> 63 else word


def _fin(x: Tensor) -> Tensor:
    """SplitMix64's finaliser. int64 products wrap modulo 2^64; shifts to the right must not draw in the sign."""
    x = (x ^ ((x >> 30) & ((1 << 34) - 1))) * _signed(0xBF58476D1CE4E5B9)
    x = (x ^ ((x >> 27) & ((1 << 37) - 1))) * _signed(0x94D049BB133111EB)
    return x ^ ((x >> 31) & ((1 << 33) - 1))
