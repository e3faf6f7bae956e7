"""A Redis server of one's own on loopback, that keeps nothing and ends with the block."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import NamedTuple

STARTING = 10.0  # seconds


class Server(NamedTuple):
    """Where it listens, and its process."""

    port: int
    process: int


def missing() -> list[str]:
    """What has to be installed first, by name."""
    wanted = {
        "redis-server (a Debian package)": shutil.which("redis-server") is None,
        "redis (a Python package)": find_spec("redis") is None,
    }
    return [name for name, lacks in wanted.items() if lacks]


@contextmanager
def redis_server() -> Iterator[Server]:
    """Start a server on a free port; it is killed at the end, and nothing of it stays.

    Raises:
        TimeoutError: It does not answer within `STARTING` seconds.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        server = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            yield Server(port, server.pid)
        finally:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"redis-server does not answer on port {port} after {STARTING:g} s")
