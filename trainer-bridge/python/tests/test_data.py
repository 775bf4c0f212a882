"""Documents by occurrence: nothing skipped, nothing repeated, whatever ranks and weights are."""

from __future__ import annotations

import gzip
import json
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from sluice.data import (
    ByteRows,
    IterableSource,
    Mixer,
    Permutation,
    ShuffledSource,
    TextFiles,
    find_files,
    open_documents,
)
from sluice.errors import ConfigurationError
from sluice.plan import Checkpoint, Plan, RunSpec, Span
from sluice.schedule import Schedule


def order(size: int, key: int) -> list[int]:
    permutation = Permutation(size, key)
    return [permutation[place] for place in range(len(permutation))]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 16, 17, 1000])
def test_a_permutation_holds_every_place_once(size: int) -> None:
    assert sorted(order(size, 5)) == list(range(size))


def test_permutations_of_two_keys_are_unrelated() -> None:
    same = sum(a == b for a, b in zip(order(1000, 1), order(1000, 2), strict=True))
    assert same < 10  # one place is expected to agree


def test_a_permutation_of_a_trillion_needs_no_memory() -> None:
    assert len({Permutation(10**12, 3)[place] for place in range(1000)}) == 1000


def test_neighbours_are_torn_apart() -> None:
    places = order(10_000, 11)
    near = sum(abs(a - b) < 100 for a, b in zip(places, places[1:], strict=False))
    assert near < 400  # about 199 are expected of a random order


def test_each_pass_takes_every_document_once_in_an_order_of_its_own() -> None:
    source = ShuffledSource(list(range(100)), name="web", seed=17)
    first, second = ([source.at(100 * epoch + n) for n in range(100)] for epoch in (0, 1))
    assert sorted(first) == sorted(second) == list(range(100))
    assert first != second
    assert [source.epoch(n) for n in (0, 99, 100, 250)] == [0, 0, 1, 2]


def test_the_order_depends_on_the_name_and_the_seed() -> None:
    orders = {
        tuple(ShuffledSource(list(range(50)), name=name, seed=seed).at(n) for n in range(50))
        for name, seed in (("web", 1), ("web", 2), ("code", 1), ("web", 1))
    }
    assert len(orders) == 3


def test_an_empty_source_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="web has no document"):
        ShuffledSource([], name="web", seed=0)


class Stream:
    """Counts what is taken; can skip when told so."""

    def __init__(self, epoch: int, taken: list[int], skipped: int = 0) -> None:
        self.epoch, self.taken, self.skipped = epoch, taken, skipped

    def __iter__(self) -> Any:
        for n in range(self.skipped, 5):
            self.taken.append(n)
            yield 10 * self.epoch + n

    def skip(self, count: int) -> Stream:
        return Stream(self.epoch, self.taken, self.skipped + count)


def test_an_iterable_is_opened_anew_for_each_pass() -> None:
    source = IterableSource(lambda epoch: Stream(epoch, []), name="web")
    assert [source.at(n) for n in range(12)] == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21]
    assert source.epoch(11) == 2


@pytest.mark.parametrize("size", [None, 5])
def test_an_iterable_goes_to_any_occurrence(size: int | None) -> None:
    source = IterableSource(lambda epoch: Stream(epoch, []), name="web", size=size)
    assert [source.at(n) for n in (3, 1, 13, 12, 2)] == [3, 1, 23, 22, 2]


def test_an_iterable_that_can_skip_does_not_take_what_lies_between() -> None:
    taken: list[int] = []
    source = IterableSource(lambda epoch: Stream(epoch, taken), name="web", size=5)
    assert source.at(13) == 23
    assert taken == [3]


def test_an_iterable_that_ends_early_is_an_error_rather_than_a_loop() -> None:
    source = IterableSource(lambda epoch: [] if epoch else ["a"], name="web")
    assert source.at(0) == "a"
    with pytest.raises(ConfigurationError, match="pass 1 of web"):
        source.at(1)


def test_text_files_are_cut_at_the_separator(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("eins\n\f\nzwö\n\f\n".encode())
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"three\n\f\nfour\n"))
    documents = TextFiles(str(tmp_path / "*"))
    assert [documents[n] for n in range(len(documents))] == ["eins", "zwö", "three", "four\n"]


def test_separators_are_found_across_the_pieces_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sluice.data._SCAN", 3)
    (tmp_path / "a.txt").write_bytes(b"abcd\n\f\n\n\f\n\nef\n\f\ng")
    documents = TextFiles(str(tmp_path / "a.txt"))
    assert [documents[n] for n in range(len(documents))] == ["abcd", "", "\nef", "g"]


def test_json_lines_give_their_field(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"body": text}) + "\n" for text in ("x", "y\n")))
    documents = TextFiles([str(tmp_path / "*.jsonl")], field="body")
    assert [documents[n] for n in range(len(documents))] == ["x", "y\n"]
    with pytest.raises(ConfigurationError, match="'text'"):
        TextFiles(str(tmp_path / "*.jsonl"))[0]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_blank_lines_are_no_documents(tmp_path: Path, suffix: str) -> None:
    lines = b'\n \r\n{"text": "one"}\n\n\t\n{"text": "two"}\r\n{"text": "three"}\n\n  '
    (tmp_path / f"a.jsonl{suffix}").write_bytes(gzip.compress(lines) if suffix else lines)
    (tmp_path / "b.jsonl").write_bytes(b"\n\n")
    (tmp_path / "c.jsonl").write_bytes(b'{"text": "four"}')
    documents = TextFiles(str(tmp_path / "*"))
    assert [documents[n] for n in range(len(documents))] == ["one", "two", "three", "four"]


@pytest.mark.parametrize("bad", [b"{not JSON", b'["a list"]', b'{"text": 3}', b'{"text": "\xff"}'])
def test_a_bad_line_is_named(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "one"}\n' + bad + b"\n")
    documents = TextFiles(str(tmp_path / "a.jsonl"))
    assert documents[0] == "one"
    with pytest.raises(ConfigurationError, match=r"a\.jsonl, document 2: "):
        documents[1]


def test_places_count_from_the_front_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\n\f\ntwo")
    documents = TextFiles(str(tmp_path / "a.txt"))
    for place in (-1, 2):
        with pytest.raises(IndexError):
            documents[place]


def test_files_are_opened_anew_by_each_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\n\f\ntwo")
    documents = TextFiles(str(tmp_path / "a.txt"))
    assert documents[1] == "two"
    assert pickle.loads(pickle.dumps(documents))[0] == "one"


def test_a_pattern_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no file matches"):
        find_files(str(tmp_path / "*.txt"))


def test_the_path_of_a_file_is_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "data[v2]"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"one")
    assert find_files(str(folder / "a.txt")) == [folder / "a.txt"]


def test_byte_rows_share_one_byte_with_their_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abcdefgh")
    rows = ByteRows(str(tmp_path / "a.txt"), length=4)
    assert list(rows[n] for n in range(len(rows))) == [b"abcd", b"defg"]


def test_a_declaration_says_where_documents_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    assert len(open_documents({"files": str(tmp_path / "a.txt")})) == 1
    for wrong in ({}, {"file": "x"}, {"files": str(tmp_path / "a.txt"), "fields": "x"}):
        with pytest.raises(ConfigurationError, match="data"):
            open_documents(wrong)


def data_sets(monkeypatch: pytest.MonkeyPatch, load: Any) -> None:
    """Stands in for the library ``datasets``."""
    library = types.ModuleType("datasets")
    library.load_dataset = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "datasets", library)


def test_a_data_set_of_hugging_face_gives_a_field_of_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def load(name: str, config: str | None, *, split: str) -> list[dict[str, Any]]:
        asked.append((name, config, split))
        return [{"text": "one", "body": "two"}, {"text": None}]

    data_sets(monkeypatch, load)
    documents = open_documents({"huggingface": "org/web"})
    assert (len(documents), documents[0]) == (2, "one")
    assert open_documents({"huggingface": "org/web", "config": "en", "split": "dev", "field": "body"})[0] == "two"
    assert asked == [("org/web", None, "train"), ("org/web", "en", "dev")]
    with pytest.raises(ConfigurationError, match="org/web, row 1: .*'text'"):
        documents[1]


def test_what_the_library_says_is_told_as_an_error_of_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, config: str | None, *, split: str) -> Any:
        raise FileNotFoundError(f"{name} is nowhere")

    data_sets(monkeypatch, load)
    with pytest.raises(ConfigurationError, match="org/web is nowhere"):
        open_documents({"huggingface": "org/web"})
    with pytest.raises(ConfigurationError, match="unexpected keyword"):
        open_documents({"huggingface": "org/web", "revision": "main"})
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ConfigurationError, match="install it"):
        open_documents({"huggingface": "org/web"})


def test_a_data_set_of_mosaicml_lies_in_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    library = types.ModuleType("streaming")
    library.LocalDataset = lambda local: [local]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "streaming", library)
    assert open_documents({"mosaicml": "/data/mds"})[0] == "/data/mds"
    with pytest.raises(ConfigurationError, match="s3://bucket/mds is not on this machine: copy"):
        open_documents({"mosaicml": "s3://bucket/mds"})


SPEC = RunSpec.from_json(
    {
        "protocol": 1,
        "run": "r",
        "digest": "d",
        "mode": "control",
        "seed": 17,
        "draws_per_step": 4,
        "lease_steps": 5,
        "rounds": {"steps": 10, "lead_steps": 5, "warm_up_steps": 0},
        "sketch": {"version": 1, "dimension": 101, "seed": 7},
        "policy": {"name": "static", "options": {}},
        "groups": [{"id": id_, "prior": 0.5, "floor": 0, "cap": 1, "data": {}} for id_ in ("code", "web")],
        "targets": [],
    }
)


def plan(version: int, code: float) -> Plan:
    weights = {"code": code, "web": 1 - code}
    return Plan("r", -1, -1, "d", -1, version, "", 0, "prior", str(version), weights)


def schedule() -> Schedule:
    first = plan(0, 0.5)
    result = Schedule(SPEC, Checkpoint.start(SPEC, first, 0, 0))
    result.append(Span(0, 11, 0, first, False))
    result.append(Span(12, 40, 12, plan(1, 0.1), False))
    return result


def sources() -> dict[str, ShuffledSource]:
    return {id_: ShuffledSource([f"{id_}{n}" for n in range(30)], name=id_, seed=17) for id_ in ("code", "web")}


def documents(mode: str, ranks: int, steps: range, from_schedule: Schedule) -> list[list[str]]:
    """All documents of each step over all ranks, sorted."""
    mixers = [Mixer(SPEC, sources(), rows=4, rank=rank, ranks=ranks, mode=mode) for rank in range(ranks)]
    result = []
    for step in steps:
        batches = [mixer.batch(from_schedule.step(step)) for mixer in mixers]
        assert {batch.version for batch in batches} == {0 if step < 12 else 1}
        result.append(sorted(row for batch in batches for micro in batch.micro_batches for row in micro.rows))
    return result


@pytest.mark.parametrize(("mode", "ranks"), [("split", 2), ("split", 4), ("shared", 2), ("shared", 4)])
def test_any_number_of_ranks_draws_the_same_documents(mode: str, ranks: int) -> None:
    steps = range(30)
    assert documents(mode, ranks, steps, schedule()) == documents("split", 1, steps, schedule())


def test_a_resumed_run_draws_the_same_documents_on_another_number_of_ranks() -> None:
    undisturbed = documents("split", 1, range(41), schedule())
    for resume in (7, 12, 25):
        before = schedule()
        resumed = Schedule(SPEC, before.checkpoint(resume))
        for span in before.spans(resume - 1):
            resumed.append(span)
        assert documents("split", 4, range(resume, 41), resumed) == undisturbed[resume:]


def test_a_change_of_plan_neither_skips_nor_repeats_a_document() -> None:
    mixer, all_sources, plans = Mixer(SPEC, sources(), rows=1), sources(), schedule()
    seen: dict[str, list[str]] = {"code": [], "web": []}
    for step in range(41):
        for micro in mixer.batch(plans.step(step)).micro_batches:
            seen[micro.id] += micro.rows
    assert len(seen["code"]) == 24 + 12  # within one draw of its share by plan
    for id_, rows in seen.items():
        assert rows == [all_sources[id_].at(n) for n in range(len(rows))]


def test_draws_and_rows_that_cannot_be_dealt_are_refused() -> None:
    for options in ({"ranks": 3}, {"ranks": 4, "mode": "shared", "rows": 2}, {"mode": "other"}, {"rank": 1}):
        with pytest.raises(ConfigurationError):
            Mixer(SPEC, sources(), **{"rows": 1, **options})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="no source for the groups web"):
        Mixer(SPEC, {"code": sources()["code"]}, rows=1)
