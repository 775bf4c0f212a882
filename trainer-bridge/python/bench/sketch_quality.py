#!/usr/bin/env python3
"""Compares sketches of real gradients with the exact cosines, and prints it as JSON.

The gradients are those of the example's model on rows of each group of a corpus, at its start and after some steps.
For each seed the cosines of all pairs are estimated by spec v1 (buckets one after the other) and by random buckets with
the same signs. Theory for either: no bias, and a standard deviation of about (1 - cos^2) / sqrt(k).

    python bench/sketch_quality.py --corpus ../../ops/corpus --steps 100
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import torch
from sluice.data import ByteRows, ShuffledSource
from sluice.hashes import fnv1a
from sluice.torch.sketch import Sketcher, is_negative, sketched_tensors
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from train_gpt import CONTEXT, GPT, SIZES, to_tensor  # noqa: E402


def gradients(model: nn.Module, batches: list[Tensor]) -> list[list[Tensor]]:
    """One gradient of the summed loss for each batch."""
    parameters = [parameter for _, parameter in sketched_tensors(model)]
    return [list(torch.autograd.grad(model(rows).sum(), parameters)) for rows in batches]


def cosines(vectors: Tensor) -> Tensor:
    """The cosines of all pairs of rows, of the upper triangle."""
    unit = nn.functional.normalize(vectors.double(), dim=1)
    return (unit @ unit.T)[tuple(torch.triu_indices(len(unit), len(unit), 1))]


def random_buckets(model: nn.Module, found: list[list[Tensor]], dimension: int, seed: int) -> Tensor:
    """Sketches with the signs of spec v1 and a bucket drawn for each element."""
    result = torch.zeros(len(found), dimension, dtype=torch.float64)
    for number, (tensor, _) in enumerate(sketched_tensors(model)):
        generator = torch.Generator().manual_seed((seed ^ fnv1a(tensor.name)) % (1 << 63))
        buckets = torch.randint(dimension, (tensor.count,), generator=generator)
        signs = 1 - 2 * is_negative(seed, tensor.name, 0, tensor.count).double()
        for row, values in enumerate(found):
            result[row].index_add_(0, buckets, values[number].reshape(-1).double() * signs)
    return result


def compare(model: nn.Module, found: list[list[Tensor]], dimension: int, seeds: int) -> dict[str, Any]:
    exact = cosines(torch.stack([torch.cat([values.reshape(-1) for values in each]) for each in found]))
    chosen = [tensor for tensor, _ in sketched_tensors(model)]
    errors: dict[str, list[Tensor]] = {"spec_v1": [], "random_buckets": []}
    for seed in range(seeds):
        sketcher = Sketcher(chosen, dimension=dimension, seed=seed)
        errors["spec_v1"].append(cosines(torch.stack([sketcher.sketch(each) for each in found])) - exact)
        errors["random_buckets"].append(cosines(random_buckets(model, found, dimension, seed)) - exact)
    theory = ((1 - exact.square()).square() / dimension).mean().sqrt()
    return {
        "pairs": len(exact),
        "exact_cosines": [round(float(v), 4) for v in (exact.min(), exact.median(), exact.max())],
        "theory_sd": round(float(theory), 6),
        "one_over_root_k": round(1 / math.sqrt(dimension), 6),
        **{name: summary(torch.stack(each)) for name, each in errors.items()},
    }


def summary(errors: Tensor) -> dict[str, float]:
    """Bias with its standard error, and the standard deviation; ``errors`` has shape (seeds, pairs)."""
    by_seed = errors.mean(1)
    worst = (errors.mean(0) / errors.std(0)).abs().max()
    return {
        "bias": round(float(by_seed.mean()), 6),
        "bias_error": round(float(by_seed.std()) / math.sqrt(len(by_seed)), 6),
        "largest_pair_bias_in_errors": round(float(worst) * math.sqrt(len(errors)), 2),
        "sd": round(float(errors.std(0).square().mean().sqrt()), 6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with groups/*.txt.gz")
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--rows", type=int, default=8, help="rows of a gradient, and of a training step")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--dimension", type=int, default=8191)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    files = sorted(options.corpus.glob("groups/*.txt.gz"))
    sources = [ShuffledSource(ByteRows(str(f), length=CONTEXT + 1), name=f.name, seed=0) for f in files]

    def batch(number: int) -> list[Tensor]:
        places = range(number * options.rows, (number + 1) * options.rows)
        return [to_tensor([source.at(place) for place in places]) for source in sources]

    model = GPT(*SIZES[options.size])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    figures = {"step_0": compare(model, gradients(model, batch(0)), options.dimension, options.seeds)}
    for step in range(options.steps):
        model(batch(1 + step // len(sources))[step % len(sources)]).mean().backward()
        optimizer.step()
        optimizer.zero_grad()
    found = gradients(model, batch(0))
    figures[f"step_{options.steps}"] = compare(model, found, options.dimension, options.seeds)
    settings = {**vars(options), "corpus": options.corpus.name}
    settings["parameters"] = sum(p.numel() for p in model.parameters())
    print(json.dumps({"benchmark": "sketch_quality", "figures": figures, "settings": settings}))


if __name__ == "__main__":
    main()
