"""The vectors that Java and Python share."""

from __future__ import annotations

import hashlib
import json
import struct
from array import array
from pathlib import Path
from typing import Any

import pytest

from sluice import bf16
from sluice.hashes import fnv1a, mix64
from sluice.plan import Plan
from sluice.sampler import Sampler

np = pytest.importorskip("numpy")

FOLDER = Path(__file__).parents[3] / "state/core/src/test/resources/vectors"


def vectors(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def plan_of(run: str, groups: list[str], version: int, shares: list[int]) -> Plan:
    weights = {group: share / sum(shares) for group, share in zip(groups, shares, strict=True)}
    return Plan(run, 1, 1, "spec", 0, version, "", 0, "policy", f"digest{version}", weights)


def groups_of(case: dict[str, Any]) -> list[str]:
    named = case["groups"]
    return named if isinstance(named, list) else [f"g{j:05d}" for j in range(named)]


def plans_of(case: dict[str, Any]) -> list[tuple[int, Plan]]:
    groups = groups_of(case)
    return [
        (
            told["first_step"],
            plan_of(
                case["run"],
                groups,
                told["version"],
                told.get("shares") or [(7919 * j + 104729 * told["version"]) % 1000 for j in range(len(groups))],
            ),
        )
        for told in case["plans"]
    ]


def draws(case: dict[str, Any], steps: range, vector: bool) -> list[tuple[int, ...]]:
    sampler = Sampler(case["seed"], case["run"], case["draws_per_step"], groups_of(case), vector)
    plans = plans_of(case)
    taken = []
    for step in steps:
        first_step, plan = max((held for held in plans if held[0] <= step), key=lambda held: held[0])
        taken.append(sampler.draws(plan, first_step, step))
    return taken


def test_hashes_are_those_of_java() -> None:
    told = vectors("hashes.json")
    for case in told["fnv1a"]:
        assert fnv1a(case["text"]) == int(case["hash"], 16)
    for case in told["mix64"]:
        assert mix64(case["seed"], int(case["h"], 16), int(case["i"], 16)) == int(case["word"], 16)


@pytest.mark.parametrize("vector", [False, True], ids=["python", "numpy"])
def test_draws_are_those_of_java(vector: bool) -> None:
    for case in vectors("sampler.json")["cases"]:
        if "draws" in case:
            first = case["plans"][0]["first_step"]
            taken = draws(case, range(first, first + len(case["draws"])), vector)
            assert [list(step) for step in taken] == case["draws"]


@pytest.mark.parametrize(("run", "vector"), [("long", False), ("wide", True)])
def test_long_and_wide_runs_draw_as_java_does(run: str, vector: bool) -> None:
    [case] = [case for case in vectors("sampler.json")["cases"] if case["run"] == run]
    digest = hashlib.sha256()
    for step in draws(case, range(case["from"], case["through"] + 1), vector):
        digest.update(struct.pack(f"<{len(step)}I", *step))
    assert digest.hexdigest() == case["sha256"]


def test_both_assignments_agree_on_many_groups() -> None:
    [case] = [case for case in vectors("sampler.json")["cases"] if case["run"] == "wide"]
    assert draws(case, range(5), vector=False) == draws(case, range(5), vector=True)


def test_signs_and_buckets_are_those_of_java() -> None:
    from sluice.sketch import buckets, negative

    for case in vectors("sketch.json")["elements"]:
        [shard] = case["shards"]
        tensor = fnv1a(shard["tensor"])
        signs = negative(case["seed"], tensor, shard["offset"], shard["elements"])
        assert "".join("-" if minus else "+" for minus in signs) == case["signs"]
        taken = buckets(tensor, shard["offset"], shard["elements"], case["dimension"])
        assert taken.tolist() == case["buckets"]


def test_sums_of_sketches_are_those_of_java_in_every_bit() -> None:
    from sluice.sketch import GradientSketch

    for case in vectors("sketch.json")["sums"]:
        sketch = GradientSketch(case["dimension"], case["seed"])
        for shard in case["shards"]:
            index = np.arange(shard["offset"], shard["offset"] + shard["elements"])
            values = ((40503 * index + 12345) % 65536 - 32768) / 32768
            sketch.add(shard["tensor"], values, shard["offset"])
        assert sketch.to_array().tolist() == case["sums"]


def test_bfloat16_is_rounded_as_java_does_with_and_without_numpy() -> None:
    pairs = vectors("bf16.json")["pairs"]
    singles = array("f", struct.pack(f"<{len(pairs)}I", *(int(pair["float32"], 16) for pair in pairs)))
    expected = struct.pack(f"<{len(pairs)}H", *(int(pair["bfloat16"], 16) for pair in pairs))
    assert bf16.encode(np.frombuffer(singles, dtype=np.float32)) == expected
    assert bf16.encode_plain(singles) == expected
    assert bf16.encode(bf16.decode(expected)) == expected
