"""Check what cookiecutter's configuration and arguments made of the estate, before anything is written."""

import json
import sys
from pathlib import Path

context = json.loads(r""" << cookiecutter | tojson >> """)
template = Path(context["_repo_dir"])
if (template / "validator").is_dir():
    sys.path.insert(0, str(template))

from validator.lifecycle import hooks  # noqa: E402

hooks.forget_script(Path(__file__))
hooks.pre_gen(context, Path.cwd(), template)
