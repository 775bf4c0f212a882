"""What stands in the curves."""

from __future__ import annotations

from sluice.data import IterableSource, ShuffledSource, Source
from sluice.tensorboard import MixtureWriter
from test_data import SPEC, schedule


class Scalars:
    def __init__(self) -> None:
        self.by_step: dict[int, dict[str, float]] = {}

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        self.by_step.setdefault(global_step, {})[tag] = scalar_value


def test_writes_when_the_plan_changes_and_every_few_steps() -> None:
    scalars, plans = Scalars(), schedule()
    writer = MixtureWriter(scalars, SPEC, every=10)
    for step in range(25):
        writer.end_step(plans.step(step))
    assert list(scalars.by_step) == [0, 10, 12, 20]
    assert [scalars.by_step[step]["mixture/version"] for step in (10, 12)] == [0, 1]
    assert [scalars.by_step[step]["mixture/code"] for step in (10, 12)] == [0.5, 0.1]
    assert [scalars.by_step[step]["mixture/age_steps"] for step in (0, 10, 12, 20)] == [0, 10, 0, 8]


def test_losses_are_means_since_the_last_time_and_tokens_are_totals() -> None:
    scalars, plans = Scalars(), schedule()
    writer = MixtureWriter(scalars, SPEC, every=1)
    for step, (loss, tokens) in enumerate(((20.0, 10), (30.0, 30))):
        writer.add(0, loss, tokens)
        writer.end_step(plans.step(step))
    assert [scalars.by_step[step]["train/loss/code"] for step in (0, 1)] == [2.0, 1.0]
    assert [scalars.by_step[step]["data/tokens/code"] for step in (0, 1)] == [10, 40]
    assert "train/loss/web" not in scalars.by_step[1]


def test_epochs_are_passes_over_a_sources_documents() -> None:
    scalars, plans = Scalars(), schedule()
    sources: dict[str, Source] = {"code": ShuffledSource(list(range(8)), name="code", seed=1)}
    writer = MixtureWriter(scalars, SPEC, every=9, sources=sources, rows=2)
    for step in range(10):
        writer.end_step(plans.step(step))
    # 10 steps of 4 draws, half of them of code, 2 rows each.
    assert scalars.by_step[9]["data/epochs/code"] == 40 / 8
    assert "data/epochs/web" not in scalars.by_step[9]


def test_a_source_without_a_length_counts_its_whole_passes() -> None:
    scalars, plans = Scalars(), schedule()
    source = IterableSource(lambda epoch: range(7), name="code", size=7)
    writer = MixtureWriter(scalars, SPEC, every=9, sources={"code": source}, rows=2)
    for step in range(10):
        writer.end_step(plans.step(step))
    assert scalars.by_step[9]["data/epochs/code"] == 40 // 7
