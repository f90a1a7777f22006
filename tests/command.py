"""Run the command in this process, as its entry point does: exit code, output and what the JSON report says."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from validator import cli

Data = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a run gave."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Data:
        found: Data = json.loads(self.out)
        return found

    @property
    def findings(self) -> list[Data]:
        found: list[Data] = self.report["findings"]
        return found

    @property
    def found(self) -> list[tuple[str, str]]:
        return [(one["name"], one["severity"]) for one in self.findings]

    @property
    def ids(self) -> list[str]:
        return sorted(one["rule"] for one in self.findings)

    def message(self, id: str) -> str:
        """Return the message of the one finding with an id."""
        found = [one["message"] for one in self.findings if one["rule"] == id]
        assert len(found) == 1, f"{len(found)} findings {id} among {self.findings}"
        return str(found[0])


def estate(*arguments: object, stdin: bytes = b"", cwd: Path | None = None) -> Result:
    """Run `estate` with arguments; where it would end the process at once, the test fails."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setattr(sys, "argv", ["estate", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(cli, "DONE", frozenset())
        patch.setattr(os, "_exit", lambda code: pytest.fail(f"would end at once with {code}: run it apart"))
        if cwd is not None:
            stack.enter_context(contextlib.chdir(cwd))
        with pytest.raises(SystemExit) as stop:
            cli.main()
        gc.enable()
    code = stop.value.code
    assert isinstance(code, int)
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
    return Result(code, *texts)
