"""Schedules, plans and checkpoints, without a bridge."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from conftest import WEIGHTS

from sluice import Checkpoint, CheckpointError, NotScheduled, Plan, RunSpec, Schedule, SluiceError, Span
from sluice.schedule import decode_spans, encode_spans
from sluice.testing import FakeBridge

OTHER = {"books": 0.6, "code": 0.3, "web": 0.1}


@pytest.fixture
def spec(bridge: FakeBridge) -> RunSpec:
    return bridge.spec


def plan(version: int, weights: dict[str, float] = WEIGHTS) -> Plan:
    return Plan("run", 0, 0, "spec", version, version, "", 0, "policy", f"digest{version}", weights)


def fresh(spec: RunSpec, *, reader: bool = False) -> Schedule:
    return Schedule(spec, Checkpoint.start(spec, plan(0), 0, 0), reader=reader)


def changing(spec: RunSpec) -> Schedule:
    """Plan 0 for the steps 0 to 9, plan 1 for 10 to 29."""
    schedule = fresh(spec)
    schedule.append(Span(0, 9, 0, plan(0)))
    schedule.append(Span(10, 29, 10, plan(1, OTHER)))
    return schedule


def test_every_step_has_the_plan_of_its_span(spec: RunSpec) -> None:
    schedule = changing(spec)
    assert [schedule.step(step).version for step in (0, 9, 10, 29)] == [0, 0, 1, 1]


def test_an_occurrence_counts_a_groups_draws_since_step_zero(spec: RunSpec) -> None:
    schedule = changing(spec)
    seen: Counter[int] = Counter()
    for step in range(30):
        drawn = schedule.step(step)
        for group, occurrence in zip(drawn.draws, drawn.occurrences, strict=True):
            assert occurrence == seen[group]
            seen[group] += 1


def test_the_order_of_questions_changes_no_answer(spec: RunSpec) -> None:
    backwards, forwards = changing(spec), changing(spec)
    last = [backwards.step(step) for step in reversed(range(30))]
    assert last[::-1] == [forwards.step(step) for step in range(30)]


def test_a_step_that_was_named_keeps_its_plan(spec: RunSpec) -> None:
    schedule = changing(spec)
    schedule.append(Span(5, 29, 5, plan(2, OTHER)))
    assert schedule.step(29).version == 1


def test_a_gap_or_a_plan_from_nowhere_is_refused(spec: RunSpec) -> None:
    schedule = changing(spec)
    with pytest.raises(ValueError, match="steps 30 to 30 are missing"):
        schedule.append(Span(31, 40, 31, plan(2)))
    with pytest.raises(ValueError, match="does not agree"):
        schedule.append(Span(30, 40, 12, plan(2)))
    with pytest.raises(ValueError, match="groups"):
        schedule.append(Span(30, 40, 30, plan(2, {"books": 1.0})))
    assert schedule.through() == 29


def test_a_writer_holds_its_last_plan_beyond_the_end_and_a_reader_says_so(spec: RunSpec) -> None:
    writer = changing(spec)
    assert writer.step(35).version == 1
    assert writer.spans(29) == [Span(30, 35, 10, plan(1, OTHER), held=True)]
    with pytest.raises(NotScheduled, match="ends at step -1"):
        fresh(spec, reader=True).step(0)


def test_a_span_that_contradicts_what_was_held_is_found(spec: RunSpec) -> None:
    schedule = changing(spec)
    schedule.hold(35)
    assert schedule.conflict(Span(30, 40, 10, plan(1, OTHER))) is None
    assert schedule.conflict(Span(32, 40, 32, plan(2))) == 32


@pytest.mark.parametrize("next_step", [0, 1, 9, 10, 11, 17, 30])
def test_a_resumed_schedule_draws_the_same_groups_and_documents(spec: RunSpec, next_step: int) -> None:
    whole = changing(spec)
    expected = [whole.step(step) for step in range(30)]
    stored = json.loads(json.dumps(whole.checkpoint(next_step).to_json()))
    resumed = Schedule(spec, Checkpoint.from_json(stored))
    for span in whole.spans(next_step - 1):
        resumed.append(Span(max(span.from_step, next_step), span.through, span.first_step, span.plan))
    assert [resumed.step(step) for step in range(next_step, 30)] == expected[next_step:]


def test_a_checkpoint_is_the_same_after_old_steps_were_forgotten(spec: RunSpec) -> None:
    schedule, forgetful = changing(spec), changing(spec)
    forgetful.forget_before(4)
    forgetful.forget_before(13)
    assert forgetful.checkpoint(22) == schedule.checkpoint(22)
    with pytest.raises(NotScheduled):
        forgetful.step(12)
    with pytest.raises(NotScheduled):
        forgetful.checkpoint(12)


def test_checkpoints_of_other_runs_and_altered_ones_are_refused(spec: RunSpec) -> None:
    stored = changing(spec).checkpoint(20).to_json()
    for altered in (
        {**stored, "run": "other"},
        {**stored, "drawn": {**stored["drawn"], "web": 0}},
        {**stored, "counts": {"web": 3}},
    ):
        with pytest.raises(CheckpointError):
            Schedule(spec, Checkpoint.from_json(altered))
    hopeless: list[Any] = [{**stored, "format": 2}, {**stored, "plan": None}, {**stored, "next_step": -1}, [], None]
    for broken in hopeless:
        with pytest.raises(CheckpointError):
            Checkpoint.from_json(broken)


def test_spans_and_specs_come_back_exactly(spec: RunSpec) -> None:
    odd = plan(3, {"books": 0.1, "code": 0.2, "web": 0.7000000000000001})
    spans = [Span(0, 9, 0, odd), Span(10, 12, 0, odd, True), Span(13, 20, 13, plan(4, OTHER))]
    assert decode_spans(encode_spans(spans)) == spans
    assert RunSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


@pytest.mark.parametrize("garbage", [b"null", b"[1]", b"[5,1,0,false,null]\n", b"{", b"\xff", b"[" * 100_000])
def test_bytes_that_hold_no_spans_are_refused(garbage: bytes) -> None:
    with pytest.raises(SluiceError):
        decode_spans(garbage)


def test_counts_stay_within_one_draw_of_their_share(spec: RunSpec) -> None:
    schedule = fresh(spec)
    counts: Counter[int] = Counter()
    for step in range(200):
        counts.update(schedule.step(step).draws)
        for j, weight in enumerate(WEIGHTS.values()):
            assert abs(counts[j] - 8 * (step + 1) * weight) < 1
