"""Trains a small GPT on bytes, on the mixture that Sluice decides. A starting point for your own trainer.

    ./sluice up --run trainer-bridge/python/examples/run.yaml        # in another terminal: the loop and its bridge
    python trainer-bridge/python/examples/train_gpt.py --steps 2000

Six calls make it a Sluice trainer: ``connect``, ``MixedDataset``, ``begin_step``, ``measure``, ``add_group`` and
``end_step``.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sluice
import torch
from sluice.data import ByteRows, ShuffledSource
from sluice.torch import MixedDataset, Signals, prefetch_steps
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

CONTEXT = 256
# Width, layers, heads; 0.5, 10.9 and 114 million parameters.
SIZES = {"tiny": (128, 2, 4), "small": (384, 6, 6), "base": (768, 16, 12)}
EVALUATION_ROWS = 64


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        heads = self.attention(self.norm1(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=True)
        x = x + self.projection(mixed.transpose(1, 2).reshape(batch, length, width))
        result: Tensor = x + self.mlp(self.norm2(x))
        return result


class GPT(nn.Module):
    """A decoder-only transformer over bytes."""

    def __init__(self, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.bytes, self.positions = nn.Embedding(256, width), nn.Embedding(CONTEXT, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 256, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                depth = 2 * layers if name.endswith(("projection.weight", "mlp.2.weight")) else 1
                nn.init.normal_(parameter, std=0.02 / math.sqrt(depth))

    def forward(self, rows: Tensor) -> Tensor:
        """The loss of each next byte in nats, shape (rows, CONTEXT)."""
        x = self.bytes(rows[:, :-1]) + self.positions.weight
        logits = self.head(self.norm(self.blocks(x)))
        return F.cross_entropy(logits.float().transpose(1, 2), rows[:, 1:], reduction="none")


def to_tensor(rows: list[bytes]) -> Tensor:
    return torch.frombuffer(bytearray(b"".join(rows)), dtype=torch.uint8).view(len(rows), -1).long()


def train(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = GPT(*SIZES[options.size]).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.lr, betas=(0.9, 0.95), weight_decay=0.1)
    autocast = torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")

    saved: dict[str, Any] = torch.load(options.checkpoint) if options.checkpoint.exists() else {}
    ahead = prefetch_steps(options.workers, prefetch_factor=2)
    run = sluice.connect(options.bridge, state=saved.get("sluice"), prefetch_steps=ahead)
    if saved:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["rng"])
    signals = Signals(run, model, optimizer, sketches=options.sketches, precondition=options.sketches)

    spec = run.spec
    texts = {group.id: ByteRows(group.data["files"], length=CONTEXT + 1) for group in spec.groups}
    sources = {id_: ShuffledSource(text, name=id_, seed=spec.seed) for id_, text in texts.items()}
    probes = {id_: ShuffledSource(text, name=f"probe {id_}", seed=spec.seed) for id_, text in texts.items()}
    held_out = {target.id: ByteRows(target.data["files"], length=CONTEXT + 1) for target in spec.targets}
    if short := [id_ for id_, rows in held_out.items() if len(rows) <= EVALUATION_ROWS]:
        raise sluice.ConfigurationError(f"{short} need more than {EVALUATION_ROWS} rows of {CONTEXT} bytes each")
    data = MixedDataset(run, sources, rows=options.rows, collate=to_tensor, until=options.steps)
    batches = DataLoader(
        data,
        batch_size=None,
        num_workers=options.workers,
        prefetch_factor=2 if options.workers else None,
        pin_memory=device.type == "cuda",
    )

    def losses(rows: Tensor) -> Tensor:
        with autocast:
            result: Tensor = model(rows.to(device, non_blocking=True))
            return result

    def measured(round_: int, part: int) -> range:
        """Which rows are measured in a round and half: others every time."""
        first = (2 * round_ + part) * options.measured_rows
        return range(first, first + options.measured_rows)

    def target_losses(target: str, round_: int, part: int) -> Tensor:
        rows = held_out[target]
        places = [place % (len(rows) - EVALUATION_ROWS) for place in measured(round_, part)]
        return losses(to_tensor([rows[place] for place in places]))

    def group_losses(group: str, round_: int, part: int) -> Tensor:
        """A probe is as large as a draw."""
        rows = measured(round_, part)[: options.rows]
        return losses(to_tensor([probes[group].at(occurrence) for occurrence in rows]))

    @torch.no_grad()
    def evaluation_losses(target: str) -> Iterator[Tensor]:
        rows = held_out[target]
        for first in range(len(rows) - EVALUATION_ROWS, len(rows), 16):
            yield losses(to_tensor([rows[place] for place in range(first, min(first + 16, len(rows)))]))

    tokens = spec.draws_per_step * options.rows * CONTEXT
    version, since = -1, time.perf_counter()
    for batch in batches:
        step = batch.step
        signals.begin_step(step)
        if options.sketches:
            signals.measure(step, targets=target_losses, groups=group_losses)
        for group in optimizer.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / options.warm_up)
        step_loss = torch.zeros((), device=device)
        for micro in batch.micro_batches:
            each = losses(micro.rows)
            loss = each.sum() / tokens
            loss.backward()
            signals.add_group(micro.group, micro.part, each, factor=1 / tokens)
            step_loss += loss.detach()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % options.evaluate_every == 0:
            means = {target.id: signals.evaluate(target.id, evaluation_losses(target.id)) for target in spec.targets}
            print(f"step {step}: " + ", ".join(f"{target} {mean:.3f} nats" for target, mean in means.items()))
        signals.end_step(step, optimizer.param_groups[0]["lr"])

        if batch.version != version:
            version = batch.version
            weights = run.plan(step).plan.weights
            print(f"step {step}: mixture {version}: " + ", ".join(f"{g} {w:.3f}" for g, w in weights.items()))
        if (step + 1) % options.log_every == 0:
            now = time.perf_counter()
            print(f"step {step}: loss {step_loss.item():.3f}, {1000 * (now - since) / options.log_every:.1f} ms a step")
            since = now
        if (step + 1) % options.save_every == 0 or step + 1 == options.steps:
            state = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "rng": torch.get_rng_state(),
                "sluice": run.state_dict(),
            }
            torch.save(state, partial := options.checkpoint.with_suffix(".partial"))
            partial.replace(options.checkpoint)
            run.checkpoint_saved()
    run.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bridge", help="unix:/path or http://127.0.0.1:port; by default .sluice/bridge.sock")
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=4, help="rows of a draw")
    parser.add_argument("--measured-rows", type=int, default=8, help="rows of each half of a target, once a round")
    parser.add_argument("--sketches", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--warm-up", type=int, default=100, help="steps until the learning rate is reached")
    parser.add_argument("--workers", type=int, default=1, help="processes of the loader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log-every", type=int, default=20)
    parser.add_argument("--evaluate-every", type=int, default=100)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--checkpoint", type=Path, default=Path("train_gpt.pt"), help="resumes from it where it exists")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
