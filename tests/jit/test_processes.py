"""A kernel loaded from disk does what the compiled one did, in processes that share nothing but the disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KERNELS = """
import numpy as np
from dedup.jit import kernel
from steps import STEP, WEIGHTS

@kernel
def stepped(value):
    return value * STEP

@kernel
def total(values, times=1):
    if times == 13:
        raise ValueError("unlucky")
    found = 0
    for value in values:
        found += stepped(value) * times + WEIGHTS[0]
    return found

@kernel
def made(size, like=None):
    columns, halves = np.empty((2, size), np.int32), np.empty(size)
    for at in range(size):
        columns[0, at], columns[1, at], halves[at] = 0 if like is None else like[at], 0, at / 2
    return columns, halves

@kernel
def pieces(pair):
    return len(pair[0]) - len(pair[1])

@kernel
def answered(flag, spins):
    for _ in range(1 << 34):
        spins[0] += 1
        if flag[0]:
            return True
    return False
"""

PROGRAM = """
import json, sys, threading
import numpy as np
from dedup import jit
from kernels import *
from numba.core import event

compiled = []

class Names(event.Listener):
    def on_start(self, each):
        kernel = each.data["dispatcher"].py_func
        if kernel.__module__ == "kernels":
            compiled.append(kernel.__name__)
    def on_end(self, each): pass

event.register("numba:compile", Names())
told = []
jit.observe(lambda: told.append("told"))
three = np.arange(3)
read_only = three.view()
read_only.flags.writeable = False
said = {"stepped": stepped(4), "total": [total(three), total(three, 5), total(read_only)]}
try:
    total(three, 13)
except ValueError as error:
    said["error"] = str(error)
columns, halves = made(3)
said["made"] = [columns.tolist(), halves.tolist(), made(3, three)[0].tolist(), str(columns.dtype)]
said["pieces"] = [pieces((three, np.zeros(1))), pieces((three.astype(np.uint8), three))]
flag, spins, ready = np.zeros(1, np.int64), np.zeros(1, np.int64), threading.Event()
def answer():
    ready.wait()
    flag[0] = 1
thread = threading.Thread(target=answer)
thread.start()
ready.set()
said["answered"] = bool(answered(flag, spins))
thread.join()
prepared = "numba.np.linalg" in sys.modules
print(json.dumps({"said": said, "compiled": sorted(set(compiled)), "told": len(told), "prepared": prepared}))
"""

SAID = {
    "stepped": 8,
    "total": [27, 51, 27],
    "error": "unlucky",
    "made": [[[0, 0, 0], [0, 0, 0]], [0.0, 0.5, 1.0], [[0, 1, 2], [0, 0, 0]], "int32"],
    "pieces": [2, 0],
    "answered": True,
}
ALL = ["answered", "made", "pieces", "stepped", "total"]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where two processes have compiled the kernels at the same time."""
    folder = tmp_path_factory.mktemp("kernels")
    (folder / "kernels.py").write_text(KERNELS)
    (folder / "program.py").write_text(PROGRAM)
    (folder / "steps.py").write_text("import numpy as np\nSTEP = 2\nWEIGHTS = np.array([7])\n")
    for both in [start(folder), start(folder)]:
        told = heard(both)
        assert told["said"] == SAID
        assert told["told"] == 1
    return folder


@pytest.fixture
def folder(compiled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(compiled, tmp_path / "copy"))


def start(folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    environment = os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "kept")}
    return subprocess.Popen(
        [sys.executable, str(folder / "program.py")], env=environment, stdout=subprocess.PIPE, text=True
    )


def heard(process: subprocess.Popen[str]) -> dict[str, Any]:
    answer, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(answer)  # type: ignore[no-any-return]


def kept(folder: Path, name: str = "*") -> list[Path]:
    return sorted((folder / "kept").rglob(f"kernels.{name}-*.kernel"))


def test_what_is_compiled_is_not_compiled_again(folder: Path) -> None:
    warm = heard(start(folder))
    assert warm["said"] == SAID
    assert (warm["compiled"], warm["told"]) == ([], 0)
    assert not warm["prepared"], "the compiler got ready for nothing"
    assert not [each for each in (folder / "kept").rglob("*") if each.is_file() and each.suffix != ".kernel"]


def test_a_kernel_that_calls_a_loaded_one_is_compiled_with_it(folder: Path) -> None:
    for path in kept(folder, "total"):
        path.unlink()
    half_warm = heard(start(folder))
    assert half_warm["said"] == SAID
    assert half_warm["compiled"] == ["total"]


def test_damaged_files_are_replaced(folder: Path) -> None:
    cut, spoilt = kept(folder, "stepped")[0], kept(folder, "pieces")[0]
    cut.write_bytes(cut.read_bytes()[:-100])
    content = bytearray(spoilt.read_bytes())
    content[200] ^= 1
    spoilt.write_bytes(content)
    (emptied,) = kept(folder, "answered")
    emptied.write_bytes(b"")
    again = heard(start(folder))
    assert again["said"] == SAID
    # What was cut off is needed only by those who compile a kernel that calls this one.
    assert again["compiled"] == ["answered", "pieces"]


def test_kernels_are_compiled_again_when_what_they_are_made_from_changes(folder: Path) -> None:
    steps = folder / "steps.py"
    steps.write_text(steps.read_text().replace("STEP = 2", "STEP = 10"))
    source = folder / "kernels.py"
    source.write_text("# Lines move.\n\n" + source.read_text())
    before = len(kept(folder))
    edited = heard(start(folder))
    assert edited["said"] == SAID | {"stepped": 40, "total": [51, 171, 51]}
    assert edited["compiled"] == ["stepped", "total"]
    assert len(kept(folder)) == before, "the old ones should be replaced"


FORKING = """
import os
from dedup import jit
from kernels import stepped

jit.observe(lambda: print("told", os.getpid() == parent, flush=True))
parent = os.getpid()
children = []
for _ in range(2):
    child = os.fork()
    if not child:
        print(stepped(1.5), flush=True)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing to fork")
def test_what_forked_processes_compile_is_told_once_by_their_parent(folder: Path) -> None:
    (folder / "program.py").write_text(FORKING)
    told, _ = start(folder).communicate()
    assert sorted(told.split("\n")) == ["", "3.0", "3.0", "told True"]
