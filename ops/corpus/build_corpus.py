#!/usr/bin/env python3
"""Builds the demonstration corpus: labelled groups of real text, and held-out targets.

The manifest beside this script names the pinned package of every group and target. Packages come from their ordinary
clients (apt-get, npm, mvn; dpkg-deb opens the first kind), and every choice among texts follows from a hash of the
text itself, so two runs write the same files.

    build_corpus.py --out DIR            build the corpus and its manifest into DIR
    build_corpus.py --out DIR --check    build it again, write nothing, and report what in DIR differs
"""

import argparse
import base64
import gzip
import hashlib
import html
import io
import json
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SEPARATOR = "\n\f\n"
BLOCK = 8_000  # characters of a document cut out of a longer text
GROUP_LIMIT = 1_300_000  # bytes of a group: more than a short run reads, and small enough to ship
POOR_LIMIT = 700_000  # bytes of a poor group: noise hardly compresses
TARGET_LIMIT = 380_000  # bytes of a target's dev and of its test file
HELD_OUT_LIMIT = 45_000  # bytes that each useful group gives to the dev file, and again to the test file, of "held_out"
HELD_OUT = "held_out"

Files = dict[str, bytes]

FETCH = {
    "deb": "apt-get download -qq {name}={version}",
    "npm": "npm pack --silent {name}@{version}",
    "mvn": "mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:2.8:copy -DoutputDirectory=."
    " -Dartifact={name}:{version}:jar:sources",
}


class Shelf:
    """Fetches each package once and keeps it for the groups that share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archives: dict[str, Path] = {}

    def archive(self, source: str) -> Path:
        """The package's own archive, untouched."""
        if source not in self.archives:
            print(f"fetching {source}", file=sys.stderr)
            kind, package = source.split(":", 1)
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            name, version = package.rsplit("=", 1)
            command = FETCH[kind].format(name=name, version=version).split()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            (self.archives[source],) = folder.iterdir()
        return self.archives[source]

    def files(self, source: str) -> Files:
        """The regular files of a package by path, in the order of their paths."""
        path = self.archive(source)
        if path.suffix == ".jar":
            with zipfile.ZipFile(path) as jar:
                files = {name: jar.read(name) for name in jar.namelist() if not name.endswith("/")}
        else:
            data = path.read_bytes()
            if path.suffix == ".deb":
                data = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, capture_output=True).stdout
            with tarfile.open(fileobj=io.BytesIO(data)) as tar:
                files = {m.name: reader.read() for m in tar if m.isreg() and (reader := tar.extractfile(m))}
        return dict(sorted(files.items()))


def only(files: Files, ending: str) -> bytes:
    """The one file of a package whose path has this ending."""
    (data,) = (data for path, data in files.items() if path.endswith(ending))
    return data


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def squeeze(text: str) -> str:
    """The text without trailing blanks, and with one empty line at most between paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip("\n")


def blocks(parts: Iterable[str], glue: str) -> Iterator[str]:
    """Joins consecutive parts to documents of about BLOCK characters, so that no document outweighs the others."""
    held: list[str] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part) + len(glue)
        if length >= BLOCK:
            yield glue.join(held)
            held, length = [], 0
    if held:
        yield glue.join(held)


def paragraphs(text: str) -> Iterator[str]:
    return blocks(squeeze(text).split("\n\n"), "\n\n")


def shuffled(documents: Iterable[str]) -> list[str]:
    """The distinct documents in the order of their hashes: a shuffle that needs no seed."""
    return sorted(set(documents), key=lambda document: sha256(document.encode()))


def take(documents: list[str], limit: int) -> list[str]:
    """As many leading documents as fit in limit bytes."""
    taken: list[str] = []
    total = 0
    for document in documents:
        total += len(document.encode()) + len(SEPARATOR)
        if total > limit:
            break
        taken.append(document)
    return taken


def novels(files: Files) -> Iterator[str]:
    """The lines of each novel, read from the R data base: zlib streams of serialised character vectors."""
    data = only(files, "janeaustenr/data/Rdata.rdb")
    at = 0
    while at < len(data):
        stream = zlib.decompressobj()
        vector = stream.decompress(data[at + 4 :])  # four bytes of length come first
        at = len(data) - len(stream.unused_data)
        here = vector.index(b"\0\0\0\x10") + 8  # past the type mark of a character vector and its length
        (count,) = struct.unpack_from(">i", vector, here - 4)
        lines: list[str] = []
        for _ in range(count):
            _, length = struct.unpack_from(">ii", vector, here)
            here += 8 + length
            lines.append(vector[here - length : here].decode())
        yield from paragraphs("\n".join(lines).replace("_", ""))  # underscores mark italics


def bible(files: Files) -> Iterator[str]:
    """The running text of each book, without notes, headings, verse numbers and the tags of every word."""
    for testament in ("ot", "nt"):
        index, data = (only(files, f"{testament}.{ending}") for ending in ("bzs", "bzz"))
        for start, length, _ in struct.iter_unpack("<III", index):
            text = zlib.decompress(data[start : start + length]).decode()
            text = re.sub(r"(?s)<note\b.*?</note>|<title\b.*?</title>", "", text)
            text = re.sub(r"\s+", " ", text)
            text = re.sub(r'<div [^>]*type="x-p"[^>]*>|<lg\b[^>]*>|<chapter\b[^>]*>', "\n\n", text)
            text = re.sub(r"<l\b[^>]*\bsID[^>]*>|<lb\b[^>]*>", "\n", text)
            text = html.unescape(re.sub(r"<[^>]*>", "", text))
            lines = (re.sub(r" +", " ", line).strip() for line in text.split("\n"))
            folded = (textwrap.fill(line, 78, break_on_hyphens=False) for line in lines)
            yield from paragraphs("\n".join(folded))


def dictionary(files: Files) -> Iterator[str]:
    """One line a meaning: its words, then the gloss with its examples. Neighbours treat of the same subject."""
    for part in ("noun", "verb", "adj", "adv"):
        entries = []
        for line in only(files, f"wordnet/data.{part}").decode().splitlines():
            if line.startswith("  "):  # the licence, kept in licences/
                continue
            record, gloss = line.split(" | ", 1)
            fields = record.split()
            words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            names = ", ".join(re.sub(r"\(\w+\)$", "", word).replace("_", " ") for word in words)
            entries.append(f"{names}: {gloss.strip()}")
        yield from blocks(entries, "\n")


def other_terms(code: str) -> bool:
    """Whether a source names a licence of its own or a forum, and so may hold parts under other terms."""
    return bool(re.search(r"licen[cs]e|redistribution and use|stack ?overflow|activestate", code, re.IGNORECASE))


def java_code(files: Files) -> Iterator[str]:
    """Sources under the Apache notice, from the package line on: the notice itself is the same in each of them."""
    for path, data in files.items():
        header, found, code = data.decode().partition("\npackage ")
        if path.startswith("com/google/common/") and found and "Apache License" in header and not other_terms(code):
            yield from paragraphs("package " + code)


def python_code(files: Files) -> Iterator[str]:
    """Modules, not their tests, without the comments at their heads, which hold copyright lines: licences/ has those."""
    for path, data in files.items():
        if "/dist-packages/networkx/" in path and path.endswith(".py") and "/tests/" not in path:
            code = data.decode()
            if not other_terms(code):
                yield from paragraphs(re.sub(r"\A(?:#.*\n|\n)*", "", code))


def noise_words(files: Files) -> Iterator[str]:
    """Words in capitals in the order of their hashes, eight a line: no sentence, and no spelling that others use."""
    words = shuffled(w.upper() for w in only(files, "dict/american-english").decode().split() if w.isascii() and w.isalpha())
    return blocks((" ".join(words[i : i + 8]) for i in range(0, len(words), 8)), "\n")


def noise_base64(archives: list[Path]) -> Iterator[str]:
    """Base64 of gzip archives: six random bits a letter, and no more to learn than that.

    The packages' own archives are taken as they are, since a gzip made here would depend on the local zlib.
    """
    encoded = b"".join(base64.encodebytes(archive.read_bytes()) for archive in archives)
    return blocks(encoded.decode().splitlines(), "\n")


def interface_strings(files: Files) -> Iterator[str]:
    """The translated strings of a language pack, module by module, in each module's order."""
    for path, data in files.items():
        text = data.decode()
        if path.endswith("main.i18n.json.js"):
            array = text[text.index("[") : text.rindex("]") + 1]
            yield from filter(None, json.loads(re.sub(r"(?m)^\tundefined\b", "null", array)))
        elif path.endswith(".i18n.json"):
            for section in json.loads(text)["contents"].values():
                yield from section.values()


def plain(string: str) -> str:
    """One line of text: no icons, no keyboard marks, and of a link only what a reader sees."""
    string = re.sub(r"\$\([\w-]+(?:~\w+)?\)|&&|[\u00ad\u200b]", "", string)
    string = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", string)
    return " ".join(string.split())


def letters(string: str) -> str:
    """What makes two strings the same: their letters, whatever the case, the placeholders and the stops."""
    return re.sub(r"[\W\d_]+", "", re.sub(r"\{\w+\}", "", string)).casefold()


def interface_texts(packs: dict[str, Files]) -> dict[str, Iterator[str]]:
    """Documents of each language, without the strings that two languages share: those are mostly left untranslated.

    A string that is left occurs in one language and there once, so no two documents share one.
    """
    strings: dict[str, dict[str, str]] = {language: {} for language in packs}
    for language, files in packs.items():
        for string in map(plain, interface_strings(files)):
            strings[language].setdefault(letters(string), string)
    languages = Counter(key for known in strings.values() for key in known)
    return {
        language: blocks((string for key, string in known.items() if len(key) > 1 and languages[key] == 1), "\n")
        for language, known in strings.items()
    }


def long_lines(documents: Iterable[str]) -> set[str]:
    return {line.strip() for document in documents for line in document.split("\n") if len(line.strip()) >= 40}


def dev_and_test(documents: Iterable[str], groups: set[str]) -> tuple[list[str], list[str]]:
    """Deals distinct documents to dev and test; none of test shares a long line with dev or with those of the groups."""
    order = shuffled(documents)
    dev = take(order, TARGET_LIMIT)
    known = long_lines(dev) | groups
    return dev, take([d for d in order[len(dev) :] if known.isdisjoint(long_lines([d]))], TARGET_LIMIT)


def documents(sources: dict[str, str], shelf: Shelf) -> dict[str, Iterable[str]]:
    """All documents of each group and target."""
    package = {name: shelf.files(source) for name, source in sources.items() if " " not in source}
    archives = [shelf.archive(source) for source in sources["noise_base64"].split()]
    return {
        "en_novels": novels(package["en_novels"]),
        "en_bible": bible(package["en_bible"]),
        "en_dictionary": dictionary(package["en_dictionary"]),
        "python": python_code(package["python"]),
        "java": java_code(package["java"]),
        "noise_words": noise_words(package["noise_words"]),
        "noise_base64": noise_base64(archives),
        **interface_texts({language: package[language] for language in ("es", "fr", "it", "pt")}),
    }


def build(manifest: dict[str, Any], shelf: Shelf) -> dict[str, bytes]:
    """The uncompressed bytes of every file by its path; their sizes and hashes go into the manifest."""
    parts = [part for part in manifest["groups"] + manifest["targets"] if part["id"] != HELD_OUT]
    available = documents({part["id"]: part["source"] for part in parts}, shelf)
    files: dict[str, bytes] = {}
    known: set[str] = set()
    held_out: tuple[list[str], list[str]] = ([], [])
    for group in manifest["groups"]:
        order = shuffled(available[group["id"]])
        if not group["poor"]:
            for kept in held_out:
                kept += take(order, HELD_OUT_LIMIT)
                order = [document for document in order if document not in kept]
        chosen = take(order, POOR_LIMIT if group["poor"] else GROUP_LIMIT)
        known |= long_lines(chosen)
        data = files[group["file"]] = joined(chosen)
        group.update(bytes=len(data), documents=len(chosen), sha256=sha256(data))
    for target in manifest["targets"]:
        own = target["id"] == HELD_OUT
        dev, test = map(joined, held_out if own else dev_and_test(available[target["id"]], known))
        files |= {target["dev"]: dev, target["test"]: test}
        target.update(devBytes=len(dev), testBytes=len(test), devSha256=sha256(dev), testSha256=sha256(test))
    return files


def joined(texts: list[str]) -> bytes:
    return (SEPARATOR.join(texts) + "\n").encode()


def write(out: Path, files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    for path, data in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def differences(out: Path, files: dict[str, bytes], manifest: dict[str, Any]) -> list[str]:
    """What in the folder is not as built. Texts are compared uncompressed, since zlib versions pack differently."""
    wrong = [path for path, data in files.items() if gzip.decompress((out / path).read_bytes()) != data]
    return wrong + ["manifest.json"] * (json.loads((out / "manifest.json").read_text()) != manifest)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the corpus")
    parser.add_argument("--check", action="store_true", help="write nothing; report what differs from a fresh build")
    options = parser.parse_args()
    manifest = json.loads(Path(__file__).with_name("manifest.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        files = build(manifest, Shelf(Path(folder)))
    if options.check:
        wrong = differences(options.out, files, manifest)
        print("\n".join(f"differs: {path}" for path in wrong) or "the corpus is as built")
        return 1 if wrong else 0
    write(options.out, files, manifest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
