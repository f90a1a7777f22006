"""Run the real kubeconform beside our own work, and read its results as the built-in engine would give them.

    run = start(root, mode)                       # None where the binary is not wanted, or not there
    ...
    verdicts = run.verdicts()                     # waits for it
    for document in documents:
        problems = verdicts.problems(document.path, document.value)

kubeconform knows neither lines nor which document of a file it means, and it tells of nested faults only in the text
of its message; all of that is mended here, so that both engines give the same problems.
"""

from __future__ import annotations

from validator.kubeconform.binary import find, locate
from validator.kubeconform.run import Run, start
from validator.kubeconform.verdicts import Result, Verdicts

__all__ = ["Result", "Run", "Verdicts", "find", "locate", "start"]
