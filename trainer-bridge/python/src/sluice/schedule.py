"""Which plan holds for which step, and what every step draws.

A schedule is a chain of spans that only grows at its end: a step that was named once never changes its plan. Where the
plan and its first step stay the same, spans are joined. Rank 0 writes it; other ranks and the workers of a loader hold
copies that are fed with the same spans.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from sluice import fields
from sluice.errors import NotScheduled, SluiceError
from sluice.plan import Checkpoint, Plan, RunSpec, Span, StepPlan
from sluice.sampler import Sampler


class Schedule:
    """The spans of one run, and the draws of their steps. Thread-safe; one writer.

    Attributes:
        generation: counts how often :meth:`restart` was called.
        held_steps: how many steps were scheduled by :meth:`hold`.
    """

    def __init__(self, spec: RunSpec, base: Checkpoint, *, reader: bool = False) -> None:
        """
        Args:
            base: where the schedule begins; nothing is scheduled yet.
            reader: whether a step beyond the end raises :class:`NotScheduled`; a writer holds its last plan instead.

        Raises:
            CheckpointError: ``base`` is not of this run.
        """
        self.spec = spec
        self.reader = reader
        self.generation = 0
        self.held_steps = 0
        self.lock = threading.RLock()
        base.require(spec)
        self._sampler = Sampler(spec.seed, spec.run, spec.draws_per_step, spec.group_ids())
        self._begin(base)

    def restart(self, base: Checkpoint) -> None:
        """Forgets everything and begins anew at ``base``: a trainer has loaded a state before its first step.

        Raises:
            CheckpointError: ``base`` is not of this run; nothing is forgotten.
        """
        base.require(self.spec)
        with self.lock:
            self.generation += 1
            self._begin(base)

    def _begin(self, base: Checkpoint) -> None:
        groups = self.spec.group_ids()
        self._start = base
        self._spans: list[Span] = []
        self._through = base.next_step - 1
        self._steps: dict[int, StepPlan] = {}
        # Up to which step draws are taken, and how often each group was drawn by then.
        self._taken = base.next_step - 1
        self._counts = [base.counts[group] + base.drawn[group] for group in groups]
        self._sampler.resume(base.plan, base.plan_first_step, base.next_step, base.drawn)

    @property
    def base(self) -> Checkpoint:
        """Where the schedule began, or where it was forgotten up to."""
        return self._start

    def through(self) -> int:
        """The last scheduled step; the step before the first when there is none."""
        return self._through

    def last_plan(self) -> Plan:
        """The plan of the last scheduled step, or the one in force at the start."""
        with self.lock:
            return self._spans[-1].plan if self._spans else self._start.plan

    def last_first_step(self) -> int:
        """First step of :meth:`last_plan`."""
        with self.lock:
            return self._spans[-1].first_step if self._spans else self._start.plan_first_step

    def append(self, span: Span) -> None:
        """Adds what a span says of steps that are not scheduled yet; what it says of others is ignored.

        Raises:
            ValueError: steps between the end of the schedule and the span are missing, its plan does not begin where
                the schedule ends, or does not have the run's groups.
        """
        with self.lock:
            if span.through <= self._through:
                return
            start = self._through + 1
            if span.from_step > start:
                raise ValueError(f"steps {start} to {span.from_step - 1} are missing before step {span.from_step}")
            last = self.last_plan()
            goes_on = span.first_step == self.last_first_step() and span.plan == last
            if not goes_on and span.first_step != start:
                raise ValueError(
                    f"plan {span.plan.version} begins at step {span.first_step}, which step {start} does not agree with"
                )
            if list(span.plan.weights) != self.spec.group_ids():
                raise ValueError(f"plan {span.plan.version} does not have the run's groups")
            if goes_on and self._spans and self._spans[-1].held == span.held:
                start = self._spans.pop().from_step
            plan = last if goes_on else span.plan
            self._spans.append(Span(start, span.through, span.first_step, plan, span.held))
            self._through = span.through

    def conflict(self, span: Span) -> int | None:
        """The first remembered step for which the schedule names another plan than a span does."""
        with self.lock:
            for known in self._spans:
                start = max(known.from_step, span.from_step)
                if start > min(known.through, span.through):
                    continue
                if known.first_step != span.first_step or known.plan != span.plan:
                    return start
            return None

    def hold(self, through: int) -> int:
        """Lets the last plan go on up to a step; answers how many steps that adds."""
        with self.lock:
            held = max(0, through - self._through)
            if held:
                self.append(Span(self._through + 1, through, self.last_first_step(), self.last_plan(), True))
                self.held_steps += held
            return held

    def step(self, step: int) -> StepPlan:
        """What a step draws. The answer for a step never changes.

        A writer that is asked for a step beyond the end holds its last plan. Asking in order is cheap, and free for
        steps that :meth:`prepare` has been through.

        Raises:
            NotScheduled: the step lies before the schedule, was forgotten, or, for a reader, is not named yet.
        """
        ready = self._steps.get(step)
        if ready is not None:
            return ready
        with self.lock:
            if step > self._through:
                if self.reader:
                    raise NotScheduled(f"step {step} is not scheduled yet: the schedule ends at step {self._through}")
                self.hold(step)
            while self._taken < step:
                self._take()
            if step not in self._steps:
                raise NotScheduled(f"step {step} lies before the schedule's first step {self._start.next_step}")
            return self._steps[step]

    def prepare(self) -> bool:
        """Takes the draws of one more scheduled step ahead of time; false when all are taken."""
        with self.lock:
            if self._taken >= self._through:
                return False
            self._take()
            return True

    def forget_before(self, step: int) -> None:
        """Drops the steps before ``step``, so that memory stays bounded."""
        with self.lock:
            step = min(step, self._through + 1)
            if step <= self._start.next_step:
                return
            self._start = self.checkpoint(step)
            self._spans = [span for span in self._spans if span.through >= step]
            for old in [key for key in self._steps if key < step]:
                del self._steps[old]

    def checkpoint(self, next_step: int) -> Checkpoint:
        """What must stand in a trainer's checkpoint whose next step is ``next_step``.

        Raises:
            NotScheduled: the step before is neither scheduled nor still remembered.
        """
        with self.lock:
            if next_step == self._start.next_step:
                return self._start
            if not self._start.next_step < next_step <= self._through + 1:
                raise NotScheduled(
                    f"no checkpoint for step {next_step}: the schedule knows the steps {self._start.next_step} "
                    f"to {self._through}"
                )
            while self._taken < next_step - 1:
                self._take()
            last = self._span_of(next_step - 1)
            groups = self.spec.group_ids()
            if last.first_step < self._start.next_step:
                drawn = [self._start.drawn[group] for group in groups]
                since = self._start.next_step
            else:
                drawn = [0] * len(groups)
                since = last.first_step
            for step in range(since, next_step):
                for group in self._steps[step].draws:
                    drawn[group] += 1
            later = [0] * len(groups)
            for step in range(next_step, self._taken + 1):
                for group in self._steps[step].draws:
                    later[group] += 1
            before = [
                count - after - since_first
                for count, after, since_first in zip(self._counts, later, drawn, strict=True)
            ]
            return Checkpoint(
                run=self.spec.run,
                next_step=next_step,
                plan_first_step=last.first_step,
                plan=last.plan,
                counts=dict(zip(groups, before, strict=True)),
                drawn=dict(zip(groups, drawn, strict=True)),
            )

    def spans(self, after: int) -> list[Span]:
        """The spans that name steps after ``after``; the first may begin before."""
        with self.lock:
            return [span for span in self._spans if span.through > after]

    def after_fork(self) -> None:
        """Makes it usable in a forked child. The parent's thread has to hold the lock while it forks."""
        self.lock = threading.RLock()

    def _span_of(self, step: int) -> Span:
        for span in reversed(self._spans):
            if span.from_step <= step <= span.through:
                return span
        raise NotScheduled(f"step {step} is not scheduled")

    def _take(self) -> None:
        step = self._taken + 1
        span = self._span_of(step)
        draws = self._sampler.draws(span.plan, span.first_step, step)
        occurrences = []
        for group in draws:
            occurrences.append(self._counts[group])
            self._counts[group] += 1
        self._steps[step] = StepPlan(step, span.plan.version, span.plan, draws, tuple(occurrences))
        self._taken = step


def encode_spans(spans: Iterable[Span], encode_plan: Callable[[Plan], bytes] | None = None) -> bytes:
    """Spans as bytes: a JSON line each, with the plan where it differs from that of the line before.

    Args:
        encode_plan: gives a plan's JSON; to be handed in where it is kept from an earlier time.
    """
    encode = encode_plan or (lambda plan: compact(plan.to_json()))
    lines = []
    plan: Plan | None = None
    for span in spans:
        body = b"null" if span.plan is plan else encode(span.plan)
        plan = span.plan
        held = b"true" if span.held else b"false"
        lines.append(b"[%d,%d,%d,%b,%b]\n" % (span.from_step, span.through, span.first_step, held, body))
    return b"".join(lines)


def decode_spans(encoded: bytes) -> list[Span]:
    """The inverse of :func:`encode_spans`.

    Raises:
        SluiceError: the bytes are something else.
    """
    spans: list[Span] = []
    try:
        for line in encoded.splitlines():
            from_step, through, first_step, held, plan = json.loads(line)
            decoded = spans[-1].plan if plan is None else Plan.from_json(plan)
            whole = {"from": from_step, "through": through, "first": first_step}
            spans.append(
                Span(
                    fields.integer(whole, "from", 0),
                    fields.integer(whole, "through", from_step),
                    fields.integer(whole, "first", 0, from_step),
                    decoded,
                    bool(held),
                )
            )
    except (ValueError, TypeError, IndexError, RecursionError) as e:
        raise SluiceError(f"these bytes hold no spans: {e}") from e
    return spans


def compact(value: Any) -> bytes:
    """JSON without spaces, as ASCII."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
