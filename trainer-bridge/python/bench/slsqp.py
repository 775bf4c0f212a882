"""Solves sample mixture programs with SciPy's SLSQP, to compare Sluice's solver with.

The programs are those of io.sluice.core.solver.SampleProgram, made from the same seeds.

    slsqp.py time GROUPS TARGETS STRENGTH SEED...    one line of JSON a program, with its seconds
    slsqp.py vectors FILE                            writes the vectors of state/core's tests

It needs numpy and scipy, and nothing of Sluice.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import minimize

WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
SHARED, ROWS, INSIDE, FACTORS, SLACK = 1, 2, 1_000, 2_000, 0.01
SIZES = [(2, 1), (3, 2), (5, 3), (8, 10), (13, 4), (26, 5), (50, 2), (100, 5), (150, 8), (200, 10)]
STRENGTHS = [1.0, 0.1, 0.01]


def fin(z: int) -> int:
    """SplitMix64's finaliser."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def uniform(seed: int, stream: int, k: int) -> float:
    word = fin((fin((seed ^ stream) & WORD) + (k + 1) * GOLDEN) & WORD)
    return (word >> 11) * 2.0**-53


def rows(seed: int, stream: int, m: int, n: int) -> np.ndarray:
    made = np.array(
        [
            [
                0.5 * (2 * uniform(seed, SHARED, j) - 1) + (2 * uniform(seed, stream + i, j) - 1)
                for j in range(m)
            ]
            for i in range(n)
        ]
    )
    return made / np.abs(made).max(axis=1, keepdims=True)


class Program:
    def __init__(self, seed: int, m: int, n: int, strength: float) -> None:
        inside = np.array([uniform(seed, INSIDE, j) + 0.05 for j in range(m)])
        self.inside = inside / inside.sum()
        self.rows = rows(seed, ROWS, m, n)
        boxed = seed % 2 == 0
        self.floors = self.inside / 4 if boxed else np.zeros(m)
        self.caps = np.minimum(1, 4 * self.inside) if boxed else np.ones(m)
        self.gain = self.rows.sum(axis=0)
        self.bounds = self.rows @ self.inside - SLACK
        self.reference = np.full(m, 1 / m) if seed % 4 >= 2 else self.inside
        self.balance = float(seed % 3)
        self.factors = rows(seed, FACTORS, m, 2) if seed % 5 == 0 else np.zeros((0, m))
        self.strength = strength

    def objective(self, w: np.ndarray) -> float:
        kl = float(np.sum(w * np.log(np.maximum(w, 1e-300) / self.reference)))
        spread = float(np.std(self.rows @ w))
        return (
            -float(self.gain @ w)
            + self.balance * spread
            + self.strength * kl
            + float(np.sum((self.factors @ w) ** 2)) / 2
        )

    def gradient(self, w: np.ndarray) -> np.ndarray:
        y = self.rows @ w
        spread = np.std(y)
        pull = self.rows.T @ (y - y.mean()) / (len(y) * spread) if spread > 1e-12 else 0 * w
        return (
            -self.gain
            + self.balance * pull
            + self.strength * (np.log(np.maximum(w, 1e-300) / self.reference) + 1)
            + self.factors.T @ (self.factors @ w)
        )

    def violation(self, w: np.ndarray) -> float:
        return max(0.0, float(np.max(self.bounds - self.rows @ w)))

    def repaired(self, w: np.ndarray) -> np.ndarray:
        """The same, brought back to the simplex, the box and the rows."""
        w = np.clip(w, self.floors, self.caps)
        for _ in range(100):
            w = np.clip(w / w.sum(), self.floors, self.caps)
        t = self.violation(w) / (self.violation(w) + SLACK)
        return (1 - t) * w + t * self.inside


def solve(program: Program, precision: float) -> tuple[np.ndarray, float]:
    start = time.perf_counter()
    found = minimize(
        program.objective,
        program.inside,
        jac=program.gradient,
        method="SLSQP",
        bounds=list(zip(np.maximum(program.floors, 1e-12), program.caps)),
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones_like(w)},
            {
                "type": "ineq",
                "fun": lambda w: program.rows @ w - program.bounds,
                "jac": lambda w: program.rows,
            },
        ],
        options={"maxiter": 2000, "ftol": precision},
    )
    return found.x, time.perf_counter() - start


def tell_times(m: int, n: int, strength: float, seeds: list[int]) -> None:
    for seed in seeds:
        program = Program(seed, m, n, strength)
        w, seconds = solve(program, 1e-9)
        told = {"seed": seed, "seconds": seconds, "objective": program.objective(program.repaired(w))}
        print(json.dumps(told), flush=True)


def write_vectors(path: str) -> None:
    cases = []
    seed = 0
    for m, n in SIZES:
        for strength in STRENGTHS:
            for _ in range(2):
                seed += 1
                program = Program(seed, m, n, strength)
                w, _ = solve(program, 1e-13)
                objective = program.objective(program.repaired(w))
                cases.append(
                    {"seed": seed, "m": m, "n": n, "strength": strength, "objective": objective}
                )
    with open(path, "w", encoding="utf-8") as file:
        lines = ",\n  ".join(json.dumps(case) for case in cases)
        file.write(
            '{\n "doc": "Objectives that SciPy\'s SLSQP reached on the programs of SampleProgram;'
            f' made by slsqp.py vectors.",\n "cases": [\n  {lines}\n ]\n}}\n'
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["time"] and len(sys.argv) > 5:
        tell_times(
            int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), [int(s) for s in sys.argv[5:]]
        )
    elif sys.argv[1:2] == ["vectors"] and len(sys.argv) == 3:
        write_vectors(sys.argv[2])
    else:
        sys.exit(__doc__)
