"""What figures were measured on: the machine, and the versions of what was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

MEASURED_WITH = ("numpy", "numba", "scikit-learn")
# By the flag that a processor shows for it: bits.
_VECTORS = {"avx512f": 512, "avx2": 256, "sse2": 128, "sve": 128, "asimd": 128}
_VERSIONS = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def machine() -> str:
    """What the figures were measured on, in one line."""
    return sentence(describe())


def describe() -> dict[str, Any]:
    """The machine: ``cpu cores vector memory system python`` and ``versions`` of what the program computes with.

    ``vector`` is the width of its registers in bits and ``memory`` is in GiB; what cannot be told is None.
    """
    told = _cpuinfo()
    flags = (told.get("flags") or told.get("Features") or "").split()
    return {
        "cpu": told.get("model name") or platform.processor() or platform.machine(),
        "cores": cores(),
        "vector": next((bits for flag, bits in _VECTORS.items() if flag in flags), None),
        "memory": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in MEASURED_WITH},
    }


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sentence(described: dict[str, Any]) -> str:
    """A machine as `describe` tells it, in one line."""
    vector = f", vectors of {described['vector']} bits" if described["vector"] else ""
    versions = ", ".join(f"{name} {number}" for name, number in described["versions"].items())
    return (
        f"{described['cpu']}, {described['cores']} cores{vector}, {described['memory']} GiB, {described['system']}; "
        f"Python {described['python']}, {versions}"
    )


def versions_of(python: Path, packages: Iterable[str]) -> dict[str, str]:
    """The versions of those packages that an interpreter has, by name."""
    told = subprocess.run([python, "-c", _VERSIONS, *packages], check=True, capture_output=True).stdout
    found: dict[str, str] = orjson.loads(told)
    return found


def _cpuinfo() -> dict[str, str]:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}
