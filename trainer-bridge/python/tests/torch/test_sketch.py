"""The sketch on a device is the reference's, for any cut of the tensors."""

from __future__ import annotations

import pytest
import torch
from sluice.errors import ConfigurationError
from sluice.hashes import fnv1a, mix64
from sluice.torch.sketch import Sketcher, SketchedTensor, is_negative, sketched_tensors, unwrapped_name
from torch import Tensor, nn
from torch.distributed.fsdp import FullyShardedDataParallel


def reference(name: str, values: Tensor, dimension: int, seed: int, offset: int = 0) -> Tensor:
    """The definition, element by element, in double precision."""
    hash_ = fnv1a(name)
    result = [0.0] * dimension
    for i, value in enumerate(values.reshape(-1).tolist(), start=offset):
        negative = mix64(seed, hash_, i) >> 63
        result[(hash_ % dimension + i % dimension) % dimension] += -value if negative else value
    return torch.tensor(result, dtype=torch.float64)


def error(actual: Tensor, expected: Tensor) -> float:
    return float((actual.double() - expected).norm() / expected.norm())


def whole(**sizes: int) -> list[SketchedTensor]:
    return [SketchedTensor(name, 0, size) for name, size in sizes.items()]


@pytest.mark.parametrize("dimension", [1, 7, 101, 8191])
@pytest.mark.parametrize("keep_signs", [True, False])
def test_equals_the_definition(dimension: int, keep_signs: bool) -> None:
    sizes = {"a": 1, "b.weight": 12_345, "c": dimension, "d": 3 * dimension + 1}
    values = [torch.randn(size, generator=torch.Generator().manual_seed(size)) for size in sizes.values()]
    sketcher = Sketcher(whole(**sizes), dimension=dimension, seed=7, keep_signs=keep_signs)
    expected = sum(reference(name, value, dimension, 7) for name, value in zip(sizes, values, strict=True))
    assert isinstance(expected, Tensor)
    assert error(sketcher.sketch(values), expected) < 1e-6


def test_signs_are_bit_63_of_mix64_for_negative_seeds_and_large_offsets() -> None:
    for seed, offset in ((-1, 0), (2**63 - 1, 2**40), (17, 5)):
        expected = [bool(mix64(seed, fnv1a("n"), offset + i) >> 63) for i in range(1000)]
        assert is_negative(seed, "n", offset, 1000).tolist() == expected


def test_shards_add_up_to_the_whole() -> None:
    value = torch.randn(10_000)
    parts = [
        Sketcher([SketchedTensor("w", at, count)], dimension=101, seed=3).sketch([value[at : at + count]])
        for at, count in ((0, 3_333), (3_333, 1), (3_334, 6_666))
    ]
    assert error(torch.stack(parts).sum(0), reference("w", value, 101, 3)) < 1e-6


def test_does_not_depend_on_the_order_of_tensors() -> None:
    values = {"a": torch.randn(777), "b": torch.randn(50, 31)}
    forward = Sketcher(whole(a=777, b=1550), dimension=101, seed=3).sketch([values["a"], values["b"]])
    backward = Sketcher(whole(b=1550, a=777), dimension=101, seed=3).sketch([values["b"], values["a"]])
    assert error(forward, backward.double()) < 1e-6


def test_long_sums_stay_within_a_millionth() -> None:
    value = torch.randn(3_000_000)
    signs = 1 - 2 * is_negative(9, "w", 0, value.numel()).double()
    first = fnv1a("w") % 101
    places = (torch.arange(value.numel()) + first) % 101
    expected = torch.zeros(101, dtype=torch.float64).index_add_(0, places, value.double() * signs)
    assert error(Sketcher(whole(w=value.numel()), dimension=101, seed=9).sketch([value]), expected) < 1e-6


def test_a_missing_gradient_is_zero() -> None:
    value = torch.randn(500)
    sketcher = Sketcher(whole(a=300, b=500), dimension=101, seed=3)
    assert error(sketcher.sketch([None, value]), reference("b", value, 101, 3)) < 1e-6
    assert sketcher.sketch([None, None]).count_nonzero() == 0


def test_half_precision_gradients_are_summed_in_single_precision() -> None:
    value = torch.randn(20_000).bfloat16()
    sketch = Sketcher(whole(w=20_000), dimension=101, seed=3).sketch([value])
    assert sketch.dtype == torch.float32
    assert error(sketch, reference("w", value.float(), 101, 3)) < 1e-6


def test_preconditioning_puts_half_of_adams_diagonal_on_the_gradient() -> None:
    value, moment = torch.randn(5_000), torch.rand(5_000) ** 4
    sketcher = Sketcher(whole(w=5_000), dimension=101, seed=3)
    sketcher.precondition([moment])
    root = moment.sqrt()
    expected = reference("w", value * (root + root.mean()).rsqrt(), 101, 3)
    assert error(sketcher.sketch([value]), expected) < 4e-3  # factors are bfloat16: 2^-8


def test_before_adams_first_update_preconditioning_changes_nothing() -> None:
    value = torch.randn(5_000)
    sketcher = Sketcher(whole(w=5_000), dimension=101, seed=3)
    plain = sketcher.sketch([value])
    sketcher.precondition([torch.zeros(5_000)])
    assert torch.equal(sketcher.sketch([value]), plain)


def test_names_lose_the_prefixes_of_wrappers() -> None:
    assert unwrapped_name("module._orig_mod.blocks.0._fsdp_wrapped_module.w") == "blocks.0.w"
    assert unwrapped_name("blocks.module.w") == "blocks.module.w"
    assert unwrapped_name("module") == "module"


def test_layers_are_chosen_by_pattern_or_predicate() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 5))
    model[1].bias.requires_grad = False
    names = [tensor.name for tensor, _ in sketched_tensors(model)]
    assert names == ["0.weight", "0.bias", "1.weight"]
    assert [tensor.name for tensor, _ in sketched_tensors(model, ["1.*"])] == ["1.weight"]
    assert [tensor.name for tensor, _ in sketched_tensors(model, lambda name: name.endswith("bias"))] == ["0.bias"]
    with pytest.raises(ConfigurationError, match="0.weight"):
        sketched_tensors(model, ["2.*"])


def test_models_whose_gradients_cannot_be_read_are_refused() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 5))
    model[0].weight.ds_id = 0  # as DeepSpeed's ZeRO marks what it partitions
    with pytest.raises(ConfigurationError, match="0.weight.*FSDP2"):
        sketched_tensors(model)
    assert len(sketched_tensors(model, ["1.*"])) == 2
    # Made without the ranks that FSDP1 asks for; it is known by its type.
    wrapped = FullyShardedDataParallel.__new__(FullyShardedDataParallel)
    nn.Module.__init__(wrapped)
    with pytest.raises(ConfigurationError, match="FSDP1.*FSDP2"):
        sketched_tensors(nn.Sequential(wrapped, nn.Linear(4, 5)))


def test_two_tensors_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="one name"):
        Sketcher([SketchedTensor("w", 0, 1), SketchedTensor("w", 0, 1)], dimension=7, seed=0)
