"""What a process costs, seen from outside."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    """User and system, of the process and of all that it started, its own start included."""
    wall_s: float
    peak_mib: float
    """The most memory that the process, or one that it started, had resident."""


class Failed(Exception):
    """A process did not do what it was started for."""


def run(command: Sequence[str | Path], log: Path, environment: dict[str, str] | None = None) -> tuple[Cost, str]:
    """Runs a command to its end; gives its cost and what it printed. Its standard error goes to the file log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | (environment or {}),
        )
        with process.stdout:
            printed = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}; see {log}")
    # Linux tells the peak in KiB.
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024), printed


def size_mb(directory: Path) -> float:
    """Megabytes (10^6) of all files below a directory."""
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / 1e6
