"""Which group each draw of a step takes: a pure function of seed, run, plan, the plan's first step, and step.

The twin, draw by draw, of ``io.sluice.core.sampling.ExactSampler``: at the end of every step, each group's count since
the plan's first step is within one draw of its expectation, and within a step the draws stand in a random order.
Randomness is named by group id, never by position::

    ties  = mix64(seed, fnv1a(run), 0)      order = mix64(seed, fnv1a(run), 1)
    tie of a group      = mix64(ties, fnv1a(group), plan version)
    place of a draw     = mix64(order, fnv1a(group), step * draws per step + occurrence within the step)

Only IEEE + - * / and comparisons, in the order in which they are written, so that both languages agree in every bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sluice.hashes import fnv1a, mix64
from sluice.plan import Plan

try:
    import numpy as _numpy
except ImportError:  # pragma: no cover - the package works without NumPy
    _numpy = None  # type: ignore[assignment]

#: From so many groups on, NumPy is faster than plain Python.
VECTOR_GROUPS = 64


class Assignment(Protocol):
    """Takes draws one after the other so that every count stays within one draw of its expectation."""

    def next(self) -> int:
        """The index that the next draw takes."""


class ChairmanAssignment:
    """Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980).

    With m weights ``w_j > 0`` that sum to 1, counts ``c_j`` and ``t = 1 / (2m - 2)``, draw n = 1, 2, ... takes::

        among j with n w_j - c_j >= t:   the smallest (1 - t - (n w_j - c_j)) / w_j

    the group whose count must rise soonest. Equal ones are told apart by their tie words, the smallest first. Where
    rounding leaves none, the one with the largest ``n w_j - c_j`` is taken.
    """

    def __init__(self, weights: Sequence[float], ties: Sequence[int], counts: Sequence[int]) -> None:
        """Goes on after the draws that ``counts`` tell of."""
        self._weights = list(weights)
        self._ties = list(ties)
        self._counts = list(counts)
        self._draws = sum(counts)
        self._least = 1.0 / (2 * len(weights) - 2) if len(weights) > 1 else 0.0
        self._most = 1.0 - self._least

    def next(self) -> int:
        self._draws += 1
        n, least, most, ties = self._draws, self._least, self._most, self._ties
        taken, smallest = -1, 0.0
        furthest_behind, largest = 0, float("-inf")
        j = 0
        for weight, count in zip(self._weights, self._counts, strict=True):
            behind = n * weight - count
            if behind >= least:
                urgency = (most - behind) / weight
                if taken < 0 or urgency < smallest or (urgency == smallest and ties[j] < ties[taken]):
                    taken, smallest = j, urgency
            if behind > largest:
                furthest_behind, largest = j, behind
            j += 1
        index = furthest_behind if taken < 0 else taken
        self._counts[index] += 1
        return index


class VectorAssignment:
    """The same draws as :class:`ChairmanAssignment`, by NumPy, for runs of many groups."""

    def __init__(self, weights: Sequence[float], ties: Sequence[int], counts: Sequence[int]) -> None:
        self._np: Any = _numpy
        self._weights = self._np.array(weights, dtype=self._np.float64)
        self._ties = self._np.array(ties, dtype=self._np.uint64)
        self._counts = self._np.array(counts, dtype=self._np.float64)
        self._draws = sum(counts)
        self._least = 1.0 / (2 * len(weights) - 2) if len(weights) > 1 else 0.0
        self._most = 1.0 - self._least

    def next(self) -> int:
        np = self._np
        self._draws += 1
        behind = self._weights * float(self._draws)
        behind -= self._counts
        qualified = np.flatnonzero(behind >= self._least)
        if len(qualified) == 0:
            index = int(behind.argmax())
        else:
            urgency = (self._most - behind[qualified]) / self._weights[qualified]
            equals = qualified[urgency == urgency.min()]
            index = int(equals[0] if len(equals) == 1 else equals[self._ties[equals].argmin()])
        self._counts[index] += 1.0
        return index


class Sampler:
    """Draws of the steps of one run. Steps asked for in order are cheap; any other is replayed from the plan's first.

    For one thread at a time.
    """

    def __init__(self, seed: int, run: str, draws_per_step: int, groups: Sequence[str], vector: bool | None = None):
        """
        Args:
            seed: the run's seed, a signed 64-bit integer.
            run: the run's id.
            draws_per_step: draws of every step, at least 1.
            groups: ids of the run's groups, sorted.
            vector: whether to use NumPy; by default for many groups, where it is installed. The draws are the same.
        """
        if draws_per_step < 1:
            raise ValueError(f"a step takes at least 1 draw, not {draws_per_step}")
        self._tie_seed = mix64(seed, fnv1a(run), 0)
        self._order_seed = mix64(seed, fnv1a(run), 1)
        self._draws_per_step = draws_per_step
        self._groups = list(groups)
        self._hashes = [fnv1a(group) for group in groups]
        self._vector = _numpy is not None and (len(groups) >= VECTOR_GROUPS if vector is None else vector)
        self._plan: Plan | None = None
        self._first_step = 0
        self._next_step = 0
        self._drawn: list[int] = []
        self._assignment: Assignment = ChairmanAssignment([], [], [])

    def draws(self, plan: Plan, first_step: int, step: int) -> tuple[int, ...]:
        """Places of the groups that the draws of ``step`` take, in order.

        Raises:
            ValueError: the plan begins after ``step``, or its groups are not the run's.
        """
        if step < first_step:
            raise ValueError(f"step {step} comes before the plan's first step {first_step}")
        if first_step != self._first_step or step < self._next_step or not self._is_current(plan):
            self.resume(plan, first_step, first_step, {})
        while self._next_step < step:
            for _ in range(self._draws_per_step):
                self._assignment.next()
            self._next_step += 1
        return self._take()

    def resume(self, plan: Plan, first_step: int, next_step: int, drawn: Mapping[str, int]) -> None:
        """Goes on at ``next_step`` of a plan without replaying it.

        Args:
            drawn: how often each group was drawn from ``first_step`` to the step before ``next_step``.
        """
        if list(plan.weights) != self._groups:
            raise ValueError(f"plan {plan.version} does not have the run's groups")
        weights = list(plan.weights.values())
        self._drawn = [j for j, weight in enumerate(weights) if weight > 0]
        kind = VectorAssignment if self._vector else ChairmanAssignment
        self._assignment = kind(
            [weights[j] for j in self._drawn],
            [mix64(self._tie_seed, self._hashes[j], plan.version) for j in self._drawn],
            [drawn.get(self._groups[j], 0) for j in self._drawn],
        )
        self._plan = plan
        self._first_step = first_step
        self._next_step = next_step

    def _is_current(self, plan: Plan) -> bool:
        return plan is self._plan or plan == self._plan

    def _take(self) -> tuple[int, ...]:
        first = self._next_step * self._draws_per_step
        occurrences: dict[int, int] = {}
        placed: list[tuple[int, int]] = []
        for _ in range(self._draws_per_step):
            group = self._drawn[self._assignment.next()]
            occurrence = occurrences.get(group, 0)
            occurrences[group] = occurrence + 1
            placed.append((mix64(self._order_seed, self._hashes[group], first + occurrence), group))
        self._next_step += 1
        placed.sort(key=lambda draw: draw[0])
        return tuple(group for _, group in placed)
