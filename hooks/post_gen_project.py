"""Make the repository: one pass over the copied template, for every site."""

import json
import sys
from pathlib import Path

# Not the whole context: it holds the estate, which lies in the folder already.
answers = {
    "engine": json.loads(r""" << cookiecutter.engine | default(none) | tojson >> """),
    "secrets": json.loads(r""" << cookiecutter.secrets | default(none) | tojson >> """),
}
template = Path(json.loads(r""" << cookiecutter._repo_dir | tojson >> """))
if (template / "validator").is_dir():
    sys.path.insert(0, str(template))

from validator.lifecycle import hooks  # noqa: E402

hooks.forget_script(Path(__file__))
hooks.post_gen(answers, Path.cwd(), template)
