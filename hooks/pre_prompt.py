"""Read ESTATE_FILE, if there is one, before any question is asked; runs in a temporary copy of the template."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(
        "this template needs a cookiecutter that runs on Python 3.11 or later: pipx install --python 3.12 cookiecutter"
    )
template = Path.cwd()
if (template / "validator").is_dir():
    sys.path.insert(0, str(template))

from validator.lifecycle import hooks  # noqa: E402

hooks.pre_prompt(template)
