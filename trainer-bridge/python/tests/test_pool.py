"""Documents out of the bridge's pool."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from typing import Any

import pytest
import sluice
from conftest import until
from sluice.data import Mixer, ShuffledSource, Source
from sluice.errors import BridgeRefused, ConfigurationError, NoDocument, ProtocolError
from sluice.pool import Document, DocumentPool, PoolSource, decode_documents, encode_documents
from sluice.testing import FakeBridge


def texts(group: str, count: int, start: int = 0) -> dict[str, str]:
    return {f"{group}-{n}": f"text {n} of {group}" for n in range(start, start + count)}


def ids(source: PoolSource, first: int, count: int) -> list[str]:
    return [source.at(n).id for n in range(first, first + count)]


def test_documents_come_in_the_order_of_the_pool_and_again_when_there_is_no_other(bridge: FakeBridge) -> None:
    bridge.add_documents("code", texts("code", 3))
    with DocumentPool(bridge.endpoint) as pool:
        source = pool.source("code")
        assert ids(source, 0, 3) == ["code-0", "code-1", "code-2"]
        assert source.at(1).text == "text 1 of code"
        assert source.epoch(2) == 0
        assert source.at(4).id in texts("code", 3)
        assert source.epoch(4) == 1


def test_looking_ahead_uses_nothing_up(bridge: FakeBridge) -> None:
    bridge.add_documents("code", texts("code", 1))
    with DocumentPool(bridge.endpoint, ahead=8) as pool:
        source = pool.source("code")
        assert source.at(0).id == "code-0"
        bridge.add_documents("code", texts("code", 5, start=1))
        assert ids(source, 1, 5) == [f"code-{n}" for n in range(1, 6)]


def test_a_draw_of_a_group_without_documents_is_none_and_stays_so(bridge: FakeBridge) -> None:
    with DocumentPool(bridge.endpoint) as pool:
        source = pool.source("web")
        assert not source.ready(0, 2)
        bridge.add_documents("web", texts("web", 4))
        assert not source.ready(0, 2)
        with pytest.raises(NoDocument, match="draw 1 of web"):
            source.at(1)
        assert source.ready(2, 2)
        assert ids(source, 2, 2) == ["web-0", "web-1"]


def test_a_mixer_leaves_out_draws_without_documents(bridge: FakeBridge) -> None:
    bridge.add_documents("code", texts("code", 50))
    bridge.add_documents("books", texts("books", 50))
    with sluice.connect(bridge.endpoint) as run, DocumentPool(bridge.endpoint) as pool:
        sources = {group: pool.source(group) for group in run.spec.group_ids()}
        mixer = Mixer(run.spec, sources, rows=2)
        plan = run.plan(0)
        batch = mixer.batch(plan)
        expected = [(group, n) for group, n in zip(plan.draws, plan.occurrences, strict=True) if group != 2]
        assert [(micro.group, micro.occurrence) for micro in batch.micro_batches] == expected
        for micro in batch.micro_batches:
            assert [row.id for row in micro.rows] == [f"{micro.id}-{2 * micro.occurrence + row}" for row in (0, 1)]


def test_pools_and_other_sources_go_together(bridge: FakeBridge) -> None:
    bridge.add_documents("code", texts("code", 4))
    with sluice.connect(bridge.endpoint) as run, DocumentPool(bridge.endpoint) as pool:
        sources: dict[str, Source] = {
            group: ShuffledSource(["a", "b"], name=group, seed=1) for group in ("books", "web")
        }
        sources["code"] = pool.source("code")
        assert len(Mixer(run.spec, sources, rows=1).batch(run.plan(0)).micro_batches) == 8


def test_a_resumed_run_draws_what_its_checkpoint_had_not(bridge: FakeBridge) -> None:
    for group in ("books", "code", "web"):
        bridge.add_documents(group, texts(group, 500))

    def train(run: sluice.Run, until_step: int) -> list[str]:
        with DocumentPool(bridge.endpoint) as pool:
            mixer = Mixer(run.spec, {g: pool.source(g) for g in run.spec.group_ids()}, rows=3)
            drawn: list[str] = []
            for step in range(run.start_step, until_step):
                drawn += [row.id for micro in mixer.batch(run.plan(step)).micro_batches for row in micro.rows]
                run.end_step(step, 0.1)
            return drawn

    with sluice.connect(bridge.endpoint) as run:
        first = train(run, 4)
        state = run.state_dict()
    with sluice.connect(bridge.endpoint, state=state) as run:
        second = train(run, 8)
    everything = first + second
    assert len(everything) == len(set(everything)) == 8 * 8 * 3
    for group in ("books", "code", "web"):
        drawn = [int(name.split("-")[1]) for name in everything if name.startswith(group)]
        assert sorted(drawn) == list(range(len(drawn)))


def test_a_bridge_that_dies_in_the_middle_costs_no_document(bridge: FakeBridge) -> None:
    bridge.add_documents("code", texts("code", 40))
    with DocumentPool(bridge.endpoint, ahead=2) as pool:
        source = pool.source("code")
        drawn = ids(source, 0, 10)
        bridge.stop()
        revive = threading.Timer(0.2, bridge.start)
        revive.start()
        drawn += ids(source, 10, 30)
        revive.join()
    assert drawn == [f"code-{n}" for n in range(40)]


def test_a_bridge_that_stays_away_is_waited_for_as_long_as_told(bridge: FakeBridge) -> None:
    bridge.stop()
    with DocumentPool(bridge.endpoint, patience=0.0) as pool:
        assert not pool.source("code").ready(0, 1)
        assert pool.faults()["passed_over"] == 1
        until(lambda: pool.faults().get("documents", 0) > 0)


def test_what_a_checkpoint_no_longer_needs_is_released(bridge: FakeBridge) -> None:
    for group in ("books", "code", "web"):
        bridge.add_documents(group, texts(group, 500))
    with sluice.connect(bridge.endpoint) as run, DocumentPool(bridge.endpoint) as pool:
        for step in range(5):
            run.plan(step)
            run.end_step(step, 0.1)
        pool.release(run.state_dict(), rows=3)
        bridge.wait_for(lambda b: sum(b.released.values()) == 5 * 8 * 3)
        with pytest.raises(BridgeRefused, match="was released"):
            pool.source("code").at(0)
        assert pool.source("code").at(bridge.released["code"]).id == f"code-{bridge.released['code']}"


def read_first(pool: DocumentPool, queue: Any) -> None:
    queue.put(pool.source("code").at(0).id)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_have_a_connection_of_their_own(bridge: FakeBridge, method: str) -> None:
    bridge.add_documents("code", texts("code", 2))
    context: Any = multiprocessing.get_context(method)
    with DocumentPool(bridge.endpoint) as pool:
        assert pool.source("code").at(0).id == "code-0"
        queue = context.Queue()
        worker = context.Process(target=read_first, args=(pool, queue))
        worker.start()
        assert queue.get(timeout=60) == "code-0"
        worker.join()
        assert pool.source("code").at(1).id == "code-1"


def test_documents_survive_the_wire_exactly() -> None:
    documents = {5: Document("a", "source", "uri", 7, "größer\n\0", 3), 6: None, 7: Document("b", "", "", 0, "", 0)}
    assert decode_documents(encode_documents(documents)) == documents
    body = encode_documents(documents)
    for broken in (b"", b"SLS1" + body[4:], body[:-1], body + b"x", body[:25] + b"\xff" * 8 + body[33:-1]):
        with pytest.raises(ProtocolError):
            decode_documents(broken)


def test_arguments_that_cannot_be_are_refused(bridge: FakeBridge) -> None:
    with pytest.raises(ConfigurationError, match="ahead"):
        DocumentPool(bridge.endpoint, ahead=2000)
    with pytest.raises(ConfigurationError, match="patience"):
        DocumentPool(bridge.endpoint, patience=-1.0)
    assert isinstance(pickle.loads(pickle.dumps(DocumentPool(bridge.endpoint))), DocumentPool)
