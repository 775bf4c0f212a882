"""What a run is, what a plan is, and what a checkpoint must carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sluice import fields
from sluice.errors import CheckpointError

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class GroupSpec:
    """A group as it was declared. ``prior``, ``floor`` and ``cap`` are shares in [0, 1]; ``data`` says where it is.

    A ``dormant`` group is declared for later: plans give it nothing until it is added.
    """

    id: str
    prior: float
    floor: float
    cap: float
    data: Mapping[str, Any] = field(hash=False)
    dormant: bool = False


@dataclass(frozen=True)
class TargetSpec:
    """A target as it was declared. ``weight`` is its share among the targets; ``data`` says where it is."""

    id: str
    weight: float
    data: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class RunSpec:
    """What a trainer must know of its run.

    Groups and targets are sorted by id. A number that stands for one is its place in ``groups`` or ``targets``, within
    this spec only.

    Attributes:
        draws_per_step: draws of every step, over all ranks; a draw is one micro-batch.
        lease_steps: how many steps the bridge seals at a time.
        round_steps: optimiser steps of a round.
        lead_steps: least distance in steps from a round's end to the first step of its plan.
        warm_up_steps: rounds that end before this step decide nothing.
        sketch_dimension: number of buckets of a gradient sketch.
    """

    run: str
    digest: str
    mode: str
    seed: int
    draws_per_step: int
    lease_steps: int
    round_steps: int
    lead_steps: int
    warm_up_steps: int
    sketch_dimension: int
    sketch_seed: int
    groups: tuple[GroupSpec, ...]
    targets: tuple[TargetSpec, ...]
    policy: str
    policy_options: Mapping[str, float] = field(hash=False)
    _group_places: dict[str, int] = field(init=False, repr=False, compare=False)
    _target_places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_group_places", {group.id: j for j, group in enumerate(self.groups)})
        object.__setattr__(self, "_target_places", {target.id: i for i, target in enumerate(self.targets)})

    @staticmethod
    def from_json(source: Any) -> RunSpec:
        """The spec in the answer to ``GET /v1/run``.

        Raises:
            ValueError: a field is missing, of another type, or out of range.
        """
        source = fields.mapping(source, "the run")
        if fields.integer(source, "protocol") != 1:
            raise fields.FieldError(f"the bridge speaks protocol {source['protocol']}, this package speaks 1")
        rounds = fields.child(source, "rounds")
        sketch = fields.child(source, "sketch")
        if fields.integer(sketch, "version") != 1:
            raise fields.FieldError(f"the run's sketches are of version {sketch['version']}, this package knows 1")
        policy = fields.child(source, "policy")
        spec = RunSpec(
            run=fields.text(source, "run"),
            digest=fields.text(source, "digest"),
            mode=fields.text(source, "mode"),
            seed=fields.integer(source, "seed"),
            draws_per_step=fields.integer(source, "draws_per_step", 1, 1_000_000),
            lease_steps=fields.integer(source, "lease_steps", 1, 10_000),
            round_steps=fields.integer(rounds, "steps", 1),
            lead_steps=fields.integer(rounds, "lead_steps", 1),
            warm_up_steps=fields.integer(rounds, "warm_up_steps", 0),
            sketch_dimension=fields.integer(sketch, "dimension", 1, 1_000_000),
            sketch_seed=fields.integer(sketch, "seed"),
            groups=tuple(_group(entry) for entry in fields.items(source, "groups")),
            targets=tuple(_target(entry) for entry in fields.items(source, "targets")),
            policy=fields.text(policy, "name"),
            policy_options={
                name: fields.finite(value, f"option {name}") for name, value in fields.child(policy, "options").items()
            },
        )
        if not spec.groups:
            raise fields.FieldError("the run has no groups")
        for what, ids in (("groups", spec.group_ids()), ("targets", [target.id for target in spec.targets])):
            if any(later <= earlier for earlier, later in zip(ids, ids[1:], strict=False)):
                raise fields.FieldError(f"the run's {what} are not in increasing order of their ids")
        return spec

    def to_json(self) -> dict[str, Any]:
        """The inverse of :meth:`from_json`."""
        return {
            "protocol": 1,
            "run": self.run,
            "digest": self.digest,
            "mode": self.mode,
            "seed": self.seed,
            "draws_per_step": self.draws_per_step,
            "lease_steps": self.lease_steps,
            "rounds": {
                "steps": self.round_steps,
                "lead_steps": self.lead_steps,
                "warm_up_steps": self.warm_up_steps,
            },
            "sketch": {"version": 1, "dimension": self.sketch_dimension, "seed": self.sketch_seed},
            "policy": {"name": self.policy, "options": dict(self.policy_options)},
            "groups": [
                {
                    "id": g.id,
                    "prior": g.prior,
                    "floor": g.floor,
                    "cap": g.cap,
                    "dormant": g.dormant,
                    "data": dict(g.data),
                }
                for g in self.groups
            ],
            "targets": [{"id": t.id, "weight": t.weight, "data": dict(t.data)} for t in self.targets],
        }

    def group_ids(self) -> list[str]:
        """The ids of the groups, in order."""
        return [group.id for group in self.groups]

    def group_index(self, group: str) -> int:
        """Place of a group.

        Raises:
            KeyError: the run has no such group.
        """
        return self._group_places[group]

    def target_index(self, target: str) -> int:
        """Place of a target.

        Raises:
            KeyError: the run has no such target.
        """
        return self._target_places[target]

    def round_of(self, step: int) -> int:
        """The round of a step: round r holds the steps ``[r * round_steps, (r + 1) * round_steps - 1]``."""
        return step // self.round_steps

    def first_step(self, round_: int) -> int:
        """First step of a round."""
        return round_ * self.round_steps

    def last_step(self, round_: int) -> int:
        """Last step of a round."""
        return self.first_step(round_) + self.round_steps - 1


def _group(source: Any) -> GroupSpec:
    source = fields.mapping(source, "a group")
    return GroupSpec(
        id=fields.text(source, "id"),
        prior=fields.number(source, "prior"),
        floor=fields.number(source, "floor"),
        cap=fields.number(source, "cap"),
        data=dict(fields.child(source, "data")),
        dormant=fields.flag(source, "dormant") if "dormant" in source else False,
    )


def _target(source: Any) -> TargetSpec:
    source = fields.mapping(source, "a target")
    return TargetSpec(
        id=fields.text(source, "id"),
        weight=fields.number(source, "weight"),
        data=dict(fields.child(source, "data")),
    )


@dataclass(frozen=True)
class Plan:
    """A published mixture.

    Attributes:
        attempt: the attempt it was made for; -1 for the prior.
        epoch: the controller that made it; -1 for the prior.
        round: the round it was decided on; -1 when no round led to it.
        version: strictly increasing within an attempt; 0 is the prior.
        replaces: digest of the plan it follows; empty for the prior.
        effective_step: first step from which it may hold.
        label: why it looks as it does.
        weights: share of each group by id, at least 0, summing to 1.
    """

    run: str
    attempt: int
    epoch: int
    spec_digest: str
    round: int
    version: int
    replaces: str
    effective_step: int
    label: str
    digest: str
    weights: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", dict(sorted(self.weights.items())))

    @staticmethod
    def from_json(source: Any) -> Plan:
        """A plan as the bridge tells it.

        Raises:
            ValueError: a field is missing or of another type, or the weights are no mixture.
        """
        source = fields.mapping(source, "the plan")
        weights = {
            group: fields.finite(weight, f"the weight of {group}")
            for group, weight in fields.child(source, "weights").items()
        }
        if any(weight < 0 for weight in weights.values()) or abs(sum(weights.values()) - 1) > _SUM_TOLERANCE:
            raise fields.FieldError("the plan's weights are not a mixture: at least 0 each, 1 together")
        return Plan(
            run=fields.text(source, "run"),
            attempt=fields.integer(source, "attempt"),
            epoch=fields.integer(source, "epoch"),
            spec_digest=fields.text(source, "spec_digest"),
            round=fields.integer(source, "round"),
            version=fields.integer(source, "version", 0),
            replaces=fields.text(source, "replaces"),
            effective_step=fields.integer(source, "effective_step"),
            label=fields.text(source, "label"),
            digest=fields.text(source, "digest"),
            weights=weights,
        )

    def to_json(self) -> dict[str, Any]:
        """The inverse of :meth:`from_json`, exact to the last bit of every weight."""
        return {
            "run": self.run,
            "attempt": self.attempt,
            "epoch": self.epoch,
            "spec_digest": self.spec_digest,
            "round": self.round,
            "version": self.version,
            "replaces": self.replaces,
            "effective_step": self.effective_step,
            "label": self.label,
            "digest": self.digest,
            "weights": dict(self.weights),
        }


@dataclass(frozen=True)
class Span:
    """Says that one plan holds for the steps ``from_step`` to ``through``.

    Attributes:
        first_step: the first step of the plan, where its draws begin to count; at most ``from_step``.
        held: whether the trainer held the plan by itself, because no span of the bridge had come.
    """

    from_step: int
    through: int
    first_step: int
    plan: Plan
    held: bool = False


@dataclass(frozen=True)
class StepPlan:
    """What one step draws.

    Attributes:
        draws: place of the group of each draw, over all ranks, in order.
        occurrences: for each draw, how often its group had been drawn before, since the run's step 0. Which document a
            draw takes depends on its group and this number only, so that it differs neither with the number of ranks
            or workers nor with the weights. Its lowest bit says which half, A or B, of the group's signal it is in.
    """

    step: int
    version: int
    plan: Plan
    draws: tuple[int, ...]
    occurrences: tuple[int, ...]


@dataclass(frozen=True)
class Checkpoint:
    """From it, training resumes with exactly this mixture, these draws and these documents.

    Attributes:
        next_step: first step of the attempt that resumes from it.
        plan: the plan of the step before, or the one in force before the first step.
        plan_first_step: first step of that plan, where its draws began to count.
        counts: how often each group had been drawn before ``plan_first_step``.
        drawn: how often each group was drawn from ``plan_first_step`` to the step before ``next_step``.
    """

    run: str
    next_step: int
    plan_first_step: int
    plan: Plan
    counts: Mapping[str, int] = field(hash=False)
    drawn: Mapping[str, int] = field(hash=False)

    @staticmethod
    def from_json(source: Any) -> Checkpoint:
        """A checkpoint that :meth:`to_json` made.

        Raises:
            CheckpointError: it is not one.
        """
        try:
            source = fields.mapping(source, "the checkpoint")
            if fields.integer(source, "format") != 1:
                raise fields.FieldError(f"format {source['format']} is not 1")
            next_step = fields.integer(source, "next_step", 0)
            counts, drawn = fields.child(source, "counts"), fields.child(source, "drawn")
            return Checkpoint(
                run=fields.text(source, "run"),
                next_step=next_step,
                plan_first_step=fields.integer(source, "plan_first_step", 0, next_step),
                plan=Plan.from_json(source.get("plan")),
                counts={group: fields.integer(counts, group, 0) for group in sorted(counts)},
                drawn={group: fields.integer(drawn, group, 0) for group in sorted(drawn)},
            )
        except fields.FieldError as e:
            raise CheckpointError(f"this is no checkpoint of Sluice: {e}. Pass what state_dict() returned.") from e

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold, exact."""
        return {**self.to_bridge(), "counts": dict(self.counts), "drawn": dict(self.drawn)}

    def to_bridge(self) -> dict[str, Any]:
        """The part of it that the bridge knows."""
        return {
            "format": 1,
            "run": self.run,
            "next_step": self.next_step,
            "plan_first_step": self.plan_first_step,
            "plan": self.plan.to_json(),
        }

    def require(self, spec: RunSpec) -> None:
        """Checks that it belongs to a run.

        Raises:
            CheckpointError: it is of another run, of other groups, or of another number of draws in a step.
        """
        if self.run != spec.run:
            raise CheckpointError(f"the state is of run '{self.run}', the bridge serves '{spec.run}'")
        groups = spec.group_ids()
        if any(sorted(held) != groups for held in (self.plan.weights, self.counts, self.drawn)):
            raise CheckpointError(f"the state has other groups than run '{spec.run}': a run's groups cannot change")
        steps = self.next_step - self.plan_first_step
        if sum(self.drawn.values()) != steps * spec.draws_per_step:
            raise CheckpointError(
                f"the state counts {sum(self.drawn.values())} draws in {steps} steps, but a step of run '{spec.run}' "
                f"has {spec.draws_per_step} draws: resume with the number of draws per step that it was saved with"
            )

    @staticmethod
    def start(spec: RunSpec, plan: Plan, plan_first_step: int, next_step: int) -> Checkpoint:
        """Where a run begins that nothing has been drawn for: documents are counted from here."""
        none = dict.fromkeys(spec.group_ids(), 0)
        return Checkpoint(spec.run, next_step, plan_first_step, plan, none, none)
