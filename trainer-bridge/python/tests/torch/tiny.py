"""A tiny language model over bytes, and rows for it."""

from __future__ import annotations

import torch
from sluice.data import ShuffledSource
from sluice.plan import RunSpec
from torch import Tensor, nn

LENGTH = 9


class TinyModel(nn.Module):
    """Predicts the next of 16 symbols from the current one."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.embedding = nn.Embedding(16, 8)
        self.head = nn.Linear(8, 16)

    def forward(self, rows: Tensor) -> Tensor:
        """Loss of each prediction, shape (rows, LENGTH - 1)."""
        logits = self.head(torch.tanh(self.embedding(rows[:, :-1])))
        return nn.functional.cross_entropy(logits.transpose(1, 2), rows[:, 1:], reduction="none")


def rows_of(seed: int, count: int = 40) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return list(torch.randint(16, (count, LENGTH), generator=generator))


def sources(spec: RunSpec) -> dict[str, ShuffledSource]:
    return {
        group.id: ShuffledSource(rows_of(number), name=group.id, seed=spec.seed)
        for number, group in enumerate(spec.groups)
    }


def bfloat16(encoded: bytes | None) -> Tensor:
    assert encoded is not None
    return torch.frombuffer(bytearray(encoded), dtype=torch.bfloat16).float()
