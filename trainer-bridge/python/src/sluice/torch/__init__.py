"""What needs PyTorch: the loader, signals with sketches, and plans for other ranks."""

from sluice.torch.distributed import DistributedRun
from sluice.torch.loader import MicroBatches, MixedDataset, prefetch_steps
from sluice.torch.signals import Reporter, Signals
from sluice.torch.sketch import SketchedTensor, Sketcher

__all__ = [
    "DistributedRun",
    "MicroBatches",
    "MixedDataset",
    "Reporter",
    "Signals",
    "SketchedTensor",
    "Sketcher",
    "prefetch_steps",
]
