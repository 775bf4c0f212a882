"""Signals are the sums over tokens that they claim to be."""

from __future__ import annotations

from typing import Any

import pytest
import sluice
import torch
from conftest import until
from sluice.data import Mixer
from sluice.signals import HalfSums
from sluice.testing import FakeBridge
from sluice.torch import Signals, Sketcher
from sluice.torch.sketch import sketched_tensors
from tiny import TinyModel, bfloat16, rows_of, sources
from torch import Tensor

ROWS = 2


def bridge(**options: Any) -> FakeBridge:
    return FakeBridge(
        {"code": 0.5, "web": 0.5},
        targets={"held_out": 1.0},
        **{"draws_per_step": 4, "round_steps": 3, "sketch_dimension": 31, **options},
    )


def halves_of(fake: FakeBridge, round_: int) -> dict[tuple[str, int, int], HalfSums]:
    fake.wait_for(lambda b: len(b.rounds) > round_)
    return {half.key: half for r, half in fake.signals if r == round_}


def sketch_of(model: TinyModel, rows: Tensor, spec: sluice.RunSpec, moments: list[Tensor] | None = None) -> Tensor:
    """The sketch of the gradient of the summed loss, by a backward pass of its own."""
    chosen = sketched_tensors(model)
    sketcher = Sketcher([t for t, _ in chosen], dimension=spec.sketch_dimension, seed=spec.sketch_seed)
    if moments is not None:
        sketcher.precondition(moments)
    gradients = torch.autograd.grad(model(rows).sum(), [p for _, p in chosen])
    return sketcher.sketch(gradients)


def close(actual: Tensor, expected: Tensor, tolerance: float = 6e-3) -> bool:
    """Equal but for the rounding to bfloat16."""
    return float((actual - expected).norm() / expected.norm()) < tolerance


def test_a_rounds_signals_are_the_sums_of_its_micro_batches_and_sketches_of_its_last_step_stand_for_all() -> None:
    with bridge() as fake, sluice.connect(fake.endpoint) as run:
        model = TinyModel()
        mixer = Mixer(run.spec, sources(run.spec), rows=ROWS, collate=torch.stack)
        signals = Signals(run, model)
        expected: dict[tuple[int, int], list[Tensor]] = {}
        measured: dict[tuple[int, int], list[Tensor]] = {}
        for step in range(3):
            signals.begin_step(step)
            for micro in mixer.batch(run.plan(step)).micro_batches:
                losses = model(micro.rows)
                (losses.sum() * 0.01).backward()
                signals.add_group(micro.group, micro.part, losses, factor=0.01)
                expected.setdefault((micro.group, micro.part), []).append(micro.rows)
                if run.measures(step):
                    measured.setdefault((micro.group, micro.part), []).append(micro.rows)
            model.zero_grad()
            signals.end_step(step, 0.1)
        halves = halves_of(fake, 0)
        assert halves.keys() == {("group", group, part) for group, part in expected}
        for (group, part), batches in expected.items():
            half, rows = halves["group", group, part], torch.cat(batches)
            each = model(rows).detach().double()
            assert (half.tokens, half.sequences) == (each.numel(), len(rows))
            assert half.plans == [(0, each.numel())]
            assert abs(half.loss_sum - float(each.sum())) < 1e-3
            assert abs(half.loss_square_sum - float(each.square().sum())) < 1e-2
            if (group, part) in measured:
                some = torch.cat(measured[group, part])
                factor = len(rows) / len(some)
                assert close(bfloat16(half.sketch), factor * sketch_of(model, some, run.spec))
            else:
                assert half.sketch is None
        assert measured


def test_tokens_are_credited_to_the_plan_that_drew_them() -> None:
    with bridge(lease_steps=1) as fake:
        with sluice.connect(fake.endpoint) as run:
            model = TinyModel()
            signals = Signals(run, model, sketches=False)
            fake.publish({"code": 0.5, "web": 0.5}, effective_step=2)
            for step in range(3):
                until(lambda: run.schedule.through() >= step + 1)
                signals.begin_step(step)
                signals.add_group(1, 0, model(torch.stack(rows_of(step, 2))), factor=1.0)
                signals.end_step(step, 0.1)
            half = halves_of(fake, 0)["group", 1, 0]
        assert half.plans == [(0, 32), (1, 16)]
        assert half.sketch is None


def test_a_sparse_gradient_is_refused_by_its_name() -> None:
    with bridge(round_steps=1) as fake, sluice.connect(fake.endpoint) as run:
        model = TinyModel()
        model.embedding.sparse = True
        signals = Signals(run, model)
        signals.begin_step(0)
        losses = model(torch.stack(rows_of(3, 2)))
        losses.sum().backward()
        with pytest.raises(sluice.ConfigurationError, match="embedding.weight is sparse"):
            signals.add_group(0, 0, losses, factor=1.0)


def test_masked_tokens_do_not_count() -> None:
    with bridge(round_steps=1) as fake, sluice.connect(fake.endpoint) as run:
        model, rows = TinyModel(), torch.stack(rows_of(3, 2))
        mask = torch.zeros(2, 8)
        mask[1, :3] = 1
        signals = Signals(run, model)
        signals.begin_step(0)
        losses = model(rows)
        (losses * mask).sum().backward()
        signals.add_group(0, 1, losses, factor=1.0, mask=mask)
        signals.end_step(0, 0.1)
        half = halves_of(fake, 0)["group", 0, 1]
        assert (half.tokens, half.sequences) == (3, 1)
        assert abs(half.loss_sum - float(losses[1, :3].sum())) < 1e-5


def test_targets_and_probes_leave_the_gradients_at_hand_alone() -> None:
    with bridge(round_steps=1) as fake, sluice.connect(fake.endpoint) as run:
        model, rows = TinyModel(), [torch.stack(rows_of(seed, 2)) for seed in range(3)]
        signals = Signals(run, model)
        signals.begin_step(0)
        model(rows[0]).sum().backward()
        before = [(p.grad, p.grad.clone()) for p in model.parameters() if p.grad is not None]
        signals.measure_target(0, 0, model(rows[1]))
        signals.measure_group(1, 0, model(rows[2]))
        signals.add_group(1, 1, model(rows[2]), factor=1.0)
        signals.measure_group(1, 1, model(rows[2]))
        for parameter, (gradient, copy) in zip(model.parameters(), before, strict=True):
            assert parameter.grad is gradient
            assert torch.equal(gradient, copy)
        signals.end_step(0, 0.1)
        halves = halves_of(fake, 0)
        assert close(bfloat16(halves["target", 0, 0].sketch), sketch_of(model, rows[1], run.spec))
        assert close(bfloat16(halves["group", 1, 0].sketch), sketch_of(model, rows[2], run.spec))
        assert halves["target", 0, 0].plans == []
        assert halves["group", 1, 0].plans == [(0, 16)]
        assert halves["group", 1, 1].tokens == 16


def test_gradients_are_measured_where_the_step_measures_only() -> None:
    with bridge(round_steps=2) as fake, sluice.connect(fake.endpoint) as run:
        model, rows = TinyModel(), torch.stack(rows_of(3, 2))
        signals = Signals(run, model)
        signals.begin_step(0)
        with pytest.raises(sluice.ConfigurationError, match="run.measures"):
            signals.measure_target(0, 0, model(rows))
        asked: list[tuple[str, int, int]] = []

        def losses(name: str, round_: int, part: int) -> Tensor:
            asked.append((name, round_, part))
            return model(rows)

        signals.measure(0, targets=losses, groups=losses)
        assert asked == []
        signals.end_step(0, 0.1)
        signals.begin_step(1)
        signals.measure(1, targets=losses, groups=losses)
        drawn = {(group, occurrence & 1) for group, occurrence in zip(run.plan(1).draws, run.plan(1).occurrences)}
        rare = [j for j in (0, 1) if not {(j, 0), (j, 1)} <= drawn]
        names = ["held_out"] + [run.spec.groups[j].id for j in rare]
        assert asked == [(name, 0, part) for part in (0, 1) for name in names]
        signals.end_step(1, 0.1)


def test_the_preconditioner_is_that_before_the_step_that_measures() -> None:
    with bridge(round_steps=2) as fake, sluice.connect(fake.endpoint) as run:
        model = TinyModel()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
        signals = Signals(run, model, optimizer, precondition=True)
        rows = torch.stack(rows_of(5, 2))
        for step in range(4):
            signals.begin_step(step)
            if step == 3:
                moments = [optimizer.state[p]["exp_avg_sq"].clone() for p in model.parameters()]
                expected = sketch_of(model, rows, run.spec, moments)
            losses = model(rows)
            losses.sum().backward()
            signals.add_group(0, 0, losses, factor=1.0)
            optimizer.step()
            optimizer.zero_grad()
            signals.end_step(step, 0.1)
        # Both steps of the round counted; the one that measures stands for both.
        assert close(bfloat16(halves_of(fake, 1)["group", 0, 0].sketch), 2 * expected, tolerance=1e-2)


def test_every_round_begins_at_zero() -> None:
    with bridge(round_steps=1) as fake, sluice.connect(fake.endpoint) as run:
        model, rows = TinyModel(), torch.stack(rows_of(5, 2))
        signals = Signals(run, model)
        for step in range(2):
            signals.begin_step(step)
            losses = model(rows)
            losses.sum().backward()
            signals.add_group(0, 0, losses, factor=1.0)
            model.zero_grad()
            signals.end_step(step, 0.1)
        first, second = (halves_of(fake, round_)["group", 0, 0] for round_ in (0, 1))
        assert first.sketch == second.sketch
        assert (first.tokens, first.loss_sum) == (second.tokens, second.loss_sum)


def test_an_evaluation_is_a_mean_over_all_tokens() -> None:
    with bridge(round_steps=1) as fake, sluice.connect(fake.endpoint) as run:
        model = TinyModel()
        signals = Signals(run, model)
        with torch.no_grad():
            batches = [model(torch.stack(rows_of(seed, seed))) for seed in (1, 3)]
        signals.begin_step(0)
        mean = signals.evaluate("held_out", batches)
        signals.end_step(0, 0.1)
        fake.wait_for(lambda b: len(b.rounds) == 1)
        assert abs(mean - float(torch.cat(batches).mean())) < 1e-6
        assert fake.rounds[0]["evaluations"] == [{"target": 0, "loss": mean, "tokens": 32}]
