"""Whole-process times, as a user waits for them."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: seconds on the clock, and seconds of all processors."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Runs:
    """Several runs of one program on one tree."""

    name: str
    each: tuple[Run, ...]

    @property
    def median(self) -> float:
        """Return the median time on the clock, in seconds."""
        return statistics.median(run.wall for run in self.each)

    @property
    def line(self) -> str:
        """Return a line of the table: median, least, most, and the median of processor time, in seconds."""
        walls = [run.wall for run in self.each]
        cpu = statistics.median(run.cpu for run in self.each)
        return f"  {self.name:<12} {self.median:8.3f} {min(walls):8.3f} {max(walls):8.3f} {cpu:8.3f}"


def once(command: Sequence[str]) -> Run:
    """Run a program to its end; raise RuntimeError with what it said unless it ends with 0."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"`{' '.join(command)}` ended with {process.returncode}:\n{said}")
    return Run(wall, usage.ru_utime + usage.ru_stime)


def alternating(commands: Mapping[str, Sequence[str]], rounds: int) -> list[Runs]:
    """Run the programs in turns, so that a slow minute of the machine slows all of them.

    A first round is not counted: it fills the file cache of the system, which all of them read from.
    """
    for command in commands.values():
        once(command)
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds):
        order = [*commands] if number % 2 == 0 else [*commands][::-1]
        for name in order:
            found[name].append(once(commands[name]))
    return [Runs(name, tuple(runs)) for name, runs in found.items()]
