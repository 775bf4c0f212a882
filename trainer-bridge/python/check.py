#!/usr/bin/env python3
"""Checks the Python package: types, tests, wheel. Maven calls it in the phase verify; it needs nothing but Python.

The tools come from a virtual environment under ~/.cache/sluice, one for each content of the files in requirements/.
Where it cannot be made (no network), nothing is checked, and the output says so.

    SLUICE_PYTHON=...            the Python to use instead of python3
    SLUICE_PYTHON_REQUIRED=1     what cannot be checked fails
    SLUICE_PYTHON_TORCH=1        the PyTorch side is checked too, with the versions of requirements/torch.txt; without
                                 it, that side is checked only where this Python has PyTorch and the tools already
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "target"
REQUIRED = os.environ.get("SLUICE_PYTHON_REQUIRED") == "1"
TORCH = os.environ.get("SLUICE_PYTHON_TORCH") == "1"
TORCH_TOOLS = ("torch", "numpy", "pytest", "mypy", "transformers", "accelerate", "lightning", "tensorboard")

# The scripts of the benchmarks that do without PyTorch.
SCRIPTS = ("bench/step_cost.py", "bench/ranks.py", "bench/outage.py")

# What imports PyTorch, or something that does.
TORCH_SIDE = ("src/sluice/torch", "src/sluice/adapters", "src/sluice/tensorboard.py", "tests/torch", "examples")


def say(text: str) -> None:
    print(f"python: {text}", flush=True)


def environment(*requirements: str) -> Path | None:
    """Path of a Python that has these requirements; None when it cannot be made."""
    files = [HERE / "requirements" / name for name in requirements]
    key = hashlib.sha256("\n".join([sys.version, sys.prefix, *(file.read_text() for file in files)]).encode())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluice"
    folder = cache / f"python-{key.hexdigest()[:16]}"
    python = folder / "bin" / "python"
    cache.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "complete").exists():
            return python
        say(f"making {folder} for {', '.join(requirements)}")
        shutil.rmtree(folder, ignore_errors=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for file in files:
            install += ["-r", str(file)]
        for command in ([sys.executable, "-m", "venv", str(folder)], install):
            if subprocess.run(command, stdin=subprocess.DEVNULL).returncode != 0:
                say(f"'{' '.join(command[1:4])}' failed: no network, or no pip")
                return None
        (folder / "complete").touch()
        return python


def run(what: str, *command: str | Path) -> None:
    """Runs a check in this folder; ends with its exit status when it fails."""
    say(what)
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    status = subprocess.run(
        [str(word) for word in command], cwd=HERE, env=variables, stdin=subprocess.DEVNULL
    ).returncode
    if status != 0:
        say(f"{what}: FAILED")
        sys.exit(status)


def there(*paths: str) -> list[str]:
    return [path for path in paths if (HERE / path).exists()]


def check(python: Path) -> None:
    """Checks what needs no PyTorch, and builds the wheel."""
    hidden = [f"--exclude={'^' + path.replace('.', '[.]')}" for path in TORCH_SIDE]
    mypy: list[str | Path] = [python, "-m", "mypy", f"--cache-dir={TARGET / 'mypy'}"]
    run("types", *mypy, *hidden, "src", "tests", *SCRIPTS)
    run("tests", python, "-m", "pytest", "-q", "--ignore=tests/torch", "tests")
    pip: list[str | Path] = [python, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    run("wheel", *pip, "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", TARGET, HERE)


def check_torch(python: Path) -> None:
    """Checks all types, and tests the PyTorch side."""
    # Its tests import their helpers, and the examples, by name.
    os.environ["MYPYPATH"] = os.pathsep.join(there("tests/torch", "examples"))
    mypy: list[str | Path] = [python, "-m", "mypy", f"--cache-dir={TARGET / 'mypy-torch'}"]
    run("types of the PyTorch side", *mypy, "src", "bench", *there("examples"))
    run("types of its tests", *mypy, "tests/torch")
    run("tests of the PyTorch side", python, "-m", "pytest", "-q", *there("tests/torch"))


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    say(f"checking with Python {sys.version.split()[0]}")
    python = environment("checks.txt")
    if python is None:
        say("NOT checked: types, tests, wheel, PyTorch side")
        sys.exit(1 if REQUIRED else 0)
    check(python)
    with_torch: Path | None = None
    if TORCH:
        with_torch = environment("checks.txt", "torch.txt")
    elif all(importlib.util.find_spec(name) is not None for name in TORCH_TOOLS):
        with_torch = Path(sys.executable)
    if with_torch is not None:
        check_torch(with_torch)
        say("checked: types, tests, wheel, PyTorch side")
        return
    why = "what it needs could not be installed" if TORCH else "SLUICE_PYTHON_TORCH=1 checks it"
    say(f"checked: types, tests, wheel. NOT checked: PyTorch side ({why})")
    sys.exit(1 if TORCH and REQUIRED else 0)


if __name__ == "__main__":
    main()
