"""One whole process and all that it starts: seconds, CPU seconds, memory."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
DEDUP = ("-m", "dedup")  # after the interpreter
_LOOK_EVERY = 0.05  # seconds, at least
_REST = 50  # times the CPU seconds of a look: looking costs a fiftieth of one core at most
_TAIL = 2000  # characters of what a failed process said


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took.

    Attributes:
        wall: Seconds; those of the cut-off where it was not done by then.
        cpu: Seconds, those of the processes that it started included.
        largest: MiB, the most that one process had resident.
        together: MiB, the most that all of them had at once, pages that some share counted once; None where the
            system does not tell.
        finished: Whether it was done before the cut-off.
    """

    wall: float
    cpu: float
    largest: float
    together: float | None
    finished: bool = True

    def record(self) -> dict[str, Any]:
        """As it is written down."""
        told = asdict(self)
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in told.items()}


def run(
    name: str,
    command: Sequence[str],
    scratch: Path,
    *,
    cut_off: float | None = None,
    environment: Mapping[str, str] | None = None,
    done: Collection[int] = (0,),
) -> Run:
    """Run a command to its end, or kill it and what it started when its time is up.

    Args:
        name: What it is called where it fails.
        scratch: A folder; ``stdout`` and ``stderr`` there hold what the process said.
        cut_off: Seconds.
        environment: Added to this process's own.
        done: Exit statuses of one that did its work.

    Raises:
        click.ClickException: It failed; with the end of what it said.
    """
    out, err = scratch / "stdout", scratch / "stderr"
    os.sync()  # what the one before has left to write is not this one's to wait for
    with out.open("wb") as said, err.open("wb") as complained:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=os.environ | dict(environment or {}),
            stdout=said,
            stderr=complained,
            start_new_session=True,
        )
        late = threading.Event()
        watch = _Watch(process.pid)
        timer = threading.Timer(cut_off or threading.TIMEOUT_MAX, _kill, (process.pid, late))
        timer.daemon = True
        timer.start()
        with watch:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in done and not late.is_set():
        tail = err.read_text("utf-8", "replace")[-_TAIL:]
        raise click.ClickException(
            f"{name} ended with status {process.returncode}:\n{' '.join(command)}\n{tail}"
        )
    # Processes that nobody waits for are missing in what the system sums up, and short ones in what was seen.
    cpu = max(usage.ru_utime + usage.ru_stime, sum(watch.cpu.values()))
    # A process begins with the figure of the one that started it, so it is known only where it went beyond that.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = usage.ru_maxrss / 1024 if usage.ru_maxrss > own else watch.largest
    return Run(wall, cpu, largest, watch.together, not late.is_set())


def _kill(session: int, late: threading.Event) -> None:
    late.set()
    os.killpg(session, signal.SIGKILL)


class _Watch:
    """Looks at a session's processes now and then, in a thread, for as long as the block lasts.

    Attributes:
        together: As in `Run`.
        largest: MiB, the most that was seen of one process.
        cpu: Seconds of each process, when it was last seen.
    """

    def __init__(self, session: int) -> None:
        self._session = session
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.together: float | None = None
        self.largest = 0.0
        self.cpu: dict[int, float] = {}

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        rest = _LOOK_EVERY
        while not self._done.wait(rest):
            start = time.thread_time()
            self.cpu |= (seen := _session(self._session))
            held = [_held(process) for process in seen]
            if any(size for size, _ in held):
                self.together = max(self.together or 0.0, sum(size for size, _ in held))
                self.largest = max(self.largest, *(most for _, most in held))
            rest = max(_LOOK_EVERY, _REST * (time.thread_time() - start))


def _session(session: int) -> dict[int, float]:
    """The processes of a session, with their CPU seconds."""
    found = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            with suppress(OSError):  # it has ended since
                if os.getsid(int(name)) == session:
                    fields = (
                        Path(f"/proc/{name}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
                    )
                    found[int(name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _held(process: int) -> tuple[float, float]:
    """The memory of a process in MiB, of shared pages its share, and the most that it had; nothing if it has ended."""
    with suppress(OSError):
        return _sizes(process, "smaps_rollup").get("Pss", 0.0), _sizes(process, "status").get("VmHWM", 0.0)
    return 0.0, 0.0


def _sizes(process: int, file: str) -> dict[str, float]:
    """MiB by name, from a file that tells kB."""
    lines = Path(f"/proc/{process}/{file}").read_text("ascii", "replace").splitlines()
    named = (line.partition(":") for line in lines if line.endswith("kB"))
    return {name: int(size.split()[0]) / 1024 for name, _, size in named}
