"""Which documents a draw takes, without PyTorch.

The n-th draw of a group takes the same documents whatever the ranks, the workers and the weights are: a source answers
what document stands at each *occurrence* 0, 1, 2, ... of its group, for ever. So a change of plan, of ranks or of
workers neither skips nor repeats a document, and nothing but counts has to be saved.
"""

from __future__ import annotations

import gzip
import json
import os
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from glob import glob
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from sluice.errors import ConfigurationError, NoDocument
from sluice.hashes import fnv1a, mix64
from sluice.plan import Plan, RunSpec, StepPlan

_ROUNDS = 6
_SCAN = 1 << 20
_JSON_BLANKS = b" \t\r\n"


class Documents(Protocol):
    """Documents by place; any sequence will do."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Any: ...


class Source(Protocol):
    """An endless order of documents."""

    def at(self, occurrence: int) -> Any:
        """The document at an occurrence, 0 or more."""
        ...

    def epoch(self, occurrence: int) -> int:
        """How many times all documents came before this occurrence."""
        ...


class ArrivingSource(Source, Protocol):
    """An order to which documents are added while it is read, so that there may be none yet."""

    def ready(self, first: int, count: int) -> bool:
        """Whether there are documents at these occurrences. Once answered, the answer is the same for ever, to every
        rank and worker that asks."""
        ...


class Permutation:
    """A pseudo-random order of 0 to n - 1 that is computed place by place.

    A Feistel network over the next even power of two, walked until the value lies below n (less than four times on
    average). Any key gives a permutation; keys that differ give unrelated ones. No memory.
    """

    def __init__(self, size: int, key: int) -> None:
        if size < 1:
            raise ConfigurationError("there is no order of nothing: the size is at least 1")
        self._size = size
        self._half = max(1, ((size - 1).bit_length() + 1) // 2)
        self._mask = (1 << self._half) - 1
        self._key = key

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> int:
        if not 0 <= place < self._size:
            raise IndexError(place)
        value = self._encrypt(place)
        while value >= self._size:
            value = self._encrypt(value)
        return value

    def _encrypt(self, value: int) -> int:
        left, right = value >> self._half, value & self._mask
        for number in range(_ROUNDS):
            left, right = right, left ^ (mix64(self._key, number, right) & self._mask)
        return left << self._half | right


class ShuffledSource:
    """A sequence in an order that is shuffled anew for each pass over it.

    The order depends on the seed, the name and the pass alone.
    """

    def __init__(self, documents: Documents, *, name: str, seed: int) -> None:
        """
        Args:
            documents: at least one.
            name: the group's id.
            seed: the run's seed.
        """
        if not len(documents):
            raise ConfigurationError(f"{name} has no document: give it data, or take it out of the run")
        self._documents = documents
        self._seed = seed
        self._hash = fnv1a(name)
        self._permutation = (-1, Permutation(1, 0))

    def __len__(self) -> int:
        return len(self._documents)

    def place(self, occurrence: int) -> int:
        """The place in the sequence of the document at an occurrence."""
        epoch, place = divmod(occurrence, len(self._documents))
        if self._permutation[0] != epoch:
            key = mix64(self._seed, self._hash, epoch)
            self._permutation = (epoch, Permutation(len(self._documents), key))
        return self._permutation[1][place]

    def at(self, occurrence: int) -> Any:
        return self._documents[self.place(occurrence)]

    def epoch(self, occurrence: int) -> int:
        return occurrence // len(self._documents)


class IterableSource:
    """Whatever can be iterated over, opened anew for each pass.

    It goes forward cheaply and backward by opening the pass again. Documents in between are passed over, by the
    iterable's own ``skip(n)`` where it has one and the size of a pass is known. Give each pass its own order in
    ``factory`` if it shall be shuffled.

    A pass must be the same in every process. A streaming set of ``datasets`` deals its shards to a loader's workers by
    itself: take it with one worker at most.
    """

    def __init__(self, factory: Callable[[int], Iterable[Any]], *, name: str, size: int | None = None) -> None:
        """
        Args:
            factory: opens the documents of a pass, 0, 1, 2, ...; every pass has equally many.
            name: the group's id.
            size: documents of a pass; without it, it is learned when the first pass ends.
        """
        self._factory = factory
        self._name = name
        self._size = size
        self._open(0, 0)

    def at(self, occurrence: int) -> Any:
        """The document at an occurrence.

        Raises:
            ConfigurationError: a pass is empty, or shorter than the others.
        """
        if self._size is not None and occurrence // self._size != self._epoch:
            self._open(*divmod(occurrence, self._size))
        elif occurrence < self._next:
            self._open(self._epoch, occurrence - self._epoch * (self._size or 0))
        while True:
            for document in self._iterator:
                self._next += 1
                if self._next > occurrence:
                    return document
            if self._size is not None or self._next == 0:
                raise ConfigurationError(f"pass {self._epoch} of {self._name} ends after {self._next} documents in all")
            self._size = self._next
            self._open(*divmod(occurrence, self._size))

    def epoch(self, occurrence: int) -> int:
        """0 until the size of a pass is known."""
        return occurrence // self._size if self._size else 0

    def _open(self, epoch: int, skip: int) -> None:
        documents = self._factory(epoch)
        self._epoch = epoch
        self._next = epoch * (self._size or 0)
        skipping = getattr(documents, "skip", None)
        if skip and self._size is not None and callable(skipping):
            documents = skipping(skip)
            self._next += skip
        self._iterator: Iterator[Any] = iter(documents)


class TextFiles:
    """Documents of text files (UTF-8), found by their places in the files.

    Files whose names have ``.json`` or ``.jsonl`` before an optional ``.gz`` hold one JSON object a line, and the
    document is one of its fields; blank lines are left out. Others hold text, documents parted by ``separator``. The
    index takes 8 bytes a document. Files that end in ``.gz`` are unpacked into memory.
    """

    def __init__(
        self, patterns: str | Iterable[str], *, field: str = "text", separator: bytes = b"\n\f\n"
    ) -> None:
        self._field = field
        self._files = [_File(path, separator) for path in find_files(patterns)]
        self._ends = list(accumulate(len(file.starts) - 1 for file in self._files))

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self):
            raise IndexError(place)
        file_number = bisect_right(self._ends, place)
        file = self._files[file_number]
        number = place - (self._ends[file_number - 1] if file_number else 0)
        data = file.document(number)
        try:
            return _text_field(json.loads(data), self._field) if file.json else data.decode()
        except ValueError as e:
            raise ConfigurationError(f"{file.path}, document {number + 1}: {e}") from e


class ByteRows:
    """Rows of equal length cut one after the other from the bytes of all files together, which are held in memory.

    Neighbours share one byte: the last of one is the first of the next. So every byte is predicted once a pass, but for
    the very first and for those that are too few for a row at the end.
    """

    def __init__(self, patterns: str | Iterable[str], *, length: int) -> None:
        """
        Args:
            length: bytes of a row, at least 2: one more than a model's context.
        """
        if length < 2:
            raise ConfigurationError(f"a row has at least 2 bytes, not {length}")
        self._text = b"".join(_read(path) for path in find_files(patterns))
        self._length = length

    def __len__(self) -> int:
        return max(0, (len(self._text) - 1) // (self._length - 1))

    def __getitem__(self, place: int) -> bytes:
        if not 0 <= place < len(self):
            raise IndexError(place)
        begin = place * (self._length - 1)
        return self._text[begin : begin + self._length]


def find_files(patterns: str | Iterable[str]) -> list[Path]:
    """The files that match, each once, sorted by name. The path of a file stands for itself, whatever is in it.

    Raises:
        ConfigurationError: when a pattern matches nothing.
    """
    found: set[Path] = set()
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        matches = [pattern] if os.path.isfile(pattern) else glob(pattern, recursive=True)
        files = {Path(match) for match in matches if os.path.isfile(match)}
        if not files:
            raise ConfigurationError(f"no file matches {pattern}")
        found |= files
    if not found:
        raise ConfigurationError("no files are named")
    return sorted(found)


class MicroBatch(NamedTuple):
    """What one draw takes: rows of one group.

    Attributes:
        group: place of the group in the run's list.
        id: the group's id.
        occurrence: which draw of the group this is, since the run's step 0.
        rows: what ``collate`` makes of the documents; by default the list of them.
    """

    group: int
    id: str
    occurrence: int
    rows: Any

    @property
    def part(self) -> int:
        """The half that its signal belongs to: 0 (A) or 1 (B)."""
        return self.occurrence & 1


class StepBatch(NamedTuple):
    """What one rank takes in one optimiser step.

    Attributes:
        step: the step.
        version: the plan that drew it.
        micro_batches: in the order of the draws; none for a draw whose group had no document yet.
    """

    step: int
    version: int
    micro_batches: list[MicroBatch]


class Mixer:
    """The documents that each step's draws take on one rank.

    With mode ``split``, the draws of a step are dealt to the ranks, each with all its rows. With mode ``shared``, every
    rank takes every draw, and the rows of each are dealt.
    """

    def __init__(
        self,
        spec: RunSpec,
        sources: Mapping[str, Source],
        *,
        rows: int,
        rank: int = 0,
        ranks: int = 1,
        mode: str = "split",
        collate: Callable[[list[Any]], Any] = list,
    ) -> None:
        """
        Args:
            sources: one for each group of the run, by id.
            rows: documents that a draw takes, over all ranks.
            collate: makes a micro-batch's ``rows`` of the documents.

        Raises:
            ConfigurationError: when a group has no source, or draws or rows cannot be dealt evenly.
        """
        missing = [group.id for group in spec.groups if group.id not in sources]
        if missing:
            raise ConfigurationError(f"no source for the groups {', '.join(missing)}")
        if mode not in ("split", "shared"):
            raise ConfigurationError(f"mode is 'split' or 'shared', not '{mode}'")
        if not 0 <= rank < ranks:
            raise ConfigurationError(f"rank {rank} of {ranks}")
        dealt, what = (spec.draws_per_step, "draws a step") if mode == "split" else (rows, "rows a draw")
        if rows < 1 or dealt % ranks:
            raise ConfigurationError(f"{dealt} {what} cannot be dealt to {ranks} ranks evenly")
        self._ids = [group.id for group in spec.groups]
        self._sources = [sources[group.id] for group in spec.groups]
        self._rows = rows
        self._collate = collate
        share = dealt // ranks
        mine, everything = slice(rank * share, (rank + 1) * share), slice(None)
        self._draws: slice = mine if mode == "split" else everything
        self._part: slice = everything if mode == "split" else mine

    def batch(self, plan: StepPlan) -> StepBatch:
        """This rank's documents of a step. Draws of groups without a document (:class:`ArrivingSource`) are left out."""
        draws = zip(plan.draws[self._draws], plan.occurrences[self._draws], strict=True)
        drawn = (self._micro_batch(group, n) for group, n in draws)
        return StepBatch(plan.step, plan.version, [micro for micro in drawn if micro is not None])

    def _micro_batch(self, group: int, occurrence: int) -> MicroBatch | None:
        first, source = occurrence * self._rows, self._sources[group]
        ready = getattr(source, "ready", None)
        if ready is not None and not ready(first, self._rows):
            return None
        try:
            documents = [source.at(first + row) for row in range(self._rows)[self._part]]
        except NoDocument:
            return None
        return MicroBatch(group, self._ids[group], occurrence, self._collate(documents))


def open_documents(data: Mapping[str, Any]) -> Documents:
    """Opens what a run's declaration says of where a group's or target's data is.

    - ``{"files": [...]}``: :class:`TextFiles`, whose ``field`` and ``separator`` may stand beside it.
    - ``{"huggingface": name}``, with ``config``, ``split`` (``train`` by default) and ``field`` (``text``): a data set
      as ``datasets.load_dataset`` knows it; a document is the field of a row.
    - ``{"mosaicml": folder}``: a local data set of MosaicML Streaming; a document is a sample.

    Raises:
        ConfigurationError: when it says something else, the data cannot be opened, or the library for it is missing.
    """
    options = dict(data)
    try:
        if "files" in options:
            return TextFiles(options.pop("files"), **options)
        if "huggingface" in options:
            return _hugging_face(options.pop("huggingface"), **options)
        if "mosaicml" in options:
            return _mosaicml(options.pop("mosaicml"), **options)
    except ImportError as missing:
        raise ConfigurationError(f"data {dict(data)}: {missing}: install it, or name files instead") from missing
    except ConfigurationError:
        raise
    except Exception as wrong:  # The libraries promise no type.
        raise ConfigurationError(f"data {dict(data)}: {wrong}") from wrong
    raise ConfigurationError(f"data {dict(data)}: expected one of files, huggingface, mosaicml")


def _hugging_face(name: str, *, config: str | None = None, split: str = "train", field: str = "text") -> Documents:
    from datasets import load_dataset  # type: ignore[import-not-found, unused-ignore]

    return _Field(load_dataset(name, config, split=split), name, field)


def _mosaicml(folder: str) -> Documents:
    if "://" in folder:
        raise ConfigurationError(
            f"{folder} is not on this machine: copy the data set into a folder and name that, "
            "or hand a StreamingDataset of your own to ShuffledSource"
        )
    from streaming import LocalDataset  # type: ignore[import-not-found, unused-ignore]

    samples: Documents = LocalDataset(local=folder)
    return samples


class _Field:
    """One field of each row."""

    def __init__(self, rows: Documents, name: str, field: str) -> None:
        self._rows = rows
        self._name = name
        self._field = field

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> str:
        try:
            return _text_field(self._rows[place], self._field)
        except ValueError as e:
            raise ConfigurationError(f"{self._name}, row {place}: {e}") from e


def _text_field(row: Any, field: str) -> str:
    """
    Raises:
        ValueError: there is none.
    """
    text = row.get(field) if isinstance(row, dict) else None
    if not isinstance(text, str):
        raise ValueError(f"there is no text in a field '{field}'")
    return text


class _File:
    """One file and where its documents begin; the last entry of ``starts`` is where the last one ends."""

    def __init__(self, path: Path, separator: bytes) -> None:
        name = path.name.removesuffix(".gz")
        self.path = path
        self.json = name.endswith((".json", ".jsonl"))
        self._separator = b"" if self.json else separator
        self._text = _read(path) if path.suffix == ".gz" else None
        self._file: BinaryIO | None = None
        self.starts = array("Q", [0])
        self.starts.extend(self._line_ends() if self.json else self._text_ends())

    def document(self, number: int) -> bytes:
        begin, end = self.starts[number], self.starts[number + 1]
        if self._text is not None:
            data = self._text[begin:end]
        else:
            if self._file is None:
                self._file = self.path.open("rb")
            # Forked workers share the file's position, so none is used.
            data = os.pread(self._file.fileno(), end - begin, begin)
        return data.removesuffix(self._separator)

    def __getstate__(self) -> dict[str, Any]:
        """Every process opens the file for itself."""
        return {**self.__dict__, "_file": None}

    def _line_ends(self) -> Iterator[int]:
        """Where each line that is not blank ends; blank ones belong to the next, where JSON overlooks them."""
        end = 0
        with self._reader() as file:
            for line in file:
                end += len(line)
                if line.strip(_JSON_BLANKS):
                    yield end

    def _text_ends(self) -> Iterator[int]:
        """Where each separator ends, and the file if there is something behind the last one."""
        kept, size, last = b"", 0, 0
        with self._reader() as file:
            while chunk := file.read(_SCAN):
                text = kept + chunk
                at = size - len(kept)
                end = 0
                while (found := text.find(self._separator, end)) >= 0:
                    end = found + len(self._separator)
                    last = at + end
                    yield last
                size += len(chunk)
                kept = text[max(end, len(text) - len(self._separator) + 1) :]
        if last < size:
            yield size

    def _reader(self) -> BinaryIO:
        return self.path.open("rb") if self._text is None else BytesIO(self._text)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data
