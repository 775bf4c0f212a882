"""What a round measured, and its binary form."""

from __future__ import annotations

from array import array

import pytest

from sluice import HalfSums, bf16, signals
from sluice.signals import RoundSums, decode_request, encode_request, encode_signal, is_sound

SESSION = "0123456789abcdef" * 2


def sums(*sketches: list[float] | None) -> HalfSums:
    """One half to which a micro-batch with each of these sketches was added."""
    round_ = RoundSums(3)
    for sketch in sketches:
        round_.add(("group", 0, 0), 1, 10, 2, 5.0, 3.0, sketch)
    [half] = round_.close()
    return half


def test_a_request_comes_back_as_it_was() -> None:
    halves = [
        HalfSums("group", 3, 1, 4096, 16, 9011.25, 20100.5, [(3, 4000), (4, 96)], b"\x80\x3f" * 3),
        HalfSums("target", 1, 0, 7, 1, 0.0, 0.0),
    ]
    body = encode_request(SESSION, 5, [encode_signal(half) for half in halves])
    assert decode_request(body, 3) == (SESSION, 5, halves)
    assert len(body) == 32 + (40 + 2 * 16 + 6) + 40
    for broken in (body[:-1], body + b"\0", b"SLS2" + body[4:], b""):
        with pytest.raises(ValueError, match="body|bytes"):
            decode_request(broken, 3)


def test_sums_add_up_by_subject_half_and_plan() -> None:
    round_ = RoundSums(3)
    round_.add(("group", 1, 0), 4, 10, 1, 2.0, 5.0, None)
    round_.add(("group", 1, 0), 5, 20, 2, 3.0, 6.0, None)
    round_.add(("group", 1, 1), 4, 1, 1, 1.0, 1.0, None)
    round_.add(("target", 0, 0), 4, 9, 1, 1.0, 1.0, None)
    assert len(round_) == 3
    assert list(round_.close()) == [
        HalfSums("group", 1, 0, 30, 3, 5.0, 11.0, [(4, 10), (5, 20)]),
        HalfSums("group", 1, 1, 1, 1, 1.0, 1.0, [(4, 1)]),
        HalfSums("target", 0, 0, 9, 1, 1.0, 1.0, []),
    ]


def test_a_sketch_of_some_micro_batches_stands_for_all_tokens() -> None:
    assert sums([1.0, 2.0, 0.5], [1.0, -2.0, 0.5]).sketch == b"\x00\x40\x00\x00\x80\x3f"
    assert sums([1.0, 2.0, 0.5], None, [1.0, -2.0, 0.5], None) == sums(*[[1.0, 0.0, 0.5]] * 4)
    assert sums(None, None).sketch is None


def test_a_probe_counts_only_where_nothing_was_drawn() -> None:
    round_ = RoundSums(3)
    round_.add(("group", 0, 0), 1, 30, 3, 60.0, 90.0, None)
    for part in (0, 1):
        round_.add(("group", 0, part), 1, 10, 2, 5.0, 3.0, [1.0, 2.0, 0.5], probe=True)
    drawn, probed = round_.close()
    assert drawn == HalfSums("group", 0, 0, 30, 3, 60.0, 90.0, [(1, 30)], bf16.encode([3.0, 6.0, 1.5]))
    assert probed == HalfSums("group", 0, 1, 10, 2, 5.0, 3.0, [(1, 10)], bf16.encode([1.0, 2.0, 0.5]))


def test_sketches_add_up_without_numpy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = sums([1.0, 2.0, 0.5], [0.25, -2.0, 1e-30])
    monkeypatch.setattr(signals, "_numpy", None)
    monkeypatch.setattr(bf16, "_numpy", None)
    assert sums([1.0, 2.0, 0.5], [0.25, -2.0, 1e-30]) == expected
    assert is_sound(expected, 3)
    for value in (float("nan"), float("inf"), -float("inf"), 3.4e38):
        assert not is_sound(sums([0.0, value, 0.0]), 3)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 3.4e38, 1e300])
def test_a_sketch_that_bfloat16_cannot_hold_is_not_sound(value: float) -> None:
    assert not is_sound(sums([0.0, value, 0.0]), 3)


def test_a_recorded_sketch_may_be_an_array_and_is_not_kept() -> None:
    sketch = array("f", [1.0, 2.0, 3.0])
    round_ = RoundSums(3)
    round_.add(("group", 0, 0), 1, 10, 2, 5.0, 3.0, sketch)
    sketch[0] = 100.0
    [half] = round_.close()
    assert half.sketch == b"\x80\x3f\x00\x40\x40\x40"
