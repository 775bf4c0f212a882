"""A trainer with a bridge that works, goes away, comes back, or talks nonsense."""

from __future__ import annotations

import gc
import json
import logging
import os
from typing import Any

import pytest
from conftest import WEIGHTS, until

import sluice
from sluice import Run, StepPlan
from sluice.testing import FakeBridge

OTHER = {"books": 0.6, "code": 0.3, "web": 0.1}


def take(run: Run, step: int) -> StepPlan:
    """Takes a step as a trainer does: every draw is recorded, and the target where the step measures."""
    plan = run.plan(step)
    for group, occurrence in zip(plan.draws, plan.occurrences, strict=True):
        name = run.spec.groups[group].id
        run.record(name, tokens=16, sequences=2, loss_sum=40.0, loss_square_sum=101.0, part=occurrence & 1)
    if run.measures(step):
        for part in (0, 1):
            run.record("held_out", kind="target", tokens=8, sequences=1, loss_sum=20.0, sketch=[0.5] * 31, part=part)
    run.end_step(step, 1e-3)
    return plan


def leased(run: Run) -> bool:
    """Whether the client has caught up with the trainer."""
    status = run.status()
    return status.connected and status.through >= status.step + run.spec.lease_steps


def take_leased(run: Run, steps: range) -> list[StepPlan]:
    """Takes steps no faster than the bridge leases them."""
    plans = []
    for step in steps:
        until(lambda: leased(run))
        plans.append(take(run, step))
    return plans


def test_a_plan_changes_in_the_middle_of_a_run(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        plans = take_leased(run, range(0, 8))
        bridge.publish(OTHER, effective_step=20)
        plans += take_leased(run, range(8, 40))
    assert [plan.version for plan in plans] == [0] * 20 + [1] * 20
    assert plans[20].plan.weights == OTHER
    assert run.status().held_steps == 0


def test_rounds_arrive_with_all_that_was_recorded(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        run.evaluation("held_out", 2.5, 100)
        plans = take_leased(run, range(0, 20))
    assert [ended["round"] for ended in bridge.rounds] == [0, 1]
    assert bridge.rounds[0]["evaluations"] == [{"target": 0, "loss": 2.5, "tokens": 100}]
    assert [bridge.rounds[1][name] for name in ("from_step", "through_step", "dropped")] == [10, 19, []]
    groups = [half for round_, half in bridge.signals if round_ == 0 and half.kind == "group"]
    assert sum(half.tokens for half in groups) == 16 * sum(len(plan.draws) for plan in plans[:10])
    assert all(half.plans == [(0, half.tokens)] for half in groups)
    targets = [half for round_, half in bridge.signals if round_ == 0 and half.kind == "target"]
    assert [(half.part, half.loss_sum, half.plans) for half in targets] == [(0, 20.0, []), (1, 20.0, [])]
    assert targets[0].sketch == b"\x00\x3f" * 31


def test_a_killed_bridge_is_outlived_and_found_again(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 12))
        until(lambda: run.status().rounds_sent == 1)
        named = run.schedule.through()
        bridge.stop()
        held = [take(run, step) for step in range(12, 43)]
        assert {plan.version for plan in held} == {0}
        assert run.status().held_steps == run.schedule.through() - named
        bridge.start()
        until(lambda: leased(run))
        assert bridge.attempts[1]["resume_step"] == named + 1
        assert bridge.attempts[1]["checkpoint"]["plan"] == held[0].plan.to_json()
        bridge.publish(OTHER, effective_step=55)
        later = take_leased(run, range(43, 60))
    assert [plan.version for plan in later] == [0] * 12 + [1] * 5
    # The round that holds the resume step is lost with the old attempt; whole ones after it are sent.
    assert [ended["round"] for ended in bridge.rounds] == [0, 2, 3, 4, 5]
    status = run.status()
    assert (status.attempts, status.rounds_sent, status.rounds_dropped) == (2, 5, 1)


def test_a_lost_answer_begins_a_new_attempt_at_the_first_step_that_nobody_named(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 5))
        until(lambda: leased(run))
        named = run.schedule.through()
        bridge.publish(OTHER, effective_step=named + 1)
        bridge.lose_next_response()
        take(run, 5)
        until(lambda: run.status().attempts == 2 and leased(run))
        plans = take_leased(run, range(6, 30))
    assert bridge.attempts[1]["resume_step"] == named + 1
    # What the lost lease had sealed for the first attempt does not hold for the second.
    assert {plan.version for plan in plans} == {0}


def test_a_step_that_was_held_keeps_its_plan_when_a_late_answer_says_otherwise(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 5))
        until(lambda: leased(run))
        bridge.publish(OTHER, effective_step=11)
        bridge.stall()
        held = [take(run, step) for step in range(5, 20)]
        bridge.go_on()
        until(lambda: run.status().attempts == 2 and leased(run))
        again = [run.plan(step) for step in range(11, 20)]
    assert again == held[6:]
    assert run.status().faults["overtaken"] == 1
    assert bridge.attempts[1]["resume_step"] == 11


def test_a_late_answer_that_agrees_with_what_was_held_changes_nothing(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 5))
        bridge.stall()
        for step in range(5, 20):
            take(run, step)
        bridge.go_on()
        until(lambda: leased(run))
    assert run.status().held_steps > 0
    assert run.status().attempts == 1


def json_answer(body: bytes, status: int = 200) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


LEASE = b'{"spans": [%b], "sealed_through": 99, "attempt": 1, "state": "connected"}'


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\xff" * 40_000,
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        json_answer(b"null"),
        json_answer(b"{}"),
        json_answer(b'{"spans": NaN}'),
        json_answer(b"[" * 200_000),
        json_answer(b'{"a": ' + b"9" * 10_000 + b"}"),
        json_answer(LEASE % b""),
        json_answer(LEASE % b'{"from": 0, "through": 9000, "version": 0, "first_step": 0, "plan": null}'),
        json_answer(LEASE % b'{"from": 11, "through": 20, "version": 7, "first_step": 11, "plan": null}'),
        json_answer(LEASE % b'{"from": 11, "through": 20, "version": 1, "first_step": 11, "plan": {"weights": {}}}'),
        json_answer(b"<html>", 500),
        json_answer(b'{"error": {"code": "store", "message": "full", "remedy": "free it"}}', 507),
        json_answer(b'{"error": 5}', 503),
    ],
    ids=range(17),
)
def test_whatever_a_bridge_answers_training_goes_on(bridge: FakeBridge, answer: bytes) -> None:
    with sluice.connect(bridge.endpoint) as run:
        bridge.answer_with(answer)
        for step in range(25):
            assert len(take(run, step).draws) == 8
        until(lambda: run.status().faults != {})
        bridge.go_on()
        until(lambda: leased(run))


def test_rounds_that_find_no_room_are_dropped_and_counted(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        bridge.stop()
        for step in range(400):
            take(run, step)
            assert len(run._client.rounds) <= 16
        # 40 rounds ended: 4 wait with their signals, and the other 36 gave up 3 groups and a target, two halves each.
        until(lambda: run.status().dropped_signals == 36 * 8)
        until(lambda: len(run._client.rounds) == 8)
        until(lambda: run.schedule.base.next_step > 300)


def test_signals_that_cannot_be_are_named_as_dropped(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        for step in range(10):
            run.plan(step)
            run.record("web", tokens=4, sequences=1, loss_sum=float("nan") if step == 3 else 1.0, part=1)
            run.record("web", tokens=4, sequences=1, loss_sum=1.0, part=0)
            run.record("code", tokens=4, sequences=1, loss_sum=1.0, sketch=[float("inf")] * 31, part=0)
            run.end_step(step, 1e-3)
    [ended] = bridge.rounds
    assert ended["dropped"] == [{"kind": "group", "index": 1, "part": 0}, {"kind": "group", "index": 2, "part": 1}]
    assert [(half.index, half.part) for _, half in bridge.signals] == [(2, 0)]
    assert run.status().dropped_signals == 2


def test_submitted_halves_are_sent_and_a_failing_source_costs_only_its_own(bridge: FakeBridge) -> None:
    def failing() -> Any:
        yield sluice.HalfSums("group", 1, 0, 8, 1, 2.0, 3.0, [(0, 8)], b"\x00\x3f" * 31)
        raise RuntimeError("the device is gone")

    with sluice.connect(bridge.endpoint) as run:
        for step in range(10):
            run.plan(step)
            if run.ends_round(step):
                run.submit(failing)
                run.submit(lambda: [sluice.HalfSums("target", 0, 1, 8, 1, 2.0, 3.0)])
            run.end_step(step, 1e-3)
    assert [(half.kind, half.index, half.part) for _, half in bridge.signals] == [("group", 1, 0), ("target", 0, 1)]
    assert bridge.rounds[0]["dropped"] == []
    assert run.status().faults == {"signals": 1}


def test_large_sketches_go_in_requests_of_bounded_size() -> None:
    with FakeBridge(WEIGHTS, round_steps=1, sketch_dimension=65_521) as bridge:
        with sluice.connect(bridge.endpoint) as run:
            run.plan(0)
            for group in WEIGHTS:
                for part in (0, 1):
                    run.record(group, tokens=1, sequences=1, loss_sum=1.0, sketch=[1.5] * 65_521, part=part)
            run.end_step(0, 1e-3)
        assert len(bridge.signals) == 6
        assert {half.sketch for _, half in bridge.signals} == {b"\xc0\x3f" * 65_521}


def test_mistakes_in_the_loop_are_counted_and_not_raised(bridge: FakeBridge, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "sluice"), sluice.connect(bridge.endpoint) as run:
        run.record("unknown", tokens=1, sequences=1, loss_sum=1.0, part=0)
        run.record("web", tokens=0, sequences=1, loss_sum=1.0, part=0)
        run.record("web", tokens=1, sequences=1, loss_sum=1.0, part=2)
        run.record("web", tokens=1, sequences=1, loss_sum=1.0, part=0, sketch=[0.0])
        run.record("web", kind="file", tokens=1, sequences=1, loss_sum=1.0, part=0)
        run.record("web", tokens=1, sequences=1, loss_sum="high", part=0)  # type: ignore[arg-type]
        run.evaluation("unknown", 1.0, 1)
        run.evaluation("held_out", float("nan"), 1)
        assert len(run.plan(10**12).draws) == 8
        assert len(run.plan(-1).draws) == 8
        run.end_step(5, 1e-3)
        run.end_step(0, 1e-3)
        run.end_step(10**12, 1e-3)
        faults = run.status().faults
        assert run.status().step == 6
    assert faults == {"record": 8, "plan": 2, "step": 3}
    assert [record.name for record in caplog.records] == ["sluice"] * 3


def test_a_session_that_another_trainer_took_is_told_and_the_mixture_stays(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 3))
        bridge.end_session()
        take(run, 3)
        until(lambda: run.status().state == "fenced")
        assert {take(run, step).version for step in range(4, 40)} == {0}
        assert len(bridge.attempts) == 1


def test_a_second_trainer_is_refused(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint):
        with pytest.raises(sluice.BridgeRefused) as refused:
            sluice.connect(bridge.endpoint)
    assert (refused.value.status, refused.value.code) == (409, "trainer_connected")


def test_a_run_that_is_dropped_without_being_closed_makes_room_for_another(bridge: FakeBridge) -> None:
    take(sluice.connect(bridge.endpoint), 0)
    gc.collect()

    def connects() -> bool:
        try:
            sluice.connect(bridge.endpoint).close()
        except sluice.BridgeRefused:
            return False
        return True

    until(connects)


def test_without_bridge_and_state_there_is_nothing_to_begin_on(tmp_path: Any) -> None:
    with pytest.raises(sluice.BridgeUnavailable, match="sluice bridge"):
        sluice.connect(f"unix:{tmp_path}/none.sock", timeout=0.01)


@pytest.mark.parametrize(
    "bad", ["", "ftp://x", "unix:", "http://10.0.0.1:80", "http://localhost", "http://[::1]:99999"]
)
def test_an_endpoint_that_is_none_is_refused(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_BRIDGE", "neither")
    with pytest.raises(sluice.ConfigurationError):
        sluice.connect(bad)


@pytest.mark.parametrize("stop_at", [0, 7, 20, 33])
def test_a_resumed_run_draws_the_same_groups_and_documents(bridge: FakeBridge, stop_at: int) -> None:
    with sluice.connect(bridge.endpoint) as run:
        bridge.publish(OTHER, effective_step=18)
        take_leased(run, range(stop_at))
        until(lambda: leased(run))
        state = json.loads(json.dumps(run.state_dict()))
        expected = [run.plan(step) for step in range(stop_at, stop_at + 5)]
    with sluice.connect(bridge.endpoint, state=state) as resumed:
        assert resumed.start_step == stop_at
        assert take_leased(resumed, range(stop_at, stop_at + 5)) == expected
    assert {plan.version for plan in expected} == {1 if stop_at > 18 else 0}
    assert bridge.attempts[-1]["checkpoint"]["next_step"] == stop_at


def test_a_state_is_enough_to_begin_and_the_bridge_is_attached_when_it_comes(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 13))
        state = run.state_dict()
        expected = [run.plan(step) for step in range(13, 20)]
    bridge.stop()
    with sluice.connect(bridge.endpoint, state=state, timeout=0.01) as resumed:
        assert [take(resumed, step) for step in range(13, 20)] == expected
        assert not resumed.status().connected
        bridge.start()
        until(lambda: leased(resumed))
    assert bridge.attempts[-1]["resume_step"] == 13


def test_a_state_may_be_loaded_before_the_first_step_and_not_later(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 13))
        state = run.state_dict()
        expected = [run.plan(step) for step in range(13, 18)]
        with pytest.raises(sluice.CheckpointError, match="before the first step"):
            run.load_state_dict(state)
    with sluice.connect(bridge.endpoint) as resumed:
        resumed.load_state_dict(state)
        assert take_leased(resumed, range(13, 18)) == expected
    assert [attempt["resume_step"] for attempt in bridge.attempts] == [0, 0, 13]


@pytest.mark.parametrize("state", [{}, {"format": 1}, {"format": 1, "spec": {}}, {"format": 2}, []])
def test_a_state_that_is_none_is_refused(bridge: FakeBridge, state: Any) -> None:
    with pytest.raises(sluice.CheckpointError):
        sluice.connect(bridge.endpoint, state=state)


def test_a_loader_that_asks_ahead_does_not_outrun_the_leases(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint, prefetch_steps=16) as run:
        bridge.publish(OTHER, effective_step=0)
        versions = []
        for step in range(0, 80):
            until(lambda: run.status().through >= run.status().step + 16 + run.spec.lease_steps)
            run.plan(step + 16)
            versions.append(take(run, step).version)
        assert run.status().held_steps == 0
        assert run.status().attempts == 1
    assert versions[-1] == 1


def test_the_round_in_which_the_bridge_came_back_is_ended_as_dropped(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 16))
        bridge.stop()
        for step in range(16, 35):
            take(run, step)
        bridge.start()
        take_leased(run, range(35, 60))
        until(lambda: bool(bridge.rounds) and bridge.rounds[-1]["round"] == 5)
        resumed = run.status().attempts
    rounds = [told["round"] for told in bridge.rounds]
    assert resumed == 2
    assert rounds == sorted(set(rounds))
    first = next(told for told in bridge.rounds if told["from_step"] % run.spec.round_steps)
    assert first["dropped"] and set(rounds) >= set(range(first["round"], 6))


def test_a_checkpoint_that_is_saved_last_is_told_before_the_run_closes(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 10))
        run.checkpoint_saved()
    assert bridge.saved == [10]
    assert [told["round"] for told in bridge.rounds] == [0]


def test_a_finished_run_is_told_last_and_a_closed_one_is_not(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 10))
    assert bridge.finished == []
    run = sluice.connect(bridge.endpoint)
    take_leased(run, range(0, 10))
    run.checkpoint_saved()
    run.finish()
    run.close()
    assert bridge.saved == [10]
    assert bridge.finished == [10]
    assert [told["round"] for told in bridge.rounds] == [0, 0]


def test_steps_that_were_held_are_sealed_by_the_trainers_next_life(bridge: FakeBridge) -> None:
    run = sluice.connect(bridge.endpoint)
    take_leased(run, range(0, 16))
    assert run.state_dict()["unsealed"] is None
    bridge.stop()
    taken = [take(run, step) for step in range(16, 40)]
    state = json.loads(json.dumps(run.state_dict()))
    run.close()
    first = state["unsealed"]["next_step"]
    assert 16 <= first < 40

    bridge.start()
    with sluice.connect(bridge.endpoint, state=state) as resumed:
        assert resumed.start_step == 40
        until(lambda: leased(resumed))
        assert bridge.attempts[-1]["resume_step"] == first
        assert bridge.leases[-1]["through_step"] >= 40
        bridge.publish(OTHER, effective_step=0)
        plans = take_leased(resumed, range(40, 80))
        assert resumed.status().held_steps == 0
        assert resumed.state_dict()["unsealed"] is None
    assert plans[0].plan == taken[-1].plan
    assert plans[-1].plan.weights == OTHER


def test_a_learning_rate_that_is_no_number_costs_nothing_else(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        for step in range(0, 20):
            until(lambda: leased(run))
            run.plan(step)
            run.end_step(step, float("nan"))
        assert run.state_dict()["checkpoint"]["next_step"] == 20
        until(lambda: [told["round"] for told in bridge.rounds] == [0, 1])
    assert {told["learning_rate"] for told in bridge.rounds} == {0.0}


def test_a_state_that_is_refused_changes_nothing(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        state = run.state_dict()
        state["checkpoint"] = {**state["checkpoint"], "run": "another"}
        with pytest.raises(sluice.CheckpointError):
            run.load_state_dict(state)
        take_leased(run, range(0, 12))
        assert run.status().held_steps == 0


def test_saved_checkpoints_are_told_to_the_bridge(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 12))
        run.checkpoint_saved()
        take_leased(run, range(12, 24))
        run.checkpoint_saved()
        until(lambda: bridge.saved == [12, 24])


def test_another_number_of_ranks_takes_the_same_draws(bridge: FakeBridge) -> None:
    def drawn_by(ranks: int, plan: StepPlan) -> list[tuple[int, int]]:
        share = len(plan.draws) // ranks
        pairs = list(zip(plan.draws, plan.occurrences, strict=True))
        return [pair for rank in range(ranks) for pair in pairs[rank * share : (rank + 1) * share]]

    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 6))
        state = run.state_dict()
        expected = [drawn_by(2, run.plan(step)) for step in range(6, 11)]
    with sluice.connect(bridge.endpoint, state=state) as resumed:
        assert [drawn_by(4, resumed.plan(step)) for step in range(6, 11)] == expected


def test_a_forked_process_reads_what_its_parent_schedules(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint) as run:
        take_leased(run, range(0, 8))
        ask, told = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.read(ask[0], 1)
                run.record("web", tokens=1, sequences=1, loss_sum=1.0, part=0)
                run.end_step(8, 1e-3)
                drawn = [[run.plan(step).version, *run.plan(step).draws] for step in range(15, 25)]
                os.write(told[1], json.dumps([run.status().state, drawn]).encode())
                run.close()
            finally:
                os._exit(0)
        bridge.publish(OTHER, effective_step=20)
        take_leased(run, range(8, 20))
        until(lambda: leased(run))
        os.write(ask[1], b"!")
        os.waitpid(child, 0)
        state, drawn = json.loads(os.read(told[0], 65_536))
        assert state == "reader"
        assert drawn == [[run.plan(step).version, *run.plan(step).draws] for step in range(15, 25)]
        assert [versions[0] for versions in drawn] == [0] * 5 + [1] * 5
        assert run.status().attempts == 1


def test_prefetched_steps_are_scheduled_whatever_the_bridge_does(bridge: FakeBridge) -> None:
    with sluice.connect(bridge.endpoint, prefetch_steps=30) as run:
        bridge.stop()
        for step in range(50):
            take(run, step)
            assert run.schedule.through() >= step + 1 + 30
